// rich_text blocks and Markdown blocks.
import { h } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { channelLink, groupMention, link, mention } from "./mrkdwn.js";
import { dateWords } from "./times.js";

const STYLES = { code: "code", strike: "s", italic: "em", bold: "strong", underline: "u" };

function leaf(part, index) {
  const node = bare(part, index === 0);
  return Object.entries(STYLES).reduce((inner, [name, tag]) => (part.style?.[name] ? h(tag, {}, inner) : inner), node);
}

function bare(part, begins) {
  if (part.type === "link") return link(part.url, part.text);
  if (part.type === "emoji") return emoji(part.name);
  if (part.type === "user") return mention(part.user_id);
  if (part.type === "channel") return channelLink(part.channel_id);
  if (part.type === "usergroup") return groupMention(part.usergroup_id);
  if (part.type === "broadcast") return h("span", { class: "mention mention-me" }, `@${part.range}`);
  if (part.type === "date") return h("time", {}, dateWords(part.timestamp, part.format, begins));
  if (part.type === "color") return h("code", {}, part.value);
  return (part.text || "").split("\n").flatMap((line, index) => (index ? [h("br"), ...withEmoji(line)] : withEmoji(line)));
}

const leaves = (part) => (part.elements || []).map(leaf);

export function richText(block) {
  return h("div", { class: "rich" }, (block.elements || []).map((part) => {
    if (part.type === "rich_text_list") {
      const tag = part.style === "ordered" ? "ol" : "ul";
      return h(tag, { class: `indent-${part.indent || 0}`, start: part.offset ? part.offset + 1 : null }, part.elements.map((item) => h("li", {}, leaves(item))));
    }
    if (part.type === "rich_text_quote") return h("blockquote", {}, leaves(part));
    if (part.type === "rich_text_preformatted") return h("pre", {}, leaves(part));
    return h("p", {}, leaves(part));
  }));
}

const INLINE = /(\*\*|__)(?=\S)(.+?)\1|(\*|_)(?=\S)(.+?)\3|~~(.+?)~~|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|(https?:\/\/[^\s)]+)/;

export function markdownInline(text) {
  const match = INLINE.exec(text);
  if (!match) return withEmoji(text);
  const before = withEmoji(text.slice(0, match.index));
  const after = markdownInline(text.slice(match.index + match[0].length));
  return [...before, marked(match), ...after];
}

function marked(match) {
  if (match[2]) return h("strong", {}, markdownInline(match[2]));
  if (match[4]) return h("em", {}, markdownInline(match[4]));
  if (match[5]) return h("s", {}, markdownInline(match[5]));
  if (match[6]) return h("code", {}, match[6]);
  if (match[8]) return link(match[8], match[7]);
  return link(match[9], match[9]);
}

const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

// Ordinary Markdown, as far as messages use it: headings, lists, quotes, fences, tables, rules.
export function markdown(text) {
  const root = h("div", { class: "rich markdown" });
  const rows = text.split("\n");
  for (let at = 0; at < rows.length; ) at = markdownPart(rows, at, root);
  return root;
}

function take(rows, at, fits) {
  let end = at;
  while (end < rows.length && fits(rows[end])) end += 1;
  return end;
}

function markdownPart(rows, at, root) {
  const row = rows[at];
  const heading = /^(#{1,6})\s+(.*)$/.exec(row);
  if (heading) { root.append(h(`h${Math.min(6, heading[1].length + 2)}`, {}, markdownInline(heading[2]))); return at + 1; }
  if (/^```/.test(row)) {
    const end = take(rows, at + 1, (line) => !/^```/.test(line));
    root.append(h("pre", {}, rows.slice(at + 1, end).join("\n")));
    return end + 1;
  }
  if (/^\s*(-{3,}|\*{3,})\s*$/.test(row)) { root.append(h("hr")); return at + 1; }
  if (/^>/.test(row)) {
    const end = take(rows, at, (line) => /^>/.test(line));
    root.append(h("blockquote", {}, markdownInline(rows.slice(at, end).map((line) => line.replace(/^>\s?/, "")).join(" "))));
    return end;
  }
  if (/^\s*([-*+]|\d+\.)\s+/.test(row)) {
    const end = take(rows, at, (line) => /^\s*([-*+]|\d+\.)\s+/.test(line));
    const items = rows.slice(at, end).map((line) => h("li", {}, markdownInline(line.replace(/^\s*([-*+]|\d+\.)\s+/, ""))));
    root.append(h(/^\s*\d+\./.test(row) ? "ol" : "ul", {}, items));
    return end;
  }
  if (row.includes("|") && /^[\s|:-]+$/.test(rows[at + 1] || "x") && rows[at + 1].includes("-")) {
    const end = take(rows, at, (line) => line.includes("|"));
    const body = rows.slice(at + 2, end).map((line) => h("tr", {}, cells(line).map((cell) => h("td", {}, markdownInline(cell)))));
    root.append(h("div", { class: "table-scroll" }, h("table", { class: "grid" }, h("thead", {}, h("tr", {}, cells(row).map((cell) => h("th", { scope: "col" }, markdownInline(cell))))), h("tbody", {}, body))));
    return end;
  }
  if (!row.trim()) return at + 1;
  const end = take(rows, at, (line) => line.trim() && !/^(#|```|>|\s*([-*+]|\d+\.)\s)/.test(line));
  root.append(h("p", {}, rows.slice(at, Math.max(end, at + 1)).flatMap((line, index) => (index ? [h("br"), ...markdownInline(line)] : markdownInline(line)))));
  return Math.max(end, at + 1);
}
