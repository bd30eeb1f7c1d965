// Interactive elements: each draws itself and tells `act(element, choice)` when used, or `change` when typed in.
import { h } from "./dom.js";
import { choose, labelled, newId, use } from "./choosing.js";
import { INPUTS } from "./inputs.js";
import { isSafe } from "./mentions.js";
import { textObject } from "./mrkdwn.js";
import { hidePopup, isOpen, showPopup } from "./popups.js";
import { select } from "./selects.js";

// place: { act(element, choice), change(block, element, state), acts(block), stateOf(block, element), origin } ; label: id of the words that name it
export function element(item, block, place, label) {
  if (/^(multi_)?(static|external|users|channels|conversations)_select$/.test(item.type)) return select(item, block, place, label);
  return Object.hasOwn(DRAWN, item.type) ? DRAWN[item.type](item, block, place, label) : h("span", { class: "unknown" }, `An element of the kind “${item.type}”, which this page does not draw`);
}

async function once(pressed, run) {
  if (pressed.classList.contains("busy")) return;
  pressed.classList.add("busy");
  await run();
  pressed.classList.remove("busy");
}

function button(item, block, place) {
  const style = ["primary", "danger"].includes(item.style) ? item.style : "";
  const props = { class: `button ${style}`, "aria-label": item.accessibility_label || null, data: { action: item.action_id || "" } };
  const press = (event) => once(event.currentTarget, () => use(item, place, null));
  if (item.url && isSafe(item.url)) return h("a", { ...props, href: item.url, target: "_blank", rel: "noopener noreferrer", onclick: press }, textObject(item.text));
  return h("button", { ...props, type: "button", onclick: press }, textObject(item.text));
}

function overflow(item, block, place) {
  const list = h("div", { class: "popup menu-popup", role: "menu", hidden: true, popover: "manual", id: newId(), "aria-label": "More actions" });
  const open = () => { if (isOpen(list)) { hidePopup(list); return; } showPopup(opener, list, () => opener.setAttribute("aria-expanded", "false")); opener.setAttribute("aria-expanded", "true"); list.firstElementChild.focus(); };
  const opener = h("button", { class: "button overflow", type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": list.id, "aria-label": item.accessibility_label || "More actions", onclick: open }, "⋯");
  const pick = (option) => () => { hidePopup(list); opener.focus(); if (option.url && isSafe(option.url)) window.open(option.url, "_blank", "noopener,noreferrer"); use(item, place, option); };
  list.append(...item.options.map((option) => h("button", { type: "button", role: "menuitem", tabIndex: -1, onclick: pick(option) }, textObject(option.text), option.description ? h("small", {}, textObject(option.description)) : null)));
  list.addEventListener("keydown", (event) => alongMenu(event, list, opener));
  return h("span", { class: "menu-anchor" }, opener, list);
}

function alongMenu(event, list, opener) {
  const entries = [...list.children];
  const at = entries.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1 + entries.length, Home: 0, End: entries.length - 1 }[event.key];
  if (next !== undefined) { event.preventDefault(); entries[next % entries.length].focus(); }
  if (event.key !== "Escape" && event.key !== "Tab") return;
  event.preventDefault();
  event.stopPropagation();
  hidePopup(list);
  opener.focus();
}

function checks(item, block, place, label) {
  const chosen = new Set((place.stateOf?.(block, item)?.selected_options || item.initial_options || []).map((one) => one.value));
  const turn = (option, on) => (on ? chosen.add(option.value) : chosen.delete(option.value));
  const changed = (option) => (event) => {
    const box = event.target;
    turn(option, box.checked);
    const selected = item.options.filter((one) => chosen.has(one.value));
    choose(item, block, place, { type: item.type, selected_options: selected }, selected, () => { box.checked = !box.checked; turn(option, box.checked); });
  };
  return h("div", { class: "options", role: "group", ...labelled(item, label) }, item.options.map((option) => optionLine(option, h("input", { type: "checkbox", id: newId(), checked: chosen.has(option.value), onchange: changed(option) }))));
}

function radios(item, block, place, label) {
  const name = newId();
  let current = (place.stateOf?.(block, item)?.selected_option || item.initial_option)?.value;
  const lines = item.options.map((option) => {
    const picked = () => { const before = current; current = option.value; choose(item, block, place, { type: item.type, selected_option: option }, option, () => back(before)); };
    return h("input", { type: "radio", name, id: newId(), value: option.value, checked: option.value === current, onchange: picked });
  });
  const back = (value) => { current = value; for (const one of lines) one.checked = one.value === value; };
  return h("div", { class: "options", role: "radiogroup", ...labelled(item, label) }, item.options.map((option, index) => optionLine(option, lines[index])));
}

function optionLine(option, input) {
  return h("label", { class: "option" }, input, h("span", {}, textObject(option.text), option.description ? h("small", {}, textObject(option.description)) : null));
}

const DRAWN = { button, workflow_button: button, overflow, checkboxes: checks, radio_buttons: radios, ...INPUTS };
