// Modals: inputs, their errors, submit and close. The dialog element keeps the focus inside.
import { blocks } from "./blocks.js";
import { byId, h } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { sign } from "./signs.js";
import { send, state } from "./state.js";

let shown = "";
let values = {};
let opener = null;

export function drawModal() {
  const dialog = byId("modal");
  const modal = state.modal;
  if (!modal) { shown = ""; if (dialog.open) leave(dialog); return; }
  const signature = `${modal.id} ${modal.hash} ${JSON.stringify(modal.errors)} ${modal.stamp}`;
  if (signature === shown) return;
  if (shown.split(" ")[0] !== modal.id) values = structuredClone(modal.state.values);
  shown = signature;
  dialog.replaceChildren(form(modal));
  if (!dialog.open) { opener = mark(document.activeElement); dialog.showModal(); }
  (dialog.querySelector("[aria-invalid]") || dialog.querySelector(".input, .select, .modal-body button") || dialog.querySelector("button"))?.focus();
}

// What opened it may have been drawn anew while it was open: it is found again by its message and its words.
const mark = (node) => ({ node, id: node?.id, ts: node?.closest?.("[data-ts]")?.dataset.ts, words: node?.textContent });

function leave(dialog) {
  dialog.close();
  const { node, id, ts, words } = opener || {};
  const same = node?.isConnected ? node : (id && byId(id)) || [...document.querySelectorAll(`[data-ts="${ts}"] button`)].find((one) => one.textContent === words);
  (same && same !== document.body ? same : byId("compose-box"))?.focus({ preventScroll: true });
}

function place(modal) {
  return {
    origin: { view: modal.id },
    act: (element, choice) => send("click", { view: modal.id, action: element.action_id, choice, values }),
    change: (block, element, fresh) => { (values[block.block_id] ||= {})[element.action_id] = fresh; },
    acts: (block) => block.type !== "input" || block.dispatch_action,
    stateOf: (block, element) => values[block.block_id]?.[element.action_id],
    errorOf: (block) => modal.errors[block.block_id],
  };
}

function form(modal) {
  const close = () => send("close", { view: modal.id });
  const closeAll = () => send("close", { view: modal.id, everything: modal.depth > 1 });
  const submit = async (event) => {
    event.preventDefault();
    const button = event.target.querySelector(".submit");
    if (button?.getAttribute("aria-disabled") === "true") return;
    button?.classList.add("busy");
    button?.setAttribute("aria-disabled", "true");
    await send("submit", { view: modal.id, state: values, timeout: 0 });
    button?.classList.remove("busy");
    button?.removeAttribute("aria-disabled");
  };
  return h("form", { class: "modal-form", onsubmit: submit, noValidate: true },
    h("div", { class: "modal-head" }, modal.depth > 1 ? h("button", { type: "button", class: "icon-button", "aria-label": "Back", title: "Back", onclick: close }, sign("back")) : null, h("h2", { id: "modal-title" }, textObject(modal.title)), h("button", { type: "button", class: "icon-button", "aria-label": "Close", title: "Close", onclick: closeAll }, sign("close"))),
    h("div", { class: "modal-body", tabIndex: -1 }, blocks(modal.blocks, place(modal))),
    h("div", { class: "modal-foot" }, h("span", { class: "modal-app" }, state.app.name), h("button", { type: "button", class: "button", onclick: close }, modal.close ? textObject(modal.close) : "Cancel"),
      modal.submit ? h("button", { type: "submit", class: "button primary submit" }, textObject(modal.submit)) : null));
}

export function watchModal() {
  byId("modal").addEventListener("cancel", (event) => {
    event.preventDefault();
    if (state.modal) send("close", { view: state.modal.id });
  });
}
