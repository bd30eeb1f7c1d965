// Modals: inputs, their errors, submit and close. The dialog element keeps the focus inside.
import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { send, state } from "./state.js";

let shown = "";
let values = {};

export function drawModal() {
  const dialog = document.getElementById("modal");
  const modal = state.modal;
  if (!modal) { shown = ""; if (dialog.open) dialog.close(); return; }
  const signature = `${modal.id} ${modal.hash} ${JSON.stringify(modal.errors)} ${modal.stamp}`;
  if (signature === shown) return;
  if (shown.split(" ")[0] !== modal.id) values = structuredClone(modal.state.values);
  shown = signature;
  dialog.replaceChildren(form(modal));
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector("[aria-invalid]") || dialog.querySelector(".input, .select, .modal-body button") || dialog.querySelector("button"))?.focus();
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
  const submit = async (event) => {
    event.preventDefault();
    const button = event.target.querySelector(".submit");
    button?.classList.add("busy");
    await send("submit", { view: modal.id, state: values, timeout: 0 });
    button?.classList.remove("busy");
  };
  return h("form", { class: "modal-form", onsubmit: submit, noValidate: true },
    h("div", { class: "modal-head" }, h("h2", { id: "modal-title" }, textObject(modal.title)), h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: close }, "✕")),
    h("div", { class: "modal-body" }, blocks(modal.blocks, place(modal))),
    h("div", { class: "modal-foot" }, h("span", { class: "modal-app" }, state.app.name), h("button", { type: "button", class: "button", onclick: close }, modal.close ? textObject(modal.close) : "Cancel"),
      modal.submit ? h("button", { type: "submit", class: "button primary submit" }, textObject(modal.submit)) : null));
}

export function watchModal() {
  document.getElementById("modal").addEventListener("cancel", (event) => {
    event.preventDefault();
    if (state.modal) send("close", { view: state.modal.id });
  });
}
