// Blocks that hold others or stand in a frame: cards, carousels, containers, alerts, plans, feedback, files and calls.
import { h, svg } from "./dom.js";
import { newId, use } from "./choosing.js";
import { element } from "./elements.js";
import { link } from "./mentions.js";
import { textObject } from "./mrkdwn.js";
import { picture } from "./pictures.js";
import { richText } from "./richtext.js";

const part = (className, object) => (object ? h("div", { class: className }, typeof object === "string" ? object : textObject(object)) : null);

export function card(block, place) {
  const head = block.icon || block.title || block.subtitle;
  return h("article", { class: "block card", "aria-label": block.title?.text || "Card" }, block.hero_image ? picture(block.hero_image, "hero") : null,
    head ? h("div", { class: "card-head" }, block.icon ? picture(block.icon, "thumb") : null, h("div", { class: "card-titles" }, part("card-title", block.title), part("card-subtitle", block.subtitle))) : null,
    part("card-body text", block.body), block.actions?.length ? h("div", { class: "actions" }, block.actions.map((item) => element(item, block, place))) : null);
}

export function carousel(block, place) {
  const cards = h("div", { class: "carousel-cards", role: "group", tabIndex: 0, "aria-label": `${block.elements.length} cards` }, block.elements.map((one) => card(one, place)));
  const arrow = (by, words, sign) => h("button", { class: `carousel-turn ${by < 0 ? "back" : "on"}`, type: "button", "aria-label": words, hidden: by < 0, onclick: () => cards.scrollBy({ left: by * cards.clientWidth * 0.8, behavior: "smooth" }) }, sign);
  const back = arrow(-1, "Earlier cards", "‹");
  const on = arrow(1, "Later cards", "›");
  const ends = () => { back.hidden = cards.scrollLeft < 4; on.hidden = cards.scrollLeft + cards.clientWidth > cards.scrollWidth - 4; };
  cards.addEventListener("scroll", ends);
  new ResizeObserver(ends).observe(cards);
  return h("div", { class: "block carousel" }, cards, back, on);
}

// `inside` draws the blocks a container holds.
export function container(block, place, inside) {
  const folds = block.is_collapsible;
  const head = h(folds ? "summary" : "div", { class: `container-head${block.has_header_divider ? " divided" : ""}` }, block.icon ? picture(block.icon, "tiny") : null,
    h("div", { class: "card-titles" }, h("div", { class: "card-title" }, block.rich_text_title ? richText(block.rich_text_title) : textObject(block.title)), part("card-subtitle", block.subtitle)));
  const box = h(folds ? "details" : "div", { class: `block container width-${["narrow", "wide", "full"].includes(block.width) ? block.width : "standard"}` }, head, h("div", { class: "container-body" }, inside(block.child_blocks, place)));
  if (folds) box.open = !block.default_collapsed;
  return box;
}

const LEVELS = { info: "M12 11v6M12 7.500v.2", warning: "M12 7v6M12 16.500v.2", error: "M8.500 8.500l7 7M15.500 8.500l-7 7", success: "M7.500 12.500l3 3 6-6.500", default: "M12 11v6M12 7.500v.2" };

export function alert(block) {
  const level = Object.hasOwn(LEVELS, block.level || "") ? block.level : "default";
  const sign = svg("svg", { viewBox: "0 0 24 24", class: "alert-sign", "aria-hidden": "true" }, svg("circle", { cx: 12, cy: 12, r: 9.5 }), svg("path", { d: LEVELS[level] }));
  return h("div", { class: `block alert alert-${level}`, role: "note", "aria-label": level === "default" ? "Note" : level }, sign, h("div", { class: "text" }, textObject(block.text)));
}

const STATUS = { pending: "Pending", in_progress: "In progress", complete: "Complete", error: "Failed" };
const SIGNS = { pending: "", in_progress: "", complete: "M7 12.500l3.500 3.500L17 8.500", error: "M8 8l8 8M16 8l-8 8" };

export function taskCard(block) {
  const status = Object.hasOwn(STATUS, block.status || "") ? block.status : "pending";
  const sign = h("span", { class: `task-sign task-${status}`, role: "img", "aria-label": STATUS[status] }, svg("svg", { viewBox: "0 0 24 24" }, svg("circle", { cx: 12, cy: 12, r: 9.5 }), svg("path", { d: SIGNS[status] })));
  const sources = (block.sources || []).filter((one) => one.type === "url").map((one) => h("li", {}, link(one.url, one.text)));
  const more = [block.details ? richText(block.details) : null, block.output ? richText(block.output) : null, sources.length ? h("ul", { class: "task-sources", "aria-label": "Sources" }, sources) : null].filter(Boolean);
  if (!more.length) return h("div", { class: "task" }, h("div", { class: "task-head" }, sign, h("span", {}, block.title)));
  return h("details", { class: "task", open: status === "in_progress" || status === "error" }, h("summary", { class: "task-head" }, sign, h("span", {}, block.title)), h("div", { class: "task-more" }, more));
}

export const taskBlock = (block) => h("div", { class: "block plan" }, taskCard(block));

export function plan(block) {
  return h("div", { class: "block plan" }, h("div", { class: "card-title" }, block.title), (block.tasks || []).map((task) => taskCard(task)));
}

const THUMB = "M7 10.500v9H4v-9zM7 10.500l3.500-7c1.500 0 2.300 1 2 2.500L12 9h6a1.800 1.800 0 0 1 1.700 2.300l-1.900 6.700a2 2 0 0 1-2 1.500H7";
const BIN = "M5 7h14M9.500 7V4.500h5V7M7 7l.8 13h8.400L17 7M10.500 10.500v6M13.500 10.500v6";

function feedback(item, place) {
  const pair = [["positive_button", ""], ["negative_button", "turned"]].map(([name, turned]) => {
    const given = item[name];
    const press = (event) => { for (const one of event.currentTarget.parentElement.children) one.setAttribute("aria-pressed", String(one === event.currentTarget)); use(item, place, given.value); };
    return h("button", { class: "icon-action", type: "button", "aria-pressed": "false", "aria-label": given.accessibility_label || given.text.text, title: given.text.text, onclick: press }, drawing(THUMB, turned));
  });
  return h("span", { class: "feedback", role: "group", "aria-label": "Feedback" }, pair);
}

const drawing = (d, className) => svg("svg", { viewBox: "0 0 24 24", class: className, "aria-hidden": "true" }, svg("path", { d }));

function iconButton(item, place) {
  return h("button", { class: "icon-action", type: "button", "aria-label": item.accessibility_label || item.text.text, title: item.text.text, onclick: () => use(item, place, item.value) }, item.icon === "trash" ? drawing(BIN, "") : item.text.text);
}

export function contextActions(block, place) {
  return h("div", { class: "block context-actions" }, block.elements.map((item) => (item.type === "feedback_buttons" ? feedback(item, place) : item.type === "icon_button" ? iconButton(item, place) : element(item, block, place, newId()))));
}

const boxed = (name, words, more) => h("div", { class: "block boxed" }, h("span", { class: "boxed-kind" }, name), h("span", { class: "boxed-words" }, words), more || null);

export const fileBlock = (block) => boxed("File", block.file?.title || block.file?.name || block.external_id, block.source ? h("span", { class: "boxed-more" }, `${block.source} file`) : null);

export function call(block) {
  const about = block.call?.v1 || {};
  return boxed("Call", about.name || block.call_id, about.join_url ? link(about.join_url, "Join") : null);
}
