// Emoji by shortcode. The status lights are drawn, so that they look the same everywhere.
import { h } from "./dom.js";
import { SIGNS } from "./emoji_signs.js";
import { hasIcon, icon } from "./icons.js";

const LIGHTS = {
  red_circle: "red", large_red_circle: "red", large_yellow_circle: "yellow", yellow_circle: "yellow", large_orange_circle: "orange",
  large_green_circle: "green", green_circle: "green", large_blue_circle: "blue", blue_circle: "blue", white_circle: "grey",
  black_circle: "black", large_purple_circle: "purple", medium_white_circle: "grey",
};
const LIGHT_SIGNS = { "🔴": "red", "🟡": "yellow", "🟠": "orange", "🟢": "green", "🔵": "blue", "⚪": "grey", "⚫": "black", "🟣": "purple" };

function light(color, name) {
  return h("span", { class: `light light-${color}`, role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` });
}

const LETTER_A = 0x1F1E6 - "a".codePointAt(0);
const flag = (name) => (/^flag-[a-z]{2}$/.test(name) ? [...name.slice(5)].map((letter) => String.fromCodePoint(letter.codePointAt(0) + LETTER_A)).join("") : null);
// Names that every object answers to (`constructor`) are no emoji.
const listed = (table, name) => (Object.hasOwn(table, name) ? table[name] : null);
const signOf = (name) => listed(SIGNS, name) || flag(name);
// Every name that can be drawn, flags aside.
export const NAMES = [...new Set([...Object.keys(LIGHTS), ...Object.keys(SIGNS)])].sort();
const isKnown = (name) => !(name in {}) && Boolean(listed(LIGHTS, name) || hasIcon(name) || signOf(name));
const TONES = { 2: "🏻", 3: "🏼", 4: "🏽", 5: "🏾", 6: "🏿" };

// One emoji by its name; `unicode` (code points in hex, as rich text gives them) draws those not listed here.
export function emoji(name, tone = "", unicode = "") {
  if (!isKnown(name)) return /^[0-9a-f]{2,6}(-[0-9a-f]{2,6})*$/i.test(unicode) ? sign(name, fromHex(unicode)) : document.createTextNode(`:${name}:`);
  if (listed(LIGHTS, name)) return light(LIGHTS[name], name);
  return hasIcon(name) ? icon(name) : sign(name, signOf(name).replace(tone ? /\uFE0F$/ : "", "") + (TONES[tone] || ""));
}

// Whether this machine has a font with emoji: without one every sign would be the same empty box, and its name says more.
const fonts = { known: null };
function hasEmojiFont() {
  fonts.known ??= looksOf("\u{1F680}") !== looksOf("\u{10FFFD}");
  return fonts.known;
}

function looksOf(character) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 24, height: 24 });
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  brush.font = "18px sans-serif";
  brush.fillText(character, 0, 18);
  return brush.getImageData(0, 0, 24, 24).data.join();
}

function sign(name, characters) {
  const props = { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` };
  return hasEmojiFont() ? h("span", props, characters) : h("span", { ...props, class: "emoji-name" }, `:${name}:`);
}

function fromHex(unicode) {
  const points = unicode.split("-").map((hex) => parseInt(hex, 16)).filter((point) => point <= 0x10FFFF);
  return String.fromCodePoint(...points);
}

// The same signs as characters: those we can draw are drawn, the others (and plain arrows) are left to the reader's fonts.
const CHARACTERS = new Map([
  ...Object.entries(SIGNS).filter(([name, sign]) => hasIcon(name) && sign.codePointAt(0) >= 0x2600).map(([name, sign]) => [sign.replace("\uFE0F", ""), icon.bind(null, name)]),
  ...Object.entries(LIGHT_SIGNS).map(([sign, color]) => [sign, light.bind(null, color, color)]),
]);
const BARS = "[▁-▇]{2,}";
const FOUND = new RegExp(`:([a-z0-9_+'-]+):(?::skin-tone-([2-6]):)?|${BARS}|${[...CHARACTERS.keys()].join("|")}`, "gu");

const sparkline = (bars) => h("span", { class: "sparkline" }, bars);

// Words as they are, with runs of bars drawn as a light sparkline.
export function withSparklines(text) {
  return text.split(new RegExp(`(${BARS})`, "u")).map((part, index) => (index % 2 ? sparkline(part) : part)).filter((part) => part !== "");
}

const drawn = (match) => (match[1] ? emoji(match[1], match[2]) : (CHARACTERS.get(match[0]) || sparkline)(match[0]));

// Plain words with shortcodes and signs drawn.
export function withEmoji(text) {
  const parts = [];
  let last = 0;
  for (const match of text.matchAll(FOUND)) {
    const name = match[1];
    if (name && !isKnown(name)) continue;
    parts.push(text.slice(last, match.index));
    parts.push(drawn(match));
    last = match.index + match[0].length;
    if (text[last] === "\uFE0F") last += 1;
  }
  parts.push(text.slice(last));
  return parts.filter((part) => part !== "");
}
