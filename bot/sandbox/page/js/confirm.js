// The small question before an action that asks to be confirmed.
import { h } from "./dom.js";
import { textObject } from "./mrkdwn.js";

// Run `go` at once or after a yes; `undo` after a no. Resolves when whatever was run is done.
export function confirmed(question, go, undo = () => {}) {
  if (!question) return Promise.resolve(go());
  const dialog = document.getElementById("confirm");
  return new Promise((resolve) => {
    let answer = undo;
    const say = (what) => () => { answer = what; dialog.close(); };
    dialog.replaceChildren(
      h("h2", { id: "confirm-title" }, textObject(question.title)), h("div", { class: "modal-body text" }, textObject(question.text)),
      h("div", { class: "modal-foot" }, h("button", { class: "button", type: "button", onclick: say(undo) }, textObject(question.deny) || "Cancel"),
        h("button", { class: `button ${question.style === "danger" ? "danger" : "primary"}`, type: "button", autofocus: true, onclick: say(go) }, textObject(question.confirm) || "OK")));
    dialog.addEventListener("close", () => resolve(answer()), { once: true });
    dialog.showModal();
  });
}
