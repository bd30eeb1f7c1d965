// The page: keeps the state fresh, knows where the reader is, and draws every part.
import { avatar, nameOf } from "./avatars.js";
import { Composer } from "./composer.js";
import { h, reconcile, redraw } from "./dom.js";
import { drawGuide, rememberTour, visited } from "./guide.js";
import { drawHome, tabs } from "./home.js";
import { messageItems, messageNode } from "./messages.js";
import { drawModal, watchModal } from "./modal.js";
import { withEmoji } from "./emoji.js";
import { padlock } from "./icons.js";
import { drawSidebar } from "./sidebar.js";
import { notify, onState, refresh, room, send, setNotifier, setUser, state, view } from "./state.js";
import { companyClock } from "./times.js";

const $ = (id) => document.getElementById(id);
const box = new Composer($("compose"), { id: "compose-box", where: () => view.room, after: () => toEnd() });
let threadBox = null;
let warned = null;

// -- where the reader is ------------------------------------------------------------------------------------

function readPlace() {
  const link = /^\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})/.exec(location.pathname);
  if (link) history.replaceState(null, "", `/#/${link[1]}/${new URLSearchParams(location.search).get("thread_ts") || `${link[2]}.${link[3]}`}`);
  const [, roomId = "", thread = ""] = location.hash.split("/");
  const changed = roomId !== view.room;
  view.room = roomId;
  view.thread = thread;
  return changed;
}

function openThread(ts) { location.hash = `#/${view.room}/${ts}`; }
function closeThread() { location.hash = `#/${view.room}`; }

function emptyMessages() { $("messages").replaceChildren(); $("messages").special = false; }

function enter(roomId) {
  location.hash = `#/${roomId}`;
  if (readPlace()) { view.tab = ""; emptyMessages(); }
}

async function go() {
  if (readPlace()) { view.tab = ""; emptyMessages(); }
  await refresh();
  toEnd();
}

// The app opens at its messages while some are unread, else at its Home.
function chooseTab(found) {
  if (found.kind !== "im" || view.tab) return;
  view.tab = found.unread ? "messages" : "home";
  if (view.tab === "home") send("home", { timeout: 0 });
}

function turnTo(tab) {
  view.tab = tab;
  emptyMessages();
  if (tab === "home") send("home", { timeout: 0 });
  draw();
  toEnd();
}

function settleRoom() {
  if (state.me !== view.user || room(view.room)) return false;
  const first = state.rooms.find((one) => one.is_member && one.kind !== "im") || state.rooms[0];
  if (!first) return false;
  location.hash = `#/${first.id}`;
  return true;
}

// -- drawing ------------------------------------------------------------------------------------------------

function drawTop() {
  document.title = `${state.company} · Sandbox`;
  redraw($("company"), state.company, (name) => [h("span", { class: "company-mark", "aria-hidden": "true" }, name.slice(0, 1)), h("span", { class: "company-name" }, name)]);
  redraw($("acting"), [view.user, state.people], () => {
    const change = (event) => { setUser(event.target.value); emptyMessages(); settle(); };
    const groups = state.people.filter((one) => !one.deleted).map((one) => h("option", { value: one.id, selected: one.id === view.user }, one.title ? `${one.real_name} – ${one.title}` : one.real_name));
    return [h("label", { class: "acting-label", htmlFor: "act-as" }, "Act as"), avatar(view.user, "small"), h("select", { id: "act-as", onchange: change }, groups)];
  });
  drawClock();
}

function drawClock() {
  if (!state) return;
  const shown = companyClock();
  redraw($("clock"), shown, () => [
    h("span", { class: "clock-face", role: "timer", "aria-label": `${shown.day}, ${shown.time}, ${shown.zone}` }, h("span", { class: "clock-day" }, shown.day), h("strong", { class: "clock-time" }, shown.time), h("span", { class: "clock-zone" }, shown.zone)),
    h("span", { class: "clock-moves" }, move("+1 hour", "+1 h", { advance: 3600 }), move("+4 hours", "+4 h", { advance: 14400 }), move("Tomorrow 08:00", "Tomorrow", { tomorrow_at: "08:00" })),
  ]);
}

