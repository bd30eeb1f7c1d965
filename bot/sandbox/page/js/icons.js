// Small drawings of the signs messages use most, so that they look the same on every machine.
import { h, svg } from "./dom.js";

const stroke = (d, color) => ({ d, color, line: true });
const solid = (d, color) => ({ d, color });

const WARNING = [solid("M10 2.2 18.8 17.6H1.2Z", "amber"), stroke("M10 7.6v4.6M10 14.7v.2", "ink")];
const UP = [solid("M2 2h16v16H2z", "up-back"), stroke("M4.6 13.6l3.8-4.2 3 2.6 4.2-5.6M12.2 6.2h3.6v3.6", "up")];
const DOWN = [solid("M2 2h16v16H2z", "down-back"), stroke("M4.6 6.4l3.8 4.2 3-2.6 4.2 5.6M12.2 13.8h3.6v-3.6", "down")];
const CLOCK = [stroke("M10 2.6a7.4 7.4 0 1 0 .01 0ZM10 6v4.3l2.8 1.7", "blue")];
const GLASS = [stroke("M5 2.5h10M5 17.5h10M6 2.5c0 4 4 5 4 7.5s-4 3.500-4 7.500M14 2.500c0 4-4 5-4 7.500s4 3.500 4 7.500", "amber")];
const BELL = [solid("M10 2a1.300 1.300 0 0 1 1.300 1.500A5.200 5.200 0 0 1 15.200 8.600V12l1.600 2.400H3.200L4.800 12V8.600a5.200 5.200 0 0 1 3.900-5.100A1.300 1.300 0 0 1 10 2ZM8 15.500h4a2 2 0 0 1-4 0Z", "amber")];
const PERSON = [solid("M10 3a3.600 3.600 0 1 0 .01 0ZM3.200 17.500c0-4 3-6.300 6.800-6.300s6.800 2.300 6.800 6.300Z", "blue")];
const NOTE = [solid("M4 2h9l3.500 3.500V18H4z", "paper"), stroke("M7 8h6.500M7 11h6.500M7 14h4", "blue")];
const arrow = (turn) => [solid("M2 2h16v16H2z", "blue-back"), { ...stroke("M10 15V5.400M5.800 9.400 10 5.200l4.200 4.200", "blue"), turn }];

