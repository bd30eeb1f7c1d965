// Who acts: the switch in the top bar, with everybody's title, searched by typing.
import { avatar, presence } from "./avatars.js";
import { byId, h, redraw } from "./dom.js";
import { closePopover, menuButton, togglePopover } from "./popover.js";
import { sign } from "./signs.js";
import { me, state, view } from "./state.js";

const about = (one) => [one.title, one.deleted ? "deactivated" : "", one.stranger ? "from another company" : one.guest ? "guest" : ""].filter(Boolean).join(" · ");

export function drawActing(choose) {
  redraw(byId("acting"), [view.user, state.people], () => {
    const one = me();
    return menuButton({ class: "act-as", id: "act-as", title: "Act as somebody else", onclick: (event) => togglePopover(event.currentTarget, "Act as", () => picker(choose)) },
      avatar(view.user, "small"), h("span", { class: "act-as-words" }, h("span", { class: "unseen" }, "Act as: "), h("span", { class: "act-as-name" }, one?.real_name || ""), h("span", { class: "act-as-title" }, one ? about(one) : "")), sign("down", "sign tiny-sign"));
  });
}

function picker(choose) {
  let picked = 0;
  let shown = [];
  const list = h("ul", { class: "choices", role: "listbox", id: "people-list", "aria-label": "People" });
  const take = (one) => { closePopover(); choose(one.id); };
  const draw = () => {
    const typed = input.value.trim().toLowerCase();
    shown = state.people.filter((one) => !one.deleted && `${one.real_name} ${one.name} ${about(one)}`.toLowerCase().includes(typed));
    picked = Math.max(0, Math.min(picked, shown.length - 1));
    list.replaceChildren(...shown.map((one, index) => h("li", { role: "option", id: `person-${one.id}`, class: `choice${index === picked ? " picked" : ""}`, "aria-selected": String(index === picked), onclick: () => take(one) },
      avatar(one.id, "small"), h("span", { class: "choice-words" }, h("strong", {}, one.real_name), h("span", {}, about(one))), presence(one), one.id === view.user ? h("span", { class: "choice-now" }, "now") : null)));
    if (!shown.length) list.replaceChildren(h("li", { class: "choice-none", role: "presentation" }, "Nobody of that name"));
    if (shown.length) input.setAttribute("aria-activedescendant", `person-${shown[picked].id}`);
    else input.removeAttribute("aria-activedescendant");
    list.children[picked]?.scrollIntoView({ block: "nearest" });
  };
  const key = (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && shown.length) { picked = (picked + by + shown.length) % shown.length; draw(); event.preventDefault(); }
    if (event.key === "Enter" && shown[picked]) { event.preventDefault(); take(shown[picked]); }
  };
  const input = h("input", { class: "input", type: "text", id: "people-search", role: "combobox", autocomplete: "off", placeholder: "Name or title", "aria-label": "Find a person", "aria-autocomplete": "list", "aria-expanded": "true", "aria-controls": "people-list", oninput: () => { picked = 0; draw(); }, onkeydown: key });
  picked = Math.max(0, state.people.filter((one) => !one.deleted).findIndex((one) => one.id === view.user));
  draw();
  return [h("div", { class: "popover-head" }, input), list];
}

export function memberList(ids) {
  const known = ids.filter((id) => id !== state.app.id).map((id) => state.people.find((one) => one.id === id)).filter(Boolean).sort((a, b) => a.real_name.localeCompare(b.real_name));
  const app = ids.includes(state.app.id) ? [h("li", { class: "choice still" }, avatar(state.app.id, "small"), h("span", { class: "choice-words" }, h("strong", {}, state.app.name), h("span", {}, "app")))] : [];
  return h("ul", { class: "choices", tabIndex: 0, "aria-label": "Members" }, [...app, ...known.map((one) => h("li", { class: "choice still" }, avatar(one.id, "small"), h("span", { class: "choice-words" }, h("strong", {}, one.real_name), h("span", {}, about(one))), presence(one)))]);
}
