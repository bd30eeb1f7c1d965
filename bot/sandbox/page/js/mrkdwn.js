// Slack's mrkdwn: fences, quotes, bold, italic, strike, code, bare addresses, and the tokens in angle brackets.
import { h } from "./dom.js";
import { withEmoji, withSparklines } from "./emoji.js";
import { BROADCASTS, broadcast, channelLink, groupMention, isSafe, link, mention } from "./mentions.js";
import { dateWords, fromUnix } from "./times.js";

export const decode = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
export const encode = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const DEEPEST = 12;

// One token without its brackets, as Slack reads it; words that are no token come back as they stood.
export function token(inner, begins) {
  const bar = inner.indexOf("|");
  const body = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? "" : decode(inner.slice(bar + 1));
  if (/^@[A-Z0-9]+$/.test(body)) return mention(body.slice(1), label.replace(/^@/, ""));
  if (/^#[A-Z0-9]+$/.test(body)) return channelLink(body.slice(1), label.replace(/^#/, ""));
  if (body.startsWith("!subteam^")) return groupMention(body.slice(9), label);
  if (body.startsWith("!date^")) return dateToken(body, label, begins);
  if (BROADCASTS.includes(body.slice(1)) && body[0] === "!") return broadcast(body.slice(1));
  if (body.startsWith("!")) return label || decode(`<${inner}>`);
  return isSafe(decode(body)) ? link(decode(body), label) : decode(`<${inner}>`);
}

function dateToken(body, fallback, begins) {
  const [, unix, pattern, ...address] = body.split("^");
  const date = /^-?\d+$/.test(unix || "") ? fromUnix(unix) : null;
  if (!date || !pattern) return fallback;
  const words = h("time", { dateTime: date.toISOString(), title: fallback }, dateWords(date, decode(pattern), begins));
  return address.length ? link(decode(address.join("^")), words) : words;
}

const MARKS = { "*": "strong", _: "em", "~": "s" };
const word = (sign) => sign !== undefined && /[\p{L}\p{N}]/u.test(sign);
const BARE = /https?:\/\/[^\s<>|"]+|[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/iy;

// `begins`: the text stands at the start of its line, so that a date in front has a capital; `links`: bare addresses become links.
export function inline(text, begins = true, links = true, depth = 0) {
  const parts = [];
  let plain = "";
  let blank = begins;
  const flush = () => { if (plain) parts.push(...withEmoji(decode(plain))); plain = ""; };
  for (let at = 0; at < text.length; ) {
    const found = depth < DEEPEST ? special(text, at, blank, links, depth) : null;
    if (found) { flush(); parts.push(found.node); at = found.end; blank = false; } else { if (text[at].trim()) blank = false; plain += text[at]; at += 1; }
  }
  flush();
  return parts;
}

function special(text, at, begins, links, depth) {
  const sign = text[at];
  if (sign === "`") {
    const end = closingTick(text, at);
    return end ? { node: h("code", {}, coded(text.slice(at + 1, end))), end: end + 1 } : null;
  }
  if (sign === "<") {
    const end = text.indexOf(">", at);
    return end > at + 1 ? { node: token(text.slice(at + 1, end), begins), end: end + 1 } : null;
  }
  if (MARKS[sign] && !word(text[at - 1]) && text[at - 1] !== sign && /\S/.test(text[at + 1] || "")) {
    const end = closing(text, at, sign);
    return end ? { node: h(MARKS[sign], {}, inline(text.slice(at + 1, end), begins, links, depth + 1)), end: end + 1 } : null;
  }
  return links && !word(text[at - 1]) ? bare(text, at) : null;
}

// A bare address up to the punctuation that ends its sentence.
function bare(text, at) {
  BARE.lastIndex = at;
  const found = BARE.exec(text)?.[0].replace(/(?:[.,;:!?'")\]*_~]|&(?:gt|lt);.*)+$/, "");
  if (!found) return null;
  const url = decode(found);
  return { node: link(/^https?:/i.test(url) ? url : `mailto:${url}`, url), end: at + found.length };
}

function closingTick(text, at) {
  const end = text.indexOf("`", at + 1);
  return end > at + 1 && !text.slice(at, end).includes("\n") ? end : 0;
}

function closing(text, at, sign) {
  for (let end = at + 1; end < text.length; end += 1) {
    if (text[end] === "\n") return 0;
    if (text[end] === "<") { const close = text.indexOf(">", end); if (close > 0) end = close; continue; }
    if (text[end] === "`" && closingTick(text, end)) { end = closingTick(text, end); continue; }
    if (text[end] === sign && end > at + 1 && /\S/.test(text[end - 1]) && !word(text[end + 1])) return end;
  }
  return 0;
}

// Inside code nothing is marked up; only tokens are still read.
function coded(text) {
  return text.split(/(<[^<>\n]+>)/).flatMap((part, index) => (index % 2 ? [token(part.slice(1, -1), false)] : withSparklines(decode(part))));
}

const QUOTED = /^(?:&gt;|>) ?(?!&gt;&gt;|>>)(.*)$/;
const QUOTED_TO_THE_END = /^(?:&gt;&gt;&gt;|>>>) ?/;

function lines(text, links) {
  const rows = text.split("\n");
  const parts = [];
  let follows = false;
  for (let at = 0; at < rows.length; ) {
    const quoted = quotedRows(rows, at);
    if (quoted.length) parts.push(h("blockquote", {}, joined(quoted, links)));
    else parts.push(...(follows ? [h("br")] : []), ...inline(rows[at], true, links));
    follows = !quoted.length;
    at += quoted.length || 1;
  }
  return parts;
}

// The rows of a quote that begins here; after three signs everything to the end is quoted.
function quotedRows(rows, at) {
  if (QUOTED_TO_THE_END.test(rows[at])) return [rows[at].replace(QUOTED_TO_THE_END, ""), ...rows.slice(at + 1)];
  const quoted = [];
  for (let end = at; end < rows.length && QUOTED.test(rows[end]); end += 1) quoted.push(QUOTED.exec(rows[end])[1]);
  return quoted;
}

const joined = (rows, links) => rows.flatMap((row, index) => (index ? [h("br"), ...inline(row, true, links)] : inline(row, true, links)));

export function mrkdwn(text, { links = true } = {}) {
  return String(text || "").split("```").flatMap((part, index, all) => {
    const fenced = index % 2 === 1 && index < all.length - 1;
    if (fenced) return [h("pre", {}, coded(part.replace(/^\n|\n$/g, "")))];
    return part ? lines(index % 2 === 1 ? "```" + part : part.replace(/^\n(?=.)/, index ? "" : "\n"), links) : [];
  });
}

export function textObject(object) {
  if (!object) return [];
  if (typeof object === "string") return withEmoji(object);
  if (object.type === "mrkdwn") return mrkdwn(object.text, { links: !object.verbatim });
  return object.emoji === false ? [object.text] : withEmoji(object.text || "");
}
