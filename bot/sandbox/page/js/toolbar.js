// What can be done with a message: react, reply in its thread, copy its link.
import { h, moveAmong } from "./dom.js";
import { emoji, NAMES } from "./emoji.js";
import { closePopover, menuButton, togglePopover } from "./popover.js";
import { sign } from "./signs.js";
import { notify, send, view } from "./state.js";

// Those that are drawn here, and so look the same on every machine.
const OFFERED = ["white_check_mark", "eyes", "thumbsup", "heart", "star", "trophy", "bulb", "question", "warning", "rotating_light", "hourglass", "x", "memo", "repeat", "chart_with_upwards_trend", "chart_with_downwards_trend"];
const MOST_FOUND = 30;
const said = (name) => name.replaceAll("_", " ");

// Whoever reacts has seen what is new.
export function react(item, name) {
  if (item.channel === view.room) view.newFrom = null;
  return send("react", { channel: item.channel, ts: item.ts, name });
}

// The address of a message; of a reply, with the thread it stands in.
export function permalink(item) {
  const thread = item.thread_ts && item.thread_ts !== item.ts ? `?thread_ts=${item.thread_ts}&cid=${item.channel}` : "";
  return `${location.origin}/archives/${item.channel}/p${item.ts.replace(".", "")}${thread}`;
}

async function copyLink(item) {
  const copied = await navigator.clipboard?.writeText(permalink(item)).then(() => true, () => false);
  notify(copied ? "The link is copied." : permalink(item));
}

function picker(item) {
  const choose = (name) => { closePopover(); react(item, name); };
  const buttons = OFFERED.map((name, index) => h("button", { type: "button", class: "emoji-choice", tabIndex: index ? -1 : 0, "aria-label": said(name), title: said(name), onclick: () => choose(name) }, emoji(name)));
  const grid = h("div", { class: "emoji-grid", role: "group", "aria-label": "Reactions", onkeydown: (event) => moveAmong(event, buttons) }, buttons);
  const found = h("div", { class: "choices emoji-found", role: "group", "aria-label": "Found", hidden: true, onkeydown: (event) => moveAmong(event, [...found.querySelectorAll("button")]) });
  return [h("div", { class: "popover-head" }, searchField(grid, found, choose)), grid, found];
}

const row = (name, choose, index) => h("button", { type: "button", class: "choice", tabIndex: index ? -1 : 0, onclick: () => choose(name) }, emoji(name), h("span", {}, said(name)));

// The names that contain what is typed; those that begin with it come first. Enter takes the first.
function searchField(grid, found, choose) {
  const names = () => {
    const typed = input.value.trim().toLowerCase().replace(/[\s-]+/g, "_").replaceAll(":", "");
    const fits = typed ? NAMES.filter((name) => name.includes(typed)) : [];
    return [...fits.filter((name) => name.startsWith(typed)), ...fits.filter((name) => !name.startsWith(typed))].slice(0, MOST_FOUND);
  };
  const draw = () => {
    const fits = names();
    grid.hidden = Boolean(input.value.trim());
    found.hidden = !grid.hidden;
    found.replaceChildren(...(fits.length ? fits.map((name, index) => row(name, choose, index)) : [h("p", { class: "choice-none" }, "No emoji of that name")]));
  };
  const key = (event) => {
    if (event.key === "Enter" && names().length) { event.preventDefault(); choose(names()[0]); }
    if (event.key === "ArrowDown") { event.preventDefault(); (grid.hidden ? found : grid).querySelector("button")?.focus(); }
  };
  const input = h("input", { class: "input", type: "text", id: "emoji-search", autocomplete: "off", placeholder: "Search", "aria-label": "Find an emoji", oninput: draw, onkeydown: key });
  return input;
}

export function addReaction(item, where, className) {
  return menuButton({ class: className, id: `react-${where}-${item.channel}-${item.ts}`, "aria-label": "Add reaction", title: "Add reaction", onclick: (event) => togglePopover(event.currentTarget, "Add reaction", () => picker(item)) }, sign("react"));
}

// One stop for Tab; the arrows lead from button to button.
export function toolbar(item, { toThread, inThread }) {
  const buttons = [
    addReaction(item, inThread ? "thread" : "room", "tool"),
    toThread ? h("button", { class: "tool", type: "button", "aria-label": "Reply in thread", title: "Reply in thread", onclick: toThread }, sign("reply")) : null,
    h("button", { class: "tool", type: "button", "aria-label": "Copy link", title: "Copy link", onclick: () => copyLink(item) }, sign("link")),
  ].filter(Boolean);
  buttons.forEach((one, index) => { one.tabIndex = index ? -1 : 0; });
  return h("div", { class: "tools", role: "toolbar", "aria-label": "Message actions", onkeydown: (event) => moveAmong(event, buttons) }, buttons);
}
