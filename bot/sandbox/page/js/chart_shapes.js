// The shapes of a chart: lines, areas, bars and slices, each with its value when pointed at.
import { svg } from "./dom.js";

const exact = new Intl.NumberFormat("en", { maximumFractionDigits: 4 });
const tip = (series, point) => svg("title", {}, `${series.name} · ${point.label}: ${exact.format(point.value)}`);
const place = (one, frame) => one.data.map((point, index) => `${frame.x(index).toFixed(1)},${frame.y(point.value).toFixed(1)}`);

export const lines = (chart, frame) => chart.series.map((one, number) => [
  // One line alone is easier to follow with a light ground under it.
  chart.series.length === 1 && one.data.length > 1 ? ground(one, number, frame, frame.floor) : null,
  line(one, number, frame, isLevel(chart, one)),
  isLevel(chart, one) ? null : dots(one, number, frame),
]);

// A line beside others that never changes, such as a target, is dashed.
export const isLevel = (chart, one) => chart.series.length > 1 && one.data.length > 2 && one.data.every((point) => point.value === one.data[0].value);

export function areas(chart, frame) {
  const base = frame.y(Math.max(frame.axis.low, Math.min(0, frame.axis.high)));
  return chart.series.map((one, number) => [one.data.length > 1 ? ground(one, number, frame, base) : null, line(one, number, frame, false), dots(one, number, frame)]);
}

function ground(one, number, frame, base) {
  return svg("path", { class: `chart-area fill-${number}`, d: `M${frame.x(0)},${base}L${place(one, frame).join("L")}L${frame.x(one.data.length - 1)},${base}Z` });
}

function line(one, number, frame, level) {
  return svg("polyline", { class: `chart-line stroke-${number}${level ? " chart-level" : number > 5 ? " chart-second" : ""}`, points: place(one, frame).join(" ") }, level ? tip(one, one.data[0]) : []);
}

// A dot for each point, in a wider ring that nobody sees but every pointer finds.
function dots(one, number, frame) {
  const last = one.data.length - 1;
  return one.data.map((point, index) => svg("g", {}, tip(one, point),
    svg("circle", { class: "chart-hit", cx: frame.x(index), cy: frame.y(point.value), r: 9 }),
    svg("circle", { class: `chart-dot fill-${number}${index === last ? " chart-last" : ""}`, cx: frame.x(index), cy: frame.y(point.value), r: index === last ? 4 : 2.6 })));
}

export function bars(chart, frame) {
  const count = chart.series.length;
  const width = Math.min(36, (frame.slot * 0.78) / count);
  const gap = Math.min(2, width * 0.2);
  const zero = frame.y(0);
  return chart.series.map((one, number) => one.data.map((point, index) => {
    const top = Math.min(frame.y(point.value), zero);
    const left = frame.x(index) - (width * count) / 2 + width * number;
    return svg("rect", { class: `chart-bar fill-${number}`, x: left + gap / 2, y: top, width: width - gap, height: Math.max(1, Math.abs(frame.y(point.value) - zero)), rx: Math.min(3, width / 4) }, tip(one, point));
  }));
}

export function pieSlices(segments, total) {
  let angle = -Math.PI / 2;
  const at = (turn, radius) => [100 + radius * Math.cos(turn), 100 + radius * Math.sin(turn)].map((one) => one.toFixed(2));
  return segments.map((one, number) => {
    const part = one.value / total;
    const end = angle + part * Math.PI * 2;
    const words = svg("title", {}, `${one.label}: ${exact.format(one.value)}`);
    const [x, y] = at((angle + end) / 2, segments.length === 1 ? 0 : 62);
    const shape = part > 0.9999 ? svg("circle", { class: `chart-slice fill-${number}`, cx: 100, cy: 100, r: 94 }, words)
      : svg("path", { class: `chart-slice fill-${number}`, d: `M100,100L${at(angle, 94)}A94,94 0 ${part > 0.5 ? 1 : 0} 1 ${at(end, 94)}Z` }, words);
    angle = end;
    return [shape, part >= 0.08 ? svg("text", { class: "chart-share", x, y: Number(y) + 4, "text-anchor": "middle" }, `${Math.round(part * 100)}%`) : null];
  });
}
