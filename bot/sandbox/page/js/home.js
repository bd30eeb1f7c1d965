// The app's own conversation: its Home, Messages and About tabs.
import { avatar } from "./avatars.js";
import { blocks } from "./blocks.js";
import { h, moveAmong, redraw } from "./dom.js";
import { send, state, view } from "./state.js";

const TABS = { home: "Home", messages: "Messages", about: "About" };

// The tabs the app's manifest gives it; it always has the last.
export const tabNames = () => Object.keys(TABS).filter((name) => state.app[`${name}_tab`] !== false);

export function tabs(choose, unread) {
  const move = (event) => moveAmong(event, [...event.currentTarget.children]);
  return h("div", { class: "tabs", role: "tablist", "aria-label": state.app.name, onkeydown: move }, tabNames().map((name) => h("button", { type: "button", role: "tab", id: `tab-${name}`, class: "tab", tabIndex: view.tab === name ? 0 : -1, "aria-selected": String(view.tab === name), "aria-controls": "messages", onclick: () => choose(name) }, TABS[name], name === "messages" && unread ? h("span", { class: "tab-count", "aria-label": `${unread} unread` }, String(unread)) : null)));
}

function place(home) {
  return {
    origin: { view: home.id },
    act: (element, choice) => send("click", { view: home.id, action: element.action_id, choice, values: {} }),
    acts: () => true,
    stateOf: () => null,
  };
}

// Why nothing has been published, as far as the sandbox can tell.
function missing() {
  if (state.app.revoked) return "Its token has been revoked: views.publish is refused.";
  if (!state.app.hears_home) return "It is not told when somebody opens it: its manifest does not subscribe to app_home_opened (settings, event_subscriptions, bot_events).";
  return state.connected ? "It is told of app_home_opened; its answer would be a call of views.publish." : "It is not connected to the sandbox, so it is not told that you are here.";
}

export function drawHome(parent) {
  redraw(parent, [view.tab, view.user, state.home, state.app, state.connected], () => {
    if (view.tab === "about") return h("div", { class: "about" }, avatar(state.app.id, "big"), h("h3", {}, state.app.name), h("p", {}, state.app.about || `Talk to ${state.app.name} with ${state.app.commands.join(", ")}.`));
    if (!state.home) return h("div", { class: "empty" }, avatar(state.app.id, "big"), h("h3", {}, "Nothing here yet"), h("p", {}, `${state.app.name} has not published a Home tab for you.`), h("p", {}, missing()));
    return h("div", { class: "home" }, blocks(state.home.blocks, place(state.home)));
  });
}
