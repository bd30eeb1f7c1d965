// rich_text blocks: sections, nested lists, quotes and code, with every kind of leaf.
import { h } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { broadcast, channelLink, groupMention, link, mention } from "./mentions.js";
import { dateWords, fromUnix } from "./times.js";

const STYLES = { code: "code", strike: "s", italic: "em", bold: "strong", underline: "u" };

function leaf(part, begins) {
  const node = Object.hasOwn(LEAVES, part.type) ? LEAVES[part.type](part, begins) : `[${part.type}]`;
  return Object.entries(STYLES).reduce((inner, [name, tag]) => (part.style?.[name] ? h(tag, {}, inner) : inner), node);
}

const LEAVES = {
  text: (part) => inLines(part.text || "", part.style?.code ? (line) => [line] : withEmoji),
  link: (part) => link(part.url, part.text),
  emoji: (part) => emoji(part.name, part.skin_tone, part.unicode),
  user: (part) => mention(part.user_id),
  channel: (part) => channelLink(part.channel_id),
  usergroup: (part) => groupMention(part.usergroup_id),
  team: (part) => h("span", { class: "mention" }, `@${part.team_id}`),
  broadcast: (part) => broadcast(part.range),
  date: dateLeaf,
  color: colorLeaf,
};

const inLines = (text, draw) => text.split("\n").flatMap((line, index) => (index ? [h("br"), ...draw(line)] : draw(line)));

function zone(name) {
  try { new Intl.DateTimeFormat("en", { timeZone: name }); return name; } catch { return undefined; }
}

function dateLeaf(part, begins) {
  const date = fromUnix(part.timestamp);
  if (!date || !part.format) return part.fallback || "";
  const words = h("time", { dateTime: date.toISOString(), title: part.fallback || null }, dateWords(date, part.format, begins, part.timezone ? zone(part.timezone) : undefined));
  return part.url ? link(part.url, words) : words;
}

function colorLeaf(part) {
  const swatch = h("span", { class: "color-leaf", "aria-hidden": "true" });
  if (/^#[0-9a-f]{3,8}$/i.test(part.value)) swatch.style.background = part.value;
  return h("span", { class: "color" }, swatch, part.value);
}

const leaves = (part) => (part.elements || []).map((one, index) => leaf(one, index === 0));
const bordered = (part) => (part.border ? " bordered" : "");

function list(part) {
  const ordered = part.style === "ordered";
  const depth = Math.max(0, Math.min(8, part.indent || 0));
  return h(ordered ? "ol" : "ul", { class: `indent-${depth} mark-${depth % 3}${bordered(part)}`, start: ordered && part.offset ? part.offset + 1 : null }, part.elements.map((item) => h("li", {}, leaves(item))));
}

const raw = (part) => (part.elements || []).map((one) => (one.type === "link" ? link(one.url, one.text) : one.text || ""));

const PARTS = {
  rich_text_list: list,
  rich_text_quote: (part) => h("blockquote", {}, leaves(part)),
  rich_text_preformatted: (part) => h("pre", { class: bordered(part).trim() }, raw(part)),
  rich_text_section: (part) => h("p", {}, leaves(part)),
};

export function richText(block) {
  return h("div", { class: "rich" }, (block.elements || []).map((part) => (Object.hasOwn(PARTS, part.type) ? PARTS[part.type](part) : h("p", {}, `[${part.type}]`))));
}
