// Notes at the corner of the page; where a modal is open, in it.
import { byId, h } from "./dom.js";
import { sign } from "./signs.js";

const STAYS = 7000;
const WARNING_STAYS = 14000;

// Where a note covers nothing the reader is using: in an open modal, in the open drawer, else over the conversation.
function place(node) {
  const dialog = byId("modal");
  if (dialog.open) { node.setAttribute("role", "alert"); dialog.querySelector(".modal-body").prepend(node); return; }
  const drawer = document.body.classList.contains("panel-open") && byId("side-body");
  if (drawer) { node.setAttribute("role", "status"); drawer.before(node); } else byId("toasts").prepend(node);
}

export function toast(words, warning = false) {
  const node = h("div", { class: `toast${warning ? " warning" : ""}` }, h("div", { class: "toast-words" }, h("span", {}, words)), h("button", { class: "toast-close", type: "button", "aria-label": "Dismiss", onclick: () => node.remove() }, sign("close", "sign tiny-sign")));
  place(node);
  setTimeout(() => node.remove(), warning ? WARNING_STAYS : STAYS);
}
