// The thread pane, and the list of all threads the reader follows.
import { announce } from "./announce.js";
import { nameOf } from "./avatars.js";
import { Composer } from "./composer.js";
import { byId, h, reconcile } from "./dom.js";
import { messageItems, messageNode } from "./messages.js";
import { sign } from "./signs.js";
import { label, send, state, view } from "./state.js";

let box = null;
let shown = "";
let cameFrom = null;
let counted = 0;

// The pane of the open thread. `close` leaves it; the focus goes into it when it opens, and back when it closes.
export function drawThread(found, close) {
  const pane = byId("thread");
  const parent = view.thread && found && state.room?.id === found.id && state.room.messages.find((one) => one.ts === view.thread);
  pane.hidden = !parent;
  byId("frame").classList.toggle("with-thread", Boolean(parent));
  if (!parent) { leave(pane); return; }
  if (shown !== found.id + parent.ts) open(pane, found, parent, close);
  box.draw();
  const before = nearEnd();
  const count = parent.thread.length;
  for (const one of parent.thread.slice(counted)) if (one.user !== view.user) announce(`Reply by ${one.username || nameOf(one.user)}: ${one.text}`);
  counted = count;
  const line = { key: "count", signature: String(count), value: { day: `${count} ${count === 1 ? "reply" : "replies"}` } };
  const [root, ...replies] = [messageItems([parent], { inThread: true }), messageItems(parent.thread, { inThread: true }, view.threadFrom)].map((items) => items.filter((item) => !item.value.day));
  reconcile(byId("thread-messages"), [...root, ...(count ? [line] : []), ...replies.flat()], messageNode);
  if (before) byId("thread-scroll").scrollTop = byId("thread-scroll").scrollHeight;
  if (document.visibilityState === "visible" && parent.unread_replies) send("read", { channel: found.id, thread_ts: parent.ts });
}

function nearEnd() {
  const pane = byId("thread-scroll");
  return pane.scrollHeight - pane.scrollTop - pane.clientHeight < 140;
}

function leave(pane) {
  if (!shown) return;
  const inside = pane.contains(document.activeElement) || document.activeElement === document.body;
  pane.replaceChildren();
  shown = "";
  box = null;
  view.threadFrom = null;
  if (inside) (cameFrom?.isConnected ? cameFrom : byId("compose-box"))?.focus({ preventScroll: true });
}

function open(pane, found, parent, close) {
  shown = found.id + parent.ts;
  counted = parent.thread.length;
  view.threadFrom = parent.unread_replies ? parent.thread_read : null;
  cameFrom = document.activeElement;
  const compose = h("div", { class: "compose" });
  pane.replaceChildren(
    h("div", { class: "pane-head" }, h("h2", {}, "Thread"), h("span", { class: "topic" }, label(found)), h("button", { class: "icon-button", type: "button", "aria-label": "Close thread", title: "Close (Esc)", onclick: close }, sign("close"))),
    h("div", { class: "scroll", id: "thread-scroll", role: "region", tabIndex: 0, "aria-label": "Messages in the thread" }, h("div", { class: "messages", id: "thread-messages", role: "log", "aria-live": "off" })), compose);
  box = new Composer(compose, { id: "thread-box", where: () => view.room, thread: () => view.thread });
  box.draw();
  const target = box.frame.hidden ? pane.querySelector(".icon-button") : box.box;
  if (!matchMedia("(max-width: 760px)").matches) target.focus({ preventScroll: true });
}

// Every followed thread, the one with the latest reply first; each opens in its room.
export function drawThreads(parent, openThread) {
  const list = state.threads || [];
  const items = messageItems(list.map((one) => ({ ...one, pinned: false })), { openThread, named: true }).filter((item) => item.value.one).map((item) => ({ ...item, value: { ...item.value, follows: false } }));
  const none = { key: "none", signature: "", value: null };
  reconcile(parent, items.length ? items : [none], (value) => (value ? messageNode(value) : h("div", { class: "empty" }, h("h3", {}, "No threads yet"), h("p", {}, "Threads you write in, or are named in, are listed here."))));
}
