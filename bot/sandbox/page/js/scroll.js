// Where the reader is in a conversation: where it opens, its newest message, a message that was looked for, the way back.
import { byId, h, redraw } from "./dom.js";
import { sign } from "./signs.js";

const NEAR = 140;
const ROOM = 10;
const OWN_ANSWER = 4000;
let missed = 0;
let placing = 0;
let ownUntil = 0;

const pane = () => byId("scroll");
const away = () => pane().scrollHeight - pane().scrollTop - pane().clientHeight;
export const nearEnd = () => away() < NEAR;
const atEnd = () => away() < 4;

// Whether the reader waits for the answer to something they have just done themselves.
const awaits = () => performance.now() < ownUntil;

const topOf = (node) => node.getBoundingClientRect().top - pane().getBoundingClientRect().top + pane().scrollTop;

// Put the reader there once everything is drawn; a later placing overtakes an earlier one.
function place(where) {
  const number = (placing += 1);
  requestAnimationFrame(() => {
    if (number !== placing) return;
    pane().scrollTop = byId("messages").special ? 0 : where(byId("messages"));
    missed = 0;
    drawJump();
  });
}

const newest = (list) => list.querySelector(":scope > .message:last-child");
const start = (node) => Math.min(pane().scrollHeight, node ? topOf(node) - ROOM : Infinity);

// A room opens at the line above what is new, else at its newest message.
export const toEntry = () => place((list) => start(list.querySelector(":scope > .new-line") || newest(list)));

// The end of the conversation, or the top of the newest message where that is higher up.
export const toNewest = () => place((list) => start(newest(list)));

// After something of one's own the newest message is shown, and the answer to it when it comes.
export function acted() {
  ownUntil = performance.now() + OWN_ANSWER;
  toNewest();
}

// Draw the conversation anew without moving what the reader is looking at; only at its very end the end stays in sight.
export function keepingPlace(redrawing) {
  const follows = nearEnd() || awaits();
  const top = pane().getBoundingClientRect().top;
  const seen = [...byId("messages").children].find((one) => one.getBoundingClientRect().bottom > top + ROOM);
  const ended = seen && atEnd();
  const [key, before] = [seen?.dataset.key, seen?.getBoundingClientRect().top];
  const fresh = redrawing(follows);
  if (fresh && follows) { toNewest(); return; }
  const now = [...byId("messages").children].find((one) => key && one.dataset.key === key);
  if (ended) pane().scrollTop = pane().scrollHeight;
  else if (now) pane().scrollTop += now.getBoundingClientRect().top - before;
}

export function arrived(count) {
  missed += count;
  drawJump();
}

function toLatest() {
  placing += 1;
  pane().scrollTop = pane().scrollHeight;
  missed = 0;
  drawJump();
  pane().focus({ preventScroll: true });
}

function drawJump() {
  const far = away() > pane().clientHeight * 0.8;
  const show = !byId("messages").special && (far || (missed > 0 && away() > NEAR));
  if (!show) missed = 0;
  byId("jump").hidden = !show;
  redraw(byId("jump"), [missed], () => h("button", { class: "jump-button", type: "button", id: "jump-latest", onclick: toLatest }, sign("latest", "sign tiny-sign"), missed ? `${missed} new ${missed === 1 ? "message" : "messages"}` : "Jump to latest"));
}

// Bring a part of the conversation into the middle, whatever else was about to be shown. What is a little taller than
// the pane shows its end, with its buttons; what is much taller its beginning.
export function bring(node, parent = pane()) {
  placing += 1;
  ownUntil = 0;
  const tall = node.getBoundingClientRect().height / parent.clientHeight;
  node.scrollIntoView({ block: tall < 0.96 ? "center" : tall < 1.5 ? "end" : "start" });
  mark(node);
  drawJump();
}

// Show one message, marked for a moment; false when it is not here.
export function show(parent, ts, focus = false) {
  const node = parent.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
  if (!node) return false;
  bring(node, parent.parentElement);
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
  // Whoever turns away on their own is not pulled to the answer they were waiting for.
  for (const kind of ["wheel", "touchmove"]) pane().addEventListener(kind, () => { ownUntil = 0; placing += 1; }, { passive: true });
}
