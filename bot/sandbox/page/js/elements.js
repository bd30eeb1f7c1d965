// Interactive elements: each draws itself and tells `act(element, choice)` when used, or `change` when typed in.
import { h } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { send, state } from "./state.js";
import { confirmed } from "./confirm.js";

let count = 0;
export const newId = () => `e${(count += 1)}`;

// place: { act(element, choice), change(block, element, state), origin } ; label: id of the words that name it
export function element(item, block, place, label) {
  const draw = DRAWN[item.type];
  return draw ? draw(item, block, place, label) : h("span", { class: "unknown" }, `[${item.type}]`);
}

const use = (item, place, choice) => confirmed(item.confirm, () => place.act(item, choice));

function button(item, block, place) {
  const props = { class: `button ${item.style || ""}`, "aria-label": item.accessibility_label || null, data: { action: item.action_id } };
  const press = async (event) => {
    const pressed = event.currentTarget;
    if (pressed.classList.contains("busy")) return;
    pressed.classList.add("busy");
    await use(item, place, null);
    pressed.classList.remove("busy");
  };
  if (item.url && /^https?:/i.test(item.url)) return h("a", { ...props, href: item.url, target: "_blank", rel: "noopener noreferrer", onclick: press }, textObject(item.text));
  return h("button", { ...props, type: "button", onclick: press }, textObject(item.text));
}

const words = (object) => object?.text || "";
const labelled = (item, label) => (label ? { "aria-labelledby": label } : { "aria-label": words(item.placeholder) || item.action_id });

function choose(item, block, place, selected, value) {
  place.change?.(block, item, selected);
  if (place.acts(block)) use(item, place, value);
}

function staticSelect(item, block, place, label) {
  const flat = item.options || item.option_groups.flatMap((one) => one.options);
  const initial = flat.findIndex((one) => one.value === (place.stateOf(block, item)?.selected_option || item.initial_option)?.value);
  const entry = (option) => h("option", { value: String(flat.indexOf(option)), selected: flat.indexOf(option) === initial }, words(option.text));
  const entries = item.options ? item.options.map(entry) : item.option_groups.map((one) => h("optgroup", { label: words(one.label) }, one.options.map(entry)));
  const picked = (event) => { const option = flat[Number(event.target.value)]; if (option) choose(item, block, place, { type: item.type, selected_option: option }, option); };
  return h("select", { class: "select", ...labelled(item, label), onchange: picked, id: newId() }, h("option", { value: "", disabled: true, selected: initial < 0 }, words(item.placeholder) || "Select an option"), entries);
}

function multiSelect(item, block, place, label) {
  const flat = item.options || (item.option_groups || []).flatMap((one) => one.options);
  return checks({ ...item, options: flat, initial_options: item.initial_options }, block, place, label);
}

function ofList(entries, field) {
  return (item, block, place, label) => {
    const initial = place.stateOf(block, item)?.[field] || item[field.replace("selected", "initial")];
    const picked = (event) => choose(item, block, place, { type: item.type, [field]: event.target.value }, event.target.value);
    return h("select", { class: "select", ...labelled(item, label), onchange: picked, id: newId() }, h("option", { value: "", disabled: true, selected: !initial }, words(item.placeholder) || "Choose"), entries().map((one) => h("option", { value: one.id, selected: one.id === initial }, one.words)));
  };
}
const people = () => state.people.filter((one) => !one.deleted).map((one) => ({ id: one.id, words: one.real_name }));
const channels = () => state.rooms.filter((one) => one.kind !== "im").map((one) => ({ id: one.id, words: `#${one.name}` }));

function externalSelect(item, block, place, label) {
  const list = h("ul", { class: "suggestions below", role: "listbox", hidden: true, id: newId() });
  const chosen = place.stateOf(block, item)?.selected_option || item.initial_option;
  const input = h("input", { class: "input", type: "text", role: "combobox", "aria-expanded": "false", "aria-controls": list.id, autocomplete: "off", placeholder: words(item.placeholder) || "Type to search", value: words(chosen?.text), id: newId(), ...labelled(item, label) });
  const pick = (option) => { input.value = words(option.text); list.hidden = true; choose(item, block, place, { type: item.type, selected_option: option }, option); };
  const ask = async () => {
    if (input.value.length < (item.min_query_length ?? 3)) { list.hidden = true; return; }
    const { options = [] } = await send("suggest", { ...place.origin, action: item.action_id, typed: input.value });
    list.replaceChildren(...options.map((option) => h("li", { role: "option" }, h("button", { type: "button", onclick: () => pick(option) }, words(option.text)))));
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };
  input.addEventListener("input", ask);
  input.addEventListener("focus", ask);
  return h("div", { class: "combo" }, input, list);
}

