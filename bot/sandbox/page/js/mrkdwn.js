// Slack's mrkdwn: fences, quotes, bold, italic, strike, code, and the tokens in angle brackets.
import { h } from "./dom.js";
import { withEmoji, withSparklines } from "./emoji.js";
import { group, person, room, state, view } from "./state.js";
import { dateWords } from "./times.js";

const decode = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
export const encode = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const SAFE = /^(https?:|mailto:)/i;

export function link(url, label) {
  if (!SAFE.test(url)) return h("span", {}, label || url);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label || url.replace(/^mailto:/, ""));
}

export function mention(id, fallback) {
  const name = id === state.app.id ? state.app.name : person(id)?.real_name || fallback || id;
  return h("span", { class: `mention${id === view.user ? " mention-me" : ""}` }, `@${name}`);
}

export function channelLink(id, fallback) {
  const found = room(id);
  return found ? h("a", { class: "mention", href: `#/${id}` }, `#${found.name}`) : h("span", { class: "mention" }, `#${fallback || "private-channel"}`);
}

export function groupMention(id, fallback) {
  return h("span", { class: "mention" }, `@${group(id)?.handle || (fallback || id).replace(/^@/, "")}`);
}

function token(inner, begins) {
  const bar = inner.indexOf("|");
  const body = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? "" : decode(inner.slice(bar + 1));
  if (body.startsWith("@")) return mention(body.slice(1), label);
  if (body.startsWith("#")) return channelLink(body.slice(1), label);
  if (body.startsWith("!subteam^")) return groupMention(body.slice(9), label);
  if (body.startsWith("!date^")) return dateToken(body, label, begins);
  if (body.startsWith("!")) return h("span", { class: "mention mention-me" }, `@${body.slice(1).split("^")[0]}`);
  return SAFE.test(body) ? link(decode(body), label) : decode(`<${inner}>`);
}

function dateToken(body, fallback, begins) {
  const [, unix, pattern, url] = body.split("^");
  if (!/^\d+$/.test(unix || "") || !pattern) return fallback;
  const words = h("time", { dateTime: new Date(Number(unix) * 1000).toISOString(), title: fallback }, dateWords(unix, pattern, begins));
  return url ? link(decode(url), words) : words;
}

const MARKS = { "*": "strong", _: "em", "~": "s" };
const word = (sign) => sign !== undefined && /[\p{L}\p{N}]/u.test(sign);

// `begins`: the text stands at the start of its line, so that a date in front has a capital.
export function inline(text, begins = true) {
  const parts = [];
  let plain = "";
  const flush = () => { if (plain) parts.push(...withEmoji(decode(plain))); plain = ""; };
  for (let at = 0; at < text.length; ) {
    const found = special(text, at, begins && !text.slice(0, at).trim());
    if (found) { flush(); parts.push(found.node); at = found.end; } else { plain += text[at]; at += 1; }
  }
  flush();
  return parts;
}

function special(text, at, begins) {
  const sign = text[at];
  if (sign === "`") {
    const end = text.indexOf("`", at + 1);
    return end > at + 1 ? { node: h("code", {}, withSparklines(decode(text.slice(at + 1, end)))), end: end + 1 } : null;
  }
  if (sign === "<") {
    const end = text.indexOf(">", at);
    return end > at + 1 ? { node: token(text.slice(at + 1, end), begins), end: end + 1 } : null;
  }
  if (MARKS[sign] && !word(text[at - 1]) && text[at - 1] !== sign && /\S/.test(text[at + 1] || "")) {
    const end = closing(text, at, sign);
    return end ? { node: h(MARKS[sign], {}, inline(text.slice(at + 1, end), begins)), end: end + 1 } : null;
  }
  return null;
}

function closing(text, at, sign) {
  for (let end = at + 2; end < text.length; end += 1) {
    if (text[end] === "\n") return 0;
    if (text[end] === "<") { const close = text.indexOf(">", end); if (close > 0) end = close; continue; }
    if (text[end] === sign && /\S/.test(text[end - 1]) && !word(text[end + 1])) return end;
  }
  return 0;
}

function lines(text) {
  const rows = [];
  let quote = [];
  const endQuote = () => { if (quote.length) rows.push(h("blockquote", {}, joined(quote))); quote = []; };
  for (const line of text.split("\n")) {
    const quoted = /^(&gt;|>) ?(.*)$/.exec(line);
    if (quoted) quote.push(quoted[2]);
    else { endQuote(); rows.push(line); }
  }
  endQuote();
  const parts = [];
  rows.forEach((row, index) => {
    if (typeof row !== "string") { parts.push(row); return; }
    parts.push(...inline(row));
    if (index < rows.length - 1 && typeof rows[index + 1] === "string") parts.push(h("br"));
  });
  return parts;
}

const joined = (rows) => rows.flatMap((row, index) => (index ? [h("br"), ...inline(row)] : inline(row)));

export function mrkdwn(text) {
  return String(text || "").split("```").flatMap((part, index, all) => {
    const fenced = index % 2 === 1 && index < all.length - 1;
    if (fenced) return [h("pre", {}, withSparklines(decode(part.replace(/^\n|\n$/g, ""))))];
    return part ? lines(index % 2 === 1 ? "```" + part : part.replace(/^\n(?=.)/, index ? "" : "\n")) : [];
  });
}

export function textObject(object) {
  if (!object) return [];
  if (typeof object === "string") return withEmoji(object);
  return object.type === "mrkdwn" ? mrkdwn(object.text) : object.emoji === false ? [object.text] : withEmoji(object.text || "");
}
