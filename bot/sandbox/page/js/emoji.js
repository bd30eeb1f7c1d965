// Emoji by shortcode. The status lights are drawn, so that they look the same everywhere.
import { h } from "./dom.js";
import { hasIcon, icon } from "./icons.js";

const LIGHTS = {
  red_circle: "red", large_red_circle: "red", large_yellow_circle: "yellow", yellow_circle: "yellow", large_orange_circle: "orange",
  large_green_circle: "green", green_circle: "green", large_blue_circle: "blue", blue_circle: "blue", white_circle: "grey",
  black_circle: "black", large_purple_circle: "purple", medium_white_circle: "grey",
};
const LIGHT_SIGNS = { "🔴": "red", "🟡": "yellow", "🟠": "orange", "🟢": "green", "🔵": "blue", "⚪": "grey", "⚫": "black", "🟣": "purple" };
const SIGNS = {
  warning: "⚠️", rotating_light: "🚨", bell: "🔔", no_bell: "🔕", white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", alarm_clock: "⏰", stopwatch: "⏱️", clock1: "🕐", clock8: "🕗", clock9: "🕘",
  chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", bar_chart: "📊", arrow_up: "⬆️", arrow_down: "⬇️", arrow_right: "➡️",
  arrow_left: "⬅️", arrow_upper_right: "↗️", arrow_lower_right: "↘️", arrow_up_small: "🔼", arrow_down_small: "🔽", small_red_triangle: "🔺",
  small_red_triangle_down: "🔻", left_right_arrow: "↔️", arrows_counterclockwise: "🔄", repeat: "🔁", eyes: "👀", bulb: "💡", mag: "🔍",
  memo: "📝", pencil: "📝", pencil2: "✏️", lock: "🔒", unlock: "🔓", key: "🔑", star: "⭐", star2: "🌟", sparkles: "✨", tada: "🎉", rocket: "🚀", fire: "🔥",
  calendar: "📆", date: "📅", spiral_calendar_pad: "🗓️", pushpin: "📌", link: "🔗", bust_in_silhouette: "👤", busts_in_silhouette: "👥",
  speech_balloon: "💬", zzz: "💤", mute: "🔇", information_source: "ℹ️", question: "❓", grey_question: "❔", exclamation: "❗", wave: "👋",
  thumbsup: "👍", "+1": "👍", thumbsdown: "👎", "-1": "👎", raised_hand: "✋", raising_hand: "🙋", clap: "👏", pray: "🙏", muscle: "💪",
  checkered_flag: "🏁", triangular_flag_on_post: "🚩", trophy: "🏆", medal: "🏅", first_place_medal: "🥇", gear: "⚙️", hammer_and_wrench: "🛠️",
  wrench: "🔧", clipboard: "📋", page_facing_up: "📄", books: "📚", dart: "🎯", sunny: "☀️", sunrise: "🌅", coffee: "☕", crown: "👑",
  office: "🏢", moneybag: "💰", dollar: "💵", euro: "💶", credit_card: "💳", package: "📦", shield: "🛡️", stethoscope: "🩺", robot_face: "🤖",
  compass: "🧭", world_map: "🗺️", globe_with_meridians: "🌐", seedling: "🌱", thermometer: "🌡️", zap: "⚡", boom: "💥", construction: "🚧", no_entry: "⛔",
  no_entry_sign: "🚫", octagonal_sign: "🛑", inbox_tray: "📥", outbox_tray: "📤", email: "📧", envelope: "✉️", telephone_receiver: "📞", loudspeaker: "📢",
  mega: "📣", new: "🆕", ok: "🆗", up: "🆙", one: "1️⃣", two: "2️⃣", three: "3️⃣", point_right: "👉", point_down: "👇", slightly_smiling_face: "🙂",
  smile: "😄", thinking_face: "🤔", heart: "❤️", handshake: "🤝", black_small_square: "▪️", small_blue_diamond: "🔹", small_orange_diamond: "🔸", heavy_minus_sign: "➖", heavy_plus_sign: "➕",
  crescent_moon: "🌙", moon: "🌙", mailbox: "📫", label: "🏷️", scales: "⚖️", balance_scale: "⚖️", handbag: "👜", shopping_trolley: "🛒", computer: "💻", desktop_computer: "🖥️",
};

function light(color, name) {
  return h("span", { class: `light light-${color}`, role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` });
}

export function emoji(name) {
  if (LIGHTS[name]) return light(LIGHTS[name], name);
  if (hasIcon(name)) return icon(name);
  if (SIGNS[name]) return h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " ") }, SIGNS[name]);
  return document.createTextNode(`:${name}:`);
}

// The same signs as characters: those we can draw are drawn, the others (and plain arrows) are left to the reader's fonts.
const CHARACTERS = new Map([
  ...Object.entries(SIGNS).filter(([name, sign]) => hasIcon(name) && sign.codePointAt(0) >= 0x2600).map(([name, sign]) => [sign.replace("\uFE0F", ""), icon.bind(null, name)]),
  ...Object.entries(LIGHT_SIGNS).map(([sign, color]) => [sign, light.bind(null, color, color)]),
]);
const BARS = "[▁-▇]{2,}";
const FOUND = new RegExp(`:([a-z0-9_+'-]+):|${BARS}|${[...CHARACTERS.keys()].join("|")}`, "gu");

const sparkline = (bars) => h("span", { class: "sparkline" }, bars);

// Words as they are, with runs of bars drawn as a light sparkline.
export function withSparklines(text) {
  return text.split(new RegExp(`(${BARS})`, "u")).map((part, index) => (index % 2 ? sparkline(part) : part)).filter((part) => part !== "");
}

const drawn = (match) => (match[1] ? emoji(match[1]) : (CHARACTERS.get(match[0]) || sparkline)(match[0]));

// Plain words with shortcodes and signs drawn.
export function withEmoji(text) {
  const parts = [];
  let last = 0;
  for (const match of text.matchAll(FOUND)) {
    const name = match[1];
    if (name && !LIGHTS[name] && !hasIcon(name) && !SIGNS[name]) continue;
    parts.push(text.slice(last, match.index));
    parts.push(drawn(match));
    last = match.index + match[0].length;
    if (text[last] === "\uFE0F") last += 1;
  }
  parts.push(text.slice(last));
  return parts.filter((part) => part !== "");
}
