// Notes at the corner of the page; where a modal is open, in it.
import { byId, h } from "./dom.js";
import { sign } from "./signs.js";

const STAYS = 7000;
const WARNING_STAYS = 14000;
const WHY = {
  operation_timeout: "The app did not answer within 3 seconds.",
  dispatch_failed: "The app could not be reached.",
  http_error: "The app answered with an error.",
  invalid_command_response: "The app's answer was no message Slack can show.",
};

// Slack's words for a failure, and under them what its code means.
function explained(words) {
  const code = Object.keys(WHY).find((one) => words.includes(one));
  return [h("span", {}, words), code ? h("small", {}, WHY[code]) : null];
}

export function toast(words, warning = false) {
  const dialog = byId("modal");
  const node = h("div", { class: `toast${warning ? " warning" : ""}` }, h("div", { class: "toast-words" }, explained(words)), h("button", { class: "toast-close", type: "button", "aria-label": "Dismiss", onclick: () => node.remove() }, sign("close", "sign tiny-sign")));
  if (dialog.open) node.setAttribute("role", "alert");
  (dialog.open ? dialog.querySelector(".modal-body") : byId("toasts")).prepend(node);
  setTimeout(() => node.remove(), warning ? WARNING_STAYS : STAYS);
}