const ICONS = {
  warning: WARNING, rotating_light: [solid("M4.500 14V10a5.500 5.500 0 0 1 11 0v4ZM3 15.200h14V18H3z", "down"), stroke("M10 1v2M2.500 4.500 4 6M17.500 4.500 16 6", "down")],
  bell: BELL, no_bell: [...BELL, stroke("M3 3l14 14", "down")],
  white_check_mark: [solid("M2 4a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2z", "up"), stroke("M5.800 10.300l3 3 5.600-6.400", "white")],
  heavy_check_mark: [stroke("M4 10.800l4 4L16 5.800", "up")], x: [stroke("M5 5l10 10M15 5 5 15", "down")],
  hourglass: GLASS, hourglass_flowing_sand: GLASS, alarm_clock: CLOCK, stopwatch: CLOCK, clock1: CLOCK, clock8: CLOCK, clock9: CLOCK,
  chart_with_upwards_trend: UP, chart_with_downwards_trend: DOWN,
  bar_chart: [solid("M3 11h3.600v6.500H3z", "up"), solid("M8.200 6h3.600v11.500H8.200z", "blue"), solid("M13.400 2.500H17v15h-3.600z", "amber")],
  arrow_up: arrow(0), arrow_upper_right: arrow(45), arrow_right: arrow(90), arrow_lower_right: arrow(135), arrow_down: arrow(180), arrow_left: arrow(270),
  small_red_triangle: [solid("M10 3.500 17.500 16.500h-15Z", "down")], small_red_triangle_down: [solid("M10 16.500 2.500 3.500h15Z", "down")],
  bust_in_silhouette: PERSON, busts_in_silhouette: PERSON, memo: NOTE, pencil: NOTE, clipboard: NOTE, page_facing_up: NOTE,
  mag: [stroke("M8.500 3a5.500 5.500 0 1 0 .01 0ZM12.600 12.600 17 17", "blue")],
  bulb: [solid("M10 2a5.600 5.600 0 0 1 3 10.300c-.6.500-.800 1-.800 1.700H7.800c0-.700-.200-1.200-.800-1.700A5.600 5.600 0 0 1 10 2ZM7.800 15.200h4.400v1.600l-1.200 1.200H9l-1.200-1.200z", "amber")],
  dart: [stroke("M10 2.600a7.400 7.400 0 1 0 .01 0ZM10 6.400a3.600 3.600 0 1 0 .01 0Z", "down"), solid("M10 8.800a1.200 1.200 0 1 0 .01 0Z", "down")],
  lock: [solid("M4 9h12v9H4z", "amber"), stroke("M6.600 9V6.400a3.400 3.400 0 0 1 6.800 0V9", "grey")],
  star: [solid("M10 1.800l2.500 5.300 5.700.7-4.200 4 1.100 5.700L10 14.700l-5.100 2.800L6 11.800l-4.200-4 5.700-.7Z", "amber")],
  zap: [solid("M11.500 1.500 3.500 11.500h5l-1 7 8.500-10.500h-5.500z", "amber")], sunny: [solid("M10 6a4 4 0 1 0 .01 0Z", "amber"), stroke("M10 1.500v2M10 16.500v2M1.500 10h2M16.500 10h2M4 4l1.400 1.400M14.600 14.600 16 16M4 16l1.400-1.400M14.600 5.400 16 4", "amber")],
  calendar: [solid("M2.500 4h15v13.500h-15z", "paper"), solid("M2.500 4h15v4h-15z", "down"), stroke("M6 2v3.500M14 2v3.500", "grey")],
  zzz: [stroke("M3 4h6l-6 7h6M11.500 10H17l-5.500 6.500H17", "blue")], speech_balloon: [solid("M2 4h16v10H9l-4 4v-4H2z", "blue")],
  no_entry: [solid("M10 2a8 8 0 1 0 .01 0Z", "down"), stroke("M5.500 10h9", "white")], repeat: [stroke("M4 10V8.500A2.500 2.500 0 0 1 6.500 6H15M12.500 3.500 15 6l-2.500 2.500M16 10v1.500a2.500 2.500 0 0 1-2.500 2.500H5M7.500 16.500 5 14l2.500-2.500", "blue")],
  checkered_flag: [stroke("M4.500 2v16", "grey"), solid("M5 3h11l-2.500 4 2.500 4H5z", "up")], triangular_flag_on_post: [stroke("M4.500 2v16", "grey"), solid("M5 3l11 4.500L5 12z", "down")],
  link: [stroke("M8.500 11.500l3-3M9.500 5.500l1.500-1.500a3.500 3.500 0 0 1 5 5L14.500 10.500M10.500 14.500 9 16a3.500 3.500 0 0 1-5-5l1.500-1.500", "blue")],
  eyes: [solid("M5.800 4.500c2.300 0 3.800 2.400 3.800 5.500s-1.500 5.500-3.800 5.500S2 13.100 2 10s1.500-5.500 3.800-5.500ZM14.200 4.500c2.300 0 3.800 2.400 3.800 5.500s-1.500 5.500-3.800 5.500-3.800-2.400-3.800-5.500 1.500-5.500 3.800-5.500Z", "paper"), stroke("M5.800 4.500c2.300 0 3.800 2.400 3.800 5.500s-1.500 5.500-3.800 5.500S2 13.100 2 10s1.500-5.500 3.800-5.500ZM14.200 4.500c2.300 0 3.800 2.400 3.800 5.500s-1.500 5.500-3.800 5.500-3.800-2.400-3.800-5.500 1.500-5.500 3.800-5.500Z", "grey"), stroke("M7 10.200v1.300M15.400 10.200v1.300", "ink")],
  thumbsup: [solid("M2.500 9h3.500v8.500H2.500zM7 9l3-6.500c1.600 0 2.400 1 2.200 2.500L11.800 8h4.700c1 0 1.600.9 1.400 1.900l-1.300 6.200c-.2.900-.8 1.400-1.700 1.400H9.500L7 16.500z", "amber")],
  heart: [solid("M10 17C4 12.800 2 10.200 2 7.300 2 5 3.700 3.300 5.900 3.300c1.700 0 3.100.9 4.100 2.600 1-1.700 2.400-2.600 4.100-2.600C16.300 3.300 18 5 18 7.300c0 2.900-2 5.500-8 9.700Z", "down")],
  trophy: [solid("M5.500 2h9v5a4.500 4.500 0 0 1-9 0zM9 11h2v4h3v2.500H6V15h3z", "amber"), stroke("M5.500 4H3c0 3 1 4.500 3 5M14.500 4H17c0 3-1 4.500-3 5", "amber")],
  question: [solid("M10 2a8 8 0 1 0 .01 0Z", "grey-back"), stroke("M7.400 7.600a2.600 2.600 0 1 1 3.800 2.300c-.8.450-1.200.9-1.200 1.700M10 14.300v.2", "grey")],
  moneybag: [solid("M7.500 2h5L11 5.500c3.500 1.500 6 5 6 8 0 3-2 4.500-7 4.500s-7-1.500-7-4.500c0-3 2.500-6.500 6-8z", "amber"), stroke("M11.800 9.800c-1.500-1-3.800-.5-3.800.9 0 2 4 1 4 2.900 0 1.400-2.500 1.900-4 .8M10 8.500v7", "ink")],
  information_source: [solid("M10 2a8 8 0 1 0 .01 0Z", "blue"), stroke("M10 9.500v4.500M10 6.200v.2", "white")],
};
const SAME = { "+1": "thumbsup", date: "calendar", spiral_calendar_pad: "calendar", pencil2: "memo", loudspeaker: "bell", mega: "bell", octagonal_sign: "no_entry", no_entry_sign: "no_entry", star2: "star", sparkles: "star", repeat_one: "repeat", arrows_counterclockwise: "repeat", exclamation: "warning", grey_question: "question", ballot_box_with_check: "white_check_mark", sunrise: "sunny" };

const known = (name) => ICONS[name] || ICONS[SAME[name]];
export const hasIcon = (name) => Boolean(known(name)?.length);

export function icon(name) {
  const paths = known(name).map((part) => svg("path", { d: part.d, class: `${part.line ? "ink-line" : "ink-fill"} ${part.line ? "line" : "tone"}-${part.color}`, ...(part.turn ? { transform: `rotate(${part.turn} 10 10)` } : {}) }));
  return h("span", { class: "icon", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` }, svg("svg", { viewBox: "0 0 20 20" }, paths));
}

export const padlock = () => svg("svg", { viewBox: "0 0 16 16", class: "padlock", "aria-hidden": "true" }, svg("path", { d: "M3 7.500h10V14H3zM5 7.500V5a3 3 0 0 1 6 0v2.500" }));