function overflow(item, block, place) {
  const list = h("div", { class: "menu", role: "menu", hidden: true });
  const opener = h("button", { class: "button overflow", type: "button", "aria-haspopup": "menu", "aria-label": "More actions", onclick: () => { list.hidden = !list.hidden; if (!list.hidden) list.querySelector("button")?.focus(); } }, "⋯");
  list.append(...item.options.map((option) => h("button", { type: "button", role: "menuitem", onclick: () => { list.hidden = true; opener.focus(); use(item, place, option); if (option.url) window.open(option.url, "_blank", "noopener"); } }, textObject(option.text))));
  list.addEventListener("keydown", (event) => { if (event.key === "Escape") { list.hidden = true; opener.focus(); event.stopPropagation(); } });
  return h("span", { class: "menu-anchor" }, opener, list);
}

function picker(type, field) {
  return (item, block, place, label) => {
    const initial = place.stateOf(block, item)?.[field] || item[field.replace("selected", "initial")] || "";
    return h("input", { class: "input short", type, value: initial, id: newId(), ...labelled(item, label), onchange: (event) => choose(item, block, place, { type: item.type, [field]: event.target.value || null }, event.target.value) });
  };
}

function dateTime(item, block, place, label) {
  const picked = (event) => { const unix = Math.floor(new Date(event.target.value).getTime() / 1000); choose(item, block, place, { type: item.type, selected_date_time: unix }, unix); };
  return h("input", { class: "input short", type: "datetime-local", id: newId(), ...labelled(item, label), onchange: picked });
}

function checks(item, block, place, label) {
  const chosen = new Set((place.stateOf(block, item)?.selected_options || item.initial_options || []).map((one) => one.value));
  const changed = (option) => (event) => {
    if (event.target.checked) chosen.add(option.value); else chosen.delete(option.value);
    const selected = item.options.filter((one) => chosen.has(one.value));
    choose(item, block, place, { type: item.type, selected_options: selected }, selected);
  };
  return h("div", { class: "options", role: "group", ...labelled(item, label) }, item.options.map((option) => optionLine(option, h("input", { type: "checkbox", checked: chosen.has(option.value), onchange: changed(option) }))));
}

function radios(item, block, place, label) {
  const name = newId();
  const initial = (place.stateOf(block, item)?.selected_option || item.initial_option)?.value;
  return h("div", { class: "options", role: "radiogroup", ...labelled(item, label) }, item.options.map((option) => optionLine(option, h("input", { type: "radio", name, checked: option.value === initial, onchange: () => choose(item, block, place, { type: item.type, selected_option: option }, option) }))));
}

function optionLine(option, input) {
  return h("label", { class: "option" }, input, h("span", {}, textObject(option.text), option.description ? h("small", {}, textObject(option.description)) : null));
}

function typed(type) {
  return (item, block, place, label) => {
    const props = { class: "input", id: newId(), placeholder: words(item.placeholder), maxLength: item.max_length || 3000, ...labelled(item, label), oninput: (event) => place.change?.(block, item, { type: item.type, value: event.target.value || null }) };
    const field = item.multiline ? h("textarea", { ...props, rows: 4 }) : h("input", { ...props, type: type === "number" ? "text" : type, inputMode: type === "number" ? "decimal" : null });
    field.value = place.stateOf(block, item)?.value ?? item.initial_value ?? "";
    return field;
  };
}

const DRAWN = {
  button, overflow, static_select: staticSelect, multi_static_select: multiSelect, external_select: externalSelect,
  users_select: ofList(people, "selected_user"), channels_select: ofList(channels, "selected_channel"), conversations_select: ofList(channels, "selected_conversation"),
  datepicker: picker("date", "selected_date"), timepicker: picker("time", "selected_time"), datetimepicker: dateTime, checkboxes: checks, radio_buttons: radios,
  plain_text_input: typed("text"), number_input: typed("number"), email_text_input: typed("email"), url_text_input: typed("url"),
};
