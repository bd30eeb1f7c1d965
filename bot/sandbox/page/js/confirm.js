// The small question before an action that asks to be confirmed.
import { h } from "./dom.js";
import { textObject } from "./mrkdwn.js";

export function confirmed(question, go) {
  if (!question) return go();
  const dialog = document.getElementById("confirm");
  const close = () => dialog.close();
  dialog.replaceChildren(
    h("h2", { id: "confirm-title" }, textObject(question.title)), h("div", { class: "modal-body" }, textObject(question.text)),
    h("div", { class: "modal-foot" }, h("button", { class: "button", onclick: close }, textObject(question.deny)),
      h("button", { class: `button ${question.style || "primary"}`, onclick: () => { close(); go(); } }, textObject(question.confirm))));
  dialog.showModal();
  return Promise.resolve();
}
