// The app's own conversation: its Home, Messages and About tabs.
import { avatar } from "./avatars.js";
import { blocks } from "./blocks.js";
import { h, moveAmong, redraw } from "./dom.js";
import { send, state, view } from "./state.js";

const TABS = { home: "Home", messages: "Messages", about: "About" };

export function tabs(choose, unread) {
  const move = (event) => moveAmong(event, [...event.currentTarget.children]);
  return h("div", { class: "tabs", role: "tablist", "aria-label": state.app.name, onkeydown: move }, Object.entries(TABS).map(([name, words]) => h("button", { type: "button", role: "tab", id: `tab-${name}`, class: "tab", tabIndex: view.tab === name ? 0 : -1, "aria-selected": String(view.tab === name), "aria-controls": "messages", onclick: () => choose(name) }, words, name === "messages" && unread ? h("span", { class: "tab-count", "aria-label": `${unread} unread` }, String(unread)) : null)));
}

function place(home) {
  return {
    origin: { view: home.id },
    act: (element, choice) => send("click", { view: home.id, action: element.action_id, choice, values: {} }),
    acts: () => true,
    stateOf: () => null,
  };
}

export function drawHome(parent) {
  redraw(parent, [view.tab, view.user, state.home, state.app], () => {
    if (view.tab === "about") return h("div", { class: "about" }, avatar(state.app.id, "big"), h("h3", {}, state.app.name), h("p", {}, state.app.about || `Talk to ${state.app.name} with ${state.app.commands.join(", ")}.`));
    if (!state.home) return h("div", { class: "empty" }, avatar(state.app.id, "big"), h("h3", {}, "Nothing here yet"), h("p", {}, `${state.app.name} has not published a Home tab for you.`));
    return h("div", { class: "home" }, blocks(state.home.blocks, place(state.home)));
  });
}
