// A small window at a button: it opens with the focus in it, closes with Escape, a choice or a click elsewhere, and
// gives the focus back to the button. Only one is open at a time.
import { byId, h } from "./dom.js";

let opener = "";

const pane = () => byId("popover");
export const popoverOpen = () => !pane().hidden;
const openedBy = (id) => popoverOpen() && opener === id;

export function closePopover(giveBack = true) {
  if (!popoverOpen()) return;
  pane().hidden = true;
  pane().replaceChildren();
  const button = byId(opener);
  button?.setAttribute("aria-expanded", "false");
  if (giveBack) button?.focus({ preventScroll: true });
  opener = "";
}

// `button` needs an id. Pressing it again closes.
export function togglePopover(button, label, build) {
  const again = openedBy(button.id);
  closePopover(again);
  if (again) return;
  opener = button.id;
  button.setAttribute("aria-expanded", "true");
  const node = pane();
  node.setAttribute("aria-label", label);
  node.replaceChildren(...[build()].flat());
  node.hidden = false;
  place(node, button.getBoundingClientRect());
  (node.querySelector("[autofocus], input, [aria-selected=true], button, a") || node).focus();
}

// Under the button, or over it; flush with its left edge in the left half of the page, else with its right.
function place(node, at) {
  const { width, height } = node.getBoundingClientRect();
  const wanted = (at.left + at.right) / 2 < innerWidth / 2 ? at.left : at.right - width;
  const below = at.bottom + 6 + height <= innerHeight - 8;
  node.style.left = `${Math.max(8, Math.min(wanted, innerWidth - width - 8))}px`;
  node.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - height - 6)}px`;
}

export const menuButton = (props, ...children) => h("button", { type: "button", "aria-haspopup": "dialog", "aria-expanded": "false", ...props }, ...children);

export function watchPopover() {
  document.addEventListener("pointerdown", (event) => {
    const button = byId(opener);
    if (popoverOpen() && !pane().contains(event.target) && !button?.contains(event.target)) closePopover(false);
  });
  pane().addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); closePopover(); }
    if (event.key === "Tab") keepInside(event);
  });
  window.addEventListener("resize", () => closePopover(false));
}

function keepInside(event) {
  const all = [...pane().querySelectorAll("a[href], button:not([disabled]), input, select")].filter((one) => one.tabIndex >= 0);
  const edge = event.shiftKey ? all[0] : all[all.length - 1];
  if (document.activeElement !== edge || !all.length) return;
  event.preventDefault();
  (event.shiftKey ? all[all.length - 1] : all[0]).focus();
}
