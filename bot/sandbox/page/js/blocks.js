// Every block, drawn; an unknown one is named, and a broken one does not take its message down.
import { h } from "./dom.js";
import { alert, call, card, carousel, container, contextActions, fileBlock, plan, taskBlock } from "./cards.js";
import { chartBlock } from "./charts.js";
import { newId } from "./choosing.js";
import { element } from "./elements.js";
import { folding } from "./folding.js";
import { markdown } from "./markdown.js";
import { textObject } from "./mrkdwn.js";
import { imageBlock, picture, videoBlock } from "./pictures.js";
import { richText } from "./richtext.js";
import { dataTableBlock, tableBlock } from "./tables.js";

export function blocks(list, place) {
  return (list || []).map((block) => {
    if (!Object.hasOwn(DRAWN, block.type)) return notDrawn(`A block of the kind “${block.type}”, which this page does not draw`);
    try { return DRAWN[block.type](block, place); } catch { return notDrawn(`A block of the kind “${block.type}” that could not be drawn`); }
  });
}

const notDrawn = (words) => h("div", { class: "unknown" }, words);

function section(block, place) {
  const text = block.text ? h("div", { class: "text" }, textObject(block.text)) : null;
  const fields = block.fields ? h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "section-field" }, textObject(field)))) : null;
  const side = block.accessory ? h("div", { class: "accessory" }, block.accessory.type === "image" ? picture(block.accessory, "thumb") : element(block.accessory, block, place)) : null;
  const words = text && !block.expand ? folding(text, `${place.origin?.ts || place.origin?.view || ""} ${block.block_id}`) : text;
  return h("div", { class: "block section" }, h("div", { class: "section-words" }, words, fields), side);
}

function contextItem(item) {
  return item.type === "image" ? picture(item, "tiny") : h("span", { class: "context-text" }, textObject(item));
}

function input(block, place) {
  const id = newId();
  const error = place.errorOf?.(block);
  const field = element(block.element, block, place, id);
  const control = field.matches?.("input, textarea, select") ? field : field.querySelector?.("input, textarea, select");
  const told = [control?.getAttribute("aria-describedby"), error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean);
  if (control && told.length) control.setAttribute("aria-describedby", told.join(" "));
  if (control && !block.optional && control.matches(".input, .select")) control.setAttribute("aria-required", "true");
  if (error && control) control.setAttribute("aria-invalid", "true");
  return h("div", { class: `block input-block${error ? " wrong" : ""}` },
    h("label", { id, htmlFor: control?.matches(".input, .select") ? control.id : "", class: "input-label" }, textObject(block.label), block.optional ? h("span", { class: "optional" }, " (optional)") : null),
    field, error ? h("div", { class: "input-error", id: `${id}-error`, role: "alert" }, error) : null, block.hint ? h("div", { class: "input-hint", id: `${id}-hint` }, textObject(block.hint)) : null);
}

const level = (block) => Math.max(1, Math.min(4, Math.trunc(block.level) || 1));

const DRAWN = {
  section, input, card, carousel, alert, call, plan,
  header: (block) => h(`h${level(block) + 2}`, { class: `block header level-${level(block)}` }, textObject(block.text)),
  divider: () => h("hr", { class: "block divider" }),
  context: (block) => h("div", { class: "block context" }, block.elements.map(contextItem)),
  context_actions: contextActions,
  actions: (block, place) => h("div", { class: "block actions" }, block.elements.map((item) => element(item, block, place))),
  container: (block, place) => container(block, place, blocks),
  image: imageBlock,
  video: videoBlock,
  file: fileBlock,
  task_card: taskBlock,
  rich_text: (block) => h("div", { class: "block" }, richText(block)),
  markdown: (block) => h("div", { class: "block" }, markdown(block.text)),
  table: (block) => h("div", { class: "block" }, tableBlock(block)),
  data_table: (block, place) => h("div", { class: "block" }, dataTableBlock(block, place)),
  data_visualization: (block, place) => h("div", { class: "block" }, chartBlock(block, place.narrow)),
};
