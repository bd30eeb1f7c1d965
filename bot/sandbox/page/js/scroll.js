// Where the reader is in a conversation: its end, a message that was looked for, and the way back to the latest.
import { byId, h, redraw } from "./dom.js";
import { sign } from "./signs.js";

const NEAR = 140;
let placed = -1;
let missed = 0;
let found = 0;

const pane = () => byId("scroll");
export const nearEnd = () => pane().scrollTop === placed || pane().scrollHeight - pane().scrollTop - pane().clientHeight < NEAR;

// The end of the conversation; the line above what is new, or the top of the newest message, where that is higher up.
export function toEnd() {
  const before = found;
  requestAnimationFrame(() => {
    if (before !== found) return;
    const list = byId("messages");
    const target = list.querySelector(":scope > .new-line") || list.querySelector(":scope > .message:last-child");
    const top = target ? target.getBoundingClientRect().top - pane().getBoundingClientRect().top + pane().scrollTop - 10 : Infinity;
    pane().scrollTop = list.special ? 0 : Math.min(pane().scrollHeight, top);
    placed = pane().scrollTop;
    missed = 0;
    drawJump();
  });
}

export function arrived(count) {
  missed += count;
  drawJump();
}

function toLatest() {
  pane().scrollTop = pane().scrollHeight;
  missed = 0;
  drawJump();
  pane().focus({ preventScroll: true });
}

function drawJump() {
  const far = pane().scrollHeight - pane().scrollTop - pane().clientHeight > pane().clientHeight * 0.8;
  const show = !byId("messages").special && (far || (missed > 0 && pane().scrollHeight - pane().scrollTop - pane().clientHeight > NEAR));
  if (!show) missed = 0;
  byId("jump").hidden = !show;
  redraw(byId("jump"), [missed], () => h("button", { class: "jump-button", type: "button", id: "jump-latest", onclick: toLatest }, sign("latest", "sign tiny-sign"), missed ? `${missed} new ${missed === 1 ? "message" : "messages"}` : "Jump to latest"));
}

// Show one message, marked for a moment; false when it is not here.
export function show(parent, ts, focus = false) {
  const node = parent.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
  if (!node) return false;
  node.scrollIntoView({ block: "center" });
  placed = -1;
  found += 1;
  mark(node);
  if (focus) { node.tabIndex = -1; node.focus({ preventScroll: true }); }
  return true;
}

export function mark(node) {
  node.classList.remove("found");
  requestAnimationFrame(() => node.classList.add("found"));
  setTimeout(() => node.classList.remove("found"), 4000);
}

export function watchScroll() {
  let waiting = false;
  pane().addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; drawJump(); });
  }, { passive: true });
}