function move(words, short, body) {
  return h("button", { class: "clock-move", id: `move-${short}`, "aria-label": words, title: `Move the clock: ${words}`, onclick: async (event) => { event.currentTarget.classList.add("busy"); await send("clock", body); event.target.closest("button")?.classList.remove("busy"); } }, h("span", { class: "wide" }, words), h("span", { class: "narrow", "aria-hidden": "true" }, short));
}

function drawHead(found) {
  redraw($("room-head"), [found, view.tab, state.app, view.user], () => {
    if (found.kind === "im") return [h("div", { class: "room-title" }, avatar(state.app.id, "small"), h("h1", {}, state.app.name)), tabs(turnTo, found.unread)];
    const count = found.members.length;
    return [h("div", { class: "room-title" }, h("h1", {}, h("span", { class: "hash", "aria-hidden": "true" }, found.kind === "private" ? padlock() : "#"), found.name), found.is_archived ? h("span", { class: "tag" }, "archived") : null, h("span", { class: "topic" }, withEmoji(found.topic || ""))),
      h("div", { class: "members", title: found.members.map(nameOf).join(", ") }, found.members.slice(0, 4).map((id) => avatar(id, "small")), h("span", {}, `${count}`))];
  });
}

function drawMessages(found) {
  const parent = $("messages");
  const special = found.kind === "im" && view.tab !== "messages";
  $("compose").hidden = special;
  parent.classList.toggle("special", special);
  if (special) {
    if (!parent.special) { parent.replaceChildren(h("div", {})); parent.special = true; }
    drawHome(parent.firstElementChild);
    return;
  }
  if (parent.special) { parent.replaceChildren(); parent.special = false; }
  const list = state.room?.id === found.id ? state.room.messages : [];
  const atEnd = nearEnd();
  const start = { key: "start", signature: found.id, value: { intro: found } };
  reconcile(parent, [start, ...messageItems(list, { openThread })], (value) => (value.intro ? intro(value.intro) : messageNode(value)));
  if (atEnd) toEnd();
}

function intro(found) {
  const name = found.kind === "im" ? state.app.name : `#${found.name}`;
  const words = found.kind === "im" ? `This is your conversation with ${name}. Try ${state.app.commands[0] || "a message"}.` : found.topic || `This is the beginning of ${name}.`;
  return h("div", { class: "intro" }, h("h2", {}, name), h("p", {}, withEmoji(words)));
}

function drawThread(found) {
  const pane = $("thread");
  const parent = view.thread && state.room?.messages.find((one) => one.ts === view.thread);
  pane.hidden = !parent;
  $("frame").classList.toggle("with-thread", Boolean(parent));
  if (!parent) { threadBox = null; pane.key = ""; return; }
  if (pane.key !== parent.ts + found.id) {
    pane.key = parent.ts + found.id;
    const compose = h("div", { class: "compose" });
    pane.replaceChildren(h("div", { class: "pane-head" }, h("h2", {}, "Thread"), h("span", { class: "topic" }, found.kind === "im" ? state.app.name : `#${found.name}`), h("button", { class: "icon-button", "aria-label": "Close thread", onclick: closeThread }, "✕")), h("div", { class: "scroll" }, h("div", { class: "messages", id: "thread-messages" })), compose);
    threadBox = new Composer(compose, { id: "thread-box", where: () => view.room, thread: () => view.thread });
    threadBox.box.focus({ preventScroll: true });
  }
  threadBox.draw();
  const items = messageItems([parent], { inThread: true });
  const count = parent.thread.length;
  const line = { key: "count", signature: String(count), value: { day: `${count} ${count === 1 ? "reply" : "replies"}` } };
  const replies = messageItems(parent.thread, { inThread: true }).filter((item) => !item.value.day);
  reconcile($("thread-messages"), [...items.filter((item) => !item.value.day), ...(count ? [line] : []), ...replies], messageNode);
}

