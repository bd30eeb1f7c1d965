// Every block, drawn; an unknown one is named, and a broken one does not take its message down.
import { h } from "./dom.js";
import { chartBlock } from "./charts.js";
import { element, newId } from "./elements.js";
import { textObject } from "./mrkdwn.js";
import { markdown, richText } from "./richtext.js";
import { dataTableBlock, tableBlock } from "./tables.js";

export function blocks(list, place) {
  return (list || []).map((block) => {
    try { return (DRAWN[block.type] || unknown)(block, place); } catch { return h("div", { class: "unknown" }, `[${block.type} could not be drawn]`); }
  });
}

const unknown = (block) => h("div", { class: "unknown" }, `[${block.type}]`);

function image(item, className) {
  const url = item.image_url || "";
  const local = url.startsWith("data:image/") || url.startsWith(location.origin);
  if (local) return h("img", { class: className, src: url, alt: item.alt_text });
  return h("span", { class: `${className} outside`, role: "img", "aria-label": item.alt_text, title: item.alt_text }, className === "picture" ? item.alt_text : "▧");
}

function section(block, place) {
  const text = block.text ? h("div", { class: "text" }, textObject(block.text)) : null;
  const fields = block.fields ? h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "field" }, textObject(field)))) : null;
  const side = block.accessory ? h("div", { class: "accessory" }, block.accessory.type === "image" ? image(block.accessory, "thumb") : element(block.accessory, block, place)) : null;
  return h("div", { class: "block section" }, h("div", { class: "section-words" }, text, fields), side);
}

function contextItem(item) {
  return item.type === "image" ? image(item, "tiny") : h("span", { class: "context-text" }, textObject(item));
}

function input(block, place) {
  const id = newId();
  const error = place.errorOf?.(block);
  const field = element(block.element, block, place, id);
  const control = field.matches?.("input, textarea, select") ? field : field.querySelector?.("input, select");
  if (error && control) { control.setAttribute("aria-invalid", "true"); control.setAttribute("aria-describedby", `${id}-error`); }
  return h("div", { class: `block input-block${error ? " wrong" : ""}` },
    h("label", { id, htmlFor: control?.id || "", class: "input-label" }, textObject(block.label), block.optional ? h("span", { class: "optional" }, " (optional)") : null),
    field, error ? h("div", { class: "input-error", id: `${id}-error`, role: "alert" }, error) : null, block.hint ? h("div", { class: "input-hint" }, textObject(block.hint)) : null);
}

function card(block, place) {
  return h("div", { class: "block card" }, block.hero_image ? image(block.hero_image, "hero") : null,
    h("div", { class: "card-head" }, block.icon ? image(block.icon, "thumb") : null, h("div", {}, block.title ? h("div", { class: "card-title" }, textObject(block.title)) : null, block.subtitle ? h("div", { class: "card-subtitle" }, textObject(block.subtitle)) : null)),
    block.body ? h("div", { class: "card-body" }, textObject(block.body)) : null,
    block.actions ? h("div", { class: "actions" }, block.actions.map((item) => element(item, block, place))) : null);
}

function container(block, place) {
  const head = h(block.is_collapsible ? "summary" : "div", { class: "container-head" }, h("div", { class: "card-title" }, block.rich_text_title ? richText(block.rich_text_title) : textObject(block.title)), block.subtitle ? h("div", { class: "card-subtitle" }, textObject(block.subtitle)) : null);
  const body = h("div", { class: "container-body" }, blocks(block.child_blocks, place));
  const box = h(block.is_collapsible ? "details" : "div", { class: `block container width-${block.width || "standard"}` }, head, body);
  if (block.is_collapsible) box.open = !block.default_collapsed;
  return box;
}

const DRAWN = {
  section, input, card, container,
  header: (block) => h(`h${Math.min(6, (block.level || 1) + 2)}`, { class: `block header level-${block.level || 1}` }, textObject(block.text)),
  divider: () => h("hr", { class: "block divider" }),
  context: (block) => h("div", { class: "block context" }, block.elements.map(contextItem)),
  actions: (block, place) => h("div", { class: "block actions" }, block.elements.map((item) => element(item, block, place))),
  image: (block) => h("figure", { class: "block image-block" }, block.title ? h("figcaption", {}, textObject(block.title)) : null, image(block, "picture")),
  rich_text: (block) => h("div", { class: "block" }, richText(block)),
  markdown: (block) => h("div", { class: "block" }, markdown(block.text)),
  table: (block) => h("div", { class: "block" }, tableBlock(block)),
  data_table: (block) => h("div", { class: "block" }, dataTableBlock(block)),
  data_visualization: (block, place) => h("div", { class: "block" }, chartBlock(block, place.narrow)),
  alert: (block) => h("div", { class: `block alert alert-${block.level || "default"}`, role: "note" }, textObject(block.text)),
};
