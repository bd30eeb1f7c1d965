// Markdown blocks: a small reader of ordinary Markdown that builds elements, so that HTML in it stays words.
import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { link } from "./mentions.js";
import { token } from "./mrkdwn.js";

const DEEPEST = 10;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])(?:\s+(.*)|$)/;
const FENCE = /^\s{0,3}(`{3,}|~{3,})\s*([\w+-]*)\s*$/;
const RULE = /^\s{0,3}([-*_])(?:\s*\1){2,}\s*$/;
const TABLE_LINE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

// -- inside a line ------------------------------------------------------------------------------------------

const word = (sign) => sign !== undefined && /[\p{L}\p{N}]/u.test(sign);
const LINK = /!?\[((?:[^[\]\\]|\\.|\[[^[\]]*\])*)\]\(\s*<?((?:[^\s()<>\\]|\\.|\([^\s()]*\))*)>?(?:\s+"[^"]*")?\s*\)/y;
const ANGLES = /<([^<>\s][^<>\n]*)>/y;
const BARE = /https?:\/\/[^\s<>|"]+/iy;
const TAGS = { "**": "strong", __: "strong", "*": "em", _: "em", "~~": "s", "~": "s" };

const at = (pattern, text, index) => { pattern.lastIndex = index; return pattern.exec(text); };

export function markdownInline(text, depth = 0) {
  const parts = [];
  let plain = "";
  const flush = () => { if (plain) parts.push(...withEmoji(plain)); plain = ""; };
  for (let index = 0; index < text.length; ) {
    const found = depth < DEEPEST ? marked(text, index, depth) : null;
    if (found?.words) plain += found.words; else if (found) { flush(); parts.push(found.node); } else plain += text[index];
    index = found ? found.end : index + 1;
  }
  flush();
  return parts;
}

function marked(text, index, depth) {
  const sign = text[index];
  if (sign === "\\") return /[!-/:-@[-`{-~]/.test(text[index + 1] || "") ? { words: text[index + 1], end: index + 2 } : null;
  if (sign === "\n") return { node: h("br"), end: index + 1 };
  if (sign === "`") return codeSpan(text, index);
  if (sign === "[" || (sign === "!" && text[index + 1] === "[")) return linked(text, index, depth);
  if (sign === "<") { const found = at(ANGLES, text, index); return found ? { node: token(found[1], false), end: index + found[0].length } : null; }
  if (sign === "*" || sign === "_" || sign === "~") return emphasis(text, index, depth);
  return sign.toLowerCase() === "h" && !word(text[index - 1]) ? address(text, index) : null;
}

function codeSpan(text, index) {
  const run = /^`+/.exec(text.slice(index, index + 20))[0];
  const close = text.indexOf(run, index + run.length);
  if (close < 0 || text[close + run.length] === "`") return { words: run, end: index + run.length };
  const inner = text.slice(index + run.length, close).replaceAll("\n", " ");
  return { node: h("code", {}, /^ .*\S.* $/.test(inner) ? inner.slice(1, -1) : inner), end: close + run.length };
}

function linked(text, index, depth) {
  const found = at(LINK, text, index);
  if (!found) return null;
  const url = found[2].replace(/\\(.)/g, "$1");
  const words = found[0][0] === "!" ? [found[1] || "picture"] : markdownInline(found[1], depth + 1);
  return { node: link(url, words.length ? words : url), end: index + found[0].length };
}