function drawWarnings() {
  const last = state.warnings.at(-1)?.id || 0;
  if (warned !== null) for (const one of state.warnings) if (one.id > warned) toast(one.text, true);
  warned = last;
}

function draw() {
  const found = room(view.room);
  if (found) chooseTab(found);
  drawTop();
  drawSidebar(chosen);
  drawGuide(settle, enter);
  drawModal();
  drawWarnings();
  if (!found) return;
  drawHead(found);
  drawMessages(found);
  drawThread(found);
  box.draw();
  if (document.visibilityState === "visible" && found.is_member && found.unread && reading(found)) send("read", { channel: found.id });
}

const reading = (found) => found.kind !== "im" || view.tab === "messages";

// A room was chosen in the sidebar, perhaps the one that is open already.
function chosen(one) {
  closeSidebar();
  visited(one);
  if (one.id === view.room && one.kind === "im") { view.tab = ""; emptyMessages(); draw(); toEnd(); }
}

async function settle() {
  warned = null;
  if (!(await refresh()) || settleRoom()) return;
  toEnd();
}

// -- scrolling, notes, drawers ------------------------------------------------------------------------------

let placed = -1;
const nearEnd = () => { const pane = $("scroll"); return pane.scrollTop === placed || pane.scrollHeight - pane.scrollTop - pane.clientHeight < 140; };

// The end of the conversation; the top of the newest message where that is taller than the window.
function toEnd() {
  requestAnimationFrame(() => {
    const pane = $("scroll");
    const newest = $("messages").querySelector(":scope > .message:last-child");
    const top = newest ? newest.getBoundingClientRect().top - pane.getBoundingClientRect().top + pane.scrollTop - 10 : Infinity;
    pane.scrollTop = $("messages").special ? 0 : Math.min(pane.scrollHeight, top);
    placed = pane.scrollTop;
  });
}

function toast(words, warning = false) {
  const node = h("div", { class: `toast${warning ? " warning" : ""}` }, words);
  $("toasts").append(node);
  setTimeout(() => node.remove(), 7000);
}

function showDrawer(name, open) {
  document.body.classList.toggle(`${name}-open`, open);
  $("veil").hidden = !document.body.matches(".sidebar-open, .guide-open");
  $(name === "sidebar" ? "open-sidebar" : "toggle-guide").setAttribute("aria-expanded", String(open));
}
const closeSidebar = () => showDrawer("sidebar", false);
const narrow = () => matchMedia("(max-width: 1080px)").matches;

$("open-sidebar").addEventListener("click", () => showDrawer("sidebar", !document.body.classList.contains("sidebar-open")));
$("toggle-guide").addEventListener("click", () => {
  if (narrow()) showDrawer("guide", !document.body.classList.contains("guide-open"));
  else $("toggle-guide").setAttribute("aria-expanded", String(!document.body.classList.toggle("guide-hidden")));
});
$("veil").addEventListener("click", () => { showDrawer("sidebar", false); showDrawer("guide", false); });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  if (document.body.matches(".sidebar-open, .guide-open")) { showDrawer("sidebar", false); showDrawer("guide", false); } else if (view.thread) closeThread();
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu:not([hidden])")) if (!menu.parentElement.contains(event.target)) menu.hidden = true;
});

// -- start --------------------------------------------------------------------------------------------------

setNotifier(toast);
onState(() => { if (!settleRoom()) draw(); });
watchModal();
window.addEventListener("hashchange", go);
window.addEventListener("storage", (event) => { if (state && rememberTour(event.key)) draw(); });
document.addEventListener("visibilitychange", () => { if (state) draw(); });
setInterval(drawClock, 1000);

let pending = false;
const stream = new EventSource("/_sandbox/stream");
stream.onmessage = async () => {
  if (pending) return;
  pending = true;
  await new Promise((resolve) => { setTimeout(resolve, 30); });
  pending = false;
  refresh().catch(() => notify("The sandbox does not answer."));
};
go();
