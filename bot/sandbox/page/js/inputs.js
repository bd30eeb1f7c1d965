// Typed inputs and pickers: text, numbers, addresses, dates and times, with their limits said beside them.
import { h } from "./dom.js";
import { choose, labelled, newId, words } from "./choosing.js";
import { fromWallTime, wallTime } from "./times.js";

const common = (item, label) => ({ id: newId(), autofocus: Boolean(item.focus_on_load), ...labelled(item, label) });

function picker(type, field) {
  return (item, block, place, label) => {
    const initial = place.stateOf?.(block, item)?.[field] ?? item[field.replace("selected", "initial")] ?? "";
    const picked = (event) => choose(item, block, place, { type: item.type, [field]: event.target.value || null }, event.target.value || null, () => { event.target.value = initial; });
    const input = h("input", { class: "input short", type, value: initial, title: words(item.placeholder), onchange: picked, ...common(item, label) });
    return item.timezone ? h("span", { class: "with-zone" }, input, h("span", { class: "zone" }, item.timezone.split("/").pop().replaceAll("_", " "))) : input;
  };
}

function dateTime(item, block, place, label) {
  const initial = place.stateOf?.(block, item)?.selected_date_time ?? item.initial_date_time;
  const picked = (event) => {
    const unix = event.target.value ? fromWallTime(event.target.value) : null;
    choose(item, block, place, { type: item.type, selected_date_time: unix }, unix, () => { event.target.value = initial ? wallTime(initial) : ""; });
  };
  return h("input", { class: "input short", type: "datetime-local", value: initial ? wallTime(initial) : "", onchange: picked, ...common(item, label) });
}

// What is wrong with a value that the reader has left, in words; empty when nothing is.
const CHECKS = {
  number_input: (value, item) => {
    const number = Number(value);
    if (Number.isNaN(number)) return "Enter a number.";
    if (!item.is_decimal_allowed && !Number.isInteger(number)) return "Enter a whole number.";
    if (item.min_value !== undefined && number < Number(item.min_value)) return `Enter a number of at least ${item.min_value}.`;
    return item.max_value !== undefined && number > Number(item.max_value) ? `Enter a number of at most ${item.max_value}.` : "";
  },
  email_text_input: (value) => (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value) ? "" : "Enter an email address, like name@example.com."),
  url_text_input: (value) => (URL.canParse(value) ? "" : "Enter a whole address, like https://example.com."),
};

const KEYBOARDS = { number_input: "decimal", email_text_input: "email", url_text_input: "url" };

function typed(item, block, place, label) {
  const note = h("div", { class: "input-note", id: newId(), role: "status" });
  const tell = () => { note.textContent = remaining(item, field.value); note.classList.toggle("over", note.textContent.startsWith("-")); };
  const act = () => choose(item, block, place, { type: item.type, value: field.value || null }, field.value || null);
  const wants = place.acts?.(block) ? item.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"] : [];
  let waiting = 0;
  const field = h(item.multiline ? "textarea" : "input", {
    class: "input", placeholder: words(item.placeholder), autocomplete: "off", "aria-describedby": note.id, ...(item.multiline ? { rows: 4 } : { type: "text", inputMode: KEYBOARDS[item.type] || "text" }), ...common(item, label),
    oninput: () => {
      tell();
      field.removeAttribute("aria-invalid");
      place.change?.(block, item, { type: item.type, value: field.value || null });
      clearTimeout(waiting);
      if (wants.includes("on_character_entered")) waiting = setTimeout(act, 400);
    },
    onkeydown: (event) => { if (event.key === "Enter" && !event.shiftKey && wants.includes("on_enter_pressed")) { event.preventDefault(); act(); } },
    onblur: () => { const wrong = field.value && CHECKS[item.type]?.(field.value, item); if (wrong) { note.textContent = wrong; note.classList.add("over"); field.setAttribute("aria-invalid", "true"); } },
  });
  field.value = place.stateOf?.(block, item)?.value ?? item.initial_value ?? "";
  tell();
  return h("div", { class: "typed" }, field, note);
}

// How many characters are left, once a limit is near; how many are missing, once something is written.
function remaining(item, value) {
  if (item.max_length && value.length > item.max_length - Math.max(20, item.max_length / 10)) return String(item.max_length - value.length);
  return item.min_length && value && value.length < item.min_length ? `${item.min_length - value.length} more to write` : "";
}

export const INPUTS = {
  datepicker: picker("date", "selected_date"), timepicker: picker("time", "selected_time"), datetimepicker: dateTime,
  plain_text_input: typed, number_input: typed, email_text_input: typed, url_text_input: typed,
};