function address(text, index) {
  const found = at(BARE, text, index)?.[0].replace(/[.,;:!?'")\]*_~]+$/, "");
  return found ? { node: link(found, found), end: index + found.length } : null;
}

function emphasis(text, index, depth) {
  const sign = text[index];
  const mark = text[index + 1] === sign ? sign + sign : sign;
  const from = index + mark.length;
  if (!/\S/.test(text[from] || "") || (sign === "_" && word(text[index - 1]))) return { words: mark, end: from };
  const close = closing(text, from, mark);
  return close < 0 ? { words: mark, end: from } : { node: h(TAGS[mark], {}, markdownInline(text.slice(from, close), depth + 1)), end: close + mark.length };
}

function closing(text, from, mark) {
  for (let close = from + 1; close < text.length; close += 1) {
    if (text[close] === "\\") { close += 1; continue; }
    if (text[close] === "`") { const end = text.indexOf("`", close + 1); if (end > 0) close = end; continue; }
    if (!text.startsWith(mark, close) || !/\S/.test(text[close - 1])) continue;
    if (mark.length === 1 && text[close + 1] === mark) { close += 1; continue; }
    if (mark.length === 2 && text[close + 2] === mark[0] && text[close + 3] !== mark[0]) continue;
    if (mark[0] !== "_" || !word(text[close + mark.length])) return close;
  }
  return -1;
}

// -- lines --------------------------------------------------------------------------------------------------

export function markdown(text) {
  return h("div", { class: "rich markdown" }, parts(String(text).replaceAll("\r\n", "\n").replaceAll("\t", "    ").split("\n"), 0));
}

function parts(rows, depth) {
  const nodes = [];
  for (let index = 0; index < rows.length; ) {
    const read = READERS.find((one) => one.fits(rows, index, depth)) || PARAGRAPH;
    const [node, next] = read.take(rows, index, depth);
    if (node) nodes.push(node);
    index = Math.max(next, index + 1);
  }
  return nodes;
}

const until = (rows, index, stops) => { let end = index; while (end < rows.length && !stops(rows[end], end)) end += 1; return end; };
const indentOf = (row) => row.length - row.trimStart().length;
const cells = (row) => row.trim().replace(/^\||(?<!\\)\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));

const READERS = [
  { fits: (rows, index) => !rows[index].trim(), take: (rows, index) => [null, index + 1] },
  { fits: (rows, index) => FENCE.test(rows[index]), take: fence },
  { fits: (rows, index) => /^\s{0,3}#{1,6}(\s|$)/.test(rows[index]), take: heading },
  { fits: (rows, index) => RULE.test(rows[index]), take: (rows, index) => [h("hr"), index + 1] },
  { fits: (rows, index, depth) => depth < DEEPEST && /^\s{0,3}>/.test(rows[index]), take: quote },
  { fits: (rows, index, depth) => depth < DEEPEST && ITEM.test(rows[index]), take: list },
  { fits: (rows, index) => rows[index].includes("|") && TABLE_LINE.test(rows[index + 1] || ""), take: table },
];

const PARAGRAPH = {
  take: (rows, index, depth) => {
    const end = until(rows, index + 1, (row, here) => READERS.some((one) => one.fits(rows, here, depth)));
    return [h("p", {}, markdownInline(rows.slice(index, end).map((row) => row.trim()).join("\n"))), end];
  },
};

function fence(rows, index) {
  const [, mark] = FENCE.exec(rows[index]);
  const end = until(rows, index + 1, (row) => row.trim().startsWith(mark) && !row.trim().replaceAll(mark[0], ""));
  return [h("pre", {}, rows.slice(index + 1, end).join("\n")), end + 1];
}

function heading(rows, index) {
  const [, signs, words] = /^\s*(#{1,6})\s*(.*?)\s*#*$/.exec(rows[index]);
  return [h(`h${Math.min(6, signs.length + 2)}`, { class: `size-${signs.length}` }, markdownInline(words)), index + 1];
}

function quote(rows, index, depth) {
  const end = until(rows, index, (row) => !/^\s{0,3}>/.test(row));
  return [h("blockquote", {}, parts(rows.slice(index, end).map((row) => row.replace(/^\s{0,3}> ?/, "")), depth + 1)), end];
}

// Items of one kind at one depth; what is indented below an item belongs to it.
function list(rows, index, depth) {
  const [, lead, mark] = ITEM.exec(rows[index]);
  const ordered = /\d/.test(mark);
  const items = [];
  let end = index;
  while (end < rows.length) {
    const found = ITEM.exec(rows[end]);
    if (!found || found[1].length > lead.length + 1 || /\d/.test(found[2]) !== ordered || RULE.test(rows[end])) break;
    const room = found[1].length + 2;
    const next = until(rows, end + 1, (row, here) => (row.trim() ? indentOf(row) < room : indentOf(rows[here + 1] || "") < room || !rows[here + 1]?.trim()));
    items.push(item(found[3] || "", rows.slice(end + 1, next).map((row) => row.slice(Math.min(indentOf(row), found[0].length - (found[3] || "").length))), depth));
    end = next;
    while (end < rows.length && !rows[end].trim() && ITEM.test(rows[end + 1] || "")) end += 1;
  }
  return [h(ordered ? "ol" : "ul", { class: `mark-${depth % 3}`, start: ordered ? parseInt(mark, 10) : null }, items), end];
}

function item(words, below, depth) {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(words);
  const box = task ? h("input", { type: "checkbox", disabled: true, checked: task[1] !== " ", "aria-label": task[1] === " " ? "To do" : "Done" }) : null;
  return h("li", { class: task ? "task-item" : "" }, box, markdownInline(task ? task[2] : words), below.some((row) => row.trim()) ? parts(below, depth + 1) : null);
}

function table(rows, index) {
  const sides = cells(rows[index + 1]).map((cell) => (/^:.*:$/.test(cell) ? "center" : cell.endsWith(":") ? "right" : "left"));
  const end = until(rows, index + 2, (row) => !row.includes("|") || !row.trim());
  const line = (row, tag) => h("tr", {}, sides.map((side, column) => h(tag, { class: `align-${side}`, scope: tag === "th" ? "col" : null }, markdownInline(cells(row)[column] || ""))));
  return [h("div", { class: "table-scroll", tabIndex: 0, role: "region", "aria-label": `Table: ${cells(rows[index]).join(", ")}` }, h("table", { class: "grid wrapped" }, h("thead", {}, line(rows[index], "th")), h("tbody", {}, rows.slice(index + 2, end).map((row) => line(row, "td"))))), end];
}
