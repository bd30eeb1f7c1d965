// The page: knows where the reader is, and draws every part anew when the state has changed.
import { drawClock } from "./clock.js";
import { Composer } from "./composer.js";
import { byId, h, reconcile, redraw } from "./dom.js";
import { closeDrawers, openPanel, watchDrawers } from "./drawers.js";
import { withEmoji } from "./emoji.js";
import { rememberTour, touring, visited } from "./guide.js";
import { drawHead, drawThreadsHead } from "./header.js";
import { drawHome } from "./home.js";
import { live } from "./live.js";
import { messageItems, messageNode } from "./messages.js";
import { drawModal, watchModal } from "./modal.js";
import { drawPanel, turnPanel } from "./panel.js";
import { drawActing } from "./people.js";
import { closePopover, popoverOpen, watchPopover } from "./popover.js";
import { arrived, mark, nearEnd, show, toEnd, watchScroll } from "./scroll.js";
import { drawSidebar } from "./sidebar.js";
import { label, onState, refresh, room, send, setNotifier, setUser, SHOWN, state, THREADS, view } from "./state.js";
import { drawThread, drawThreads } from "./threads.js";
import { toast } from "./toasts.js";

const box = new Composer(byId("compose"), { id: "compose-box", where: () => view.room, after: () => { view.newFrom = null; toEnd(); } });
const EVERYTHING = 10000;
let warned = null;
let entered = true;
let lastSeen = "";

// -- where the reader is: #/room/thread/message ----------------------------------------------------------------

const LINK = /^\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})/;

// The place a permalink names: a message in its room, a reply in its thread.
function placeOf(url) {
  const link = LINK.exec(url.pathname);
  return link && `#/${link[1]}/${url.searchParams.get("thread_ts") || ""}/${link[2]}.${link[3]}`;
}

function readPlace() {
  const linked = placeOf(new URL(location.href));
  if (linked) history.replaceState(null, "", `/${linked}`);
  const [, roomId = "", thread = "", found = ""] = location.hash.split("/");
  const changed = roomId !== view.room;
  Object.assign(view, { room: roomId, thread, found });
  if (changed) Object.assign(view, { tab: "", newFrom: null, shown: SHOWN });
  if (changed) emptyMessages();
}

function emptyMessages() {
  byId("messages").replaceChildren();
  byId("messages").special = false;
  entered = true;
}

const openThread = (ts, channel = view.room) => { location.hash = `#/${channel}/${ts}`; };
const closeThread = () => { location.hash = `#/${view.room}`; };
const find = (channel, ts) => { location.hash = `#/${channel}/${view.room === channel ? view.thread : ""}/${ts}`; };

function enter(roomId) {
  location.hash = `#/${roomId}`;
  readPlace();
}

async function go() {
  const before = view.room;
  readPlace();
  await refresh();
  if (view.found) lookFor();
  else if (before !== view.room) toEnd();
}

// The message a permalink names, further back if need be. An answer may be overtaken by a later one: it is asked again.
async function lookFor() {
  const looked = () => show((view.thread && byId("thread-messages")) || byId("messages"), view.found, true);
  if (looked()) return;
  view.shown = EVERYTHING;
  for (let tries = 0; tries < 3; tries += 1) {
    await refresh();
    if (looked()) return;
  }
  toast("This message is not here any more, or you may not see it.");
}

// The app opens at its messages while some are unread, else at its Home.
function chooseTab(found) {
  if (found?.kind !== "im" || view.tab) return;
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
  if (state.me !== view.user || view.room === THREADS || room(view.room)) return false;
  const first = state.rooms.find((one) => one.is_member && one.kind !== "im" && !one.is_archived) || state.rooms[0];
  if (!first) return false;
  location.hash = `#/${first.id}`;
  return true;
}

// -- drawing ---------------------------------------------------------------------------------------------------

function drawTop() {
  const unread = state.rooms.reduce((sum, one) => sum + (one.kind === "im" || one.mentioned ? one.unread : 0), 0);
  document.title = `${unread ? `(${unread}) ` : ""}${room(view.room) ? `${label(room(view.room))} · ` : ""}${state.company} · Sandbox`;
  redraw(byId("company"), state.company, (name) => [h("span", { class: "company-mark", "aria-hidden": "true" }, name.slice(0, 1)), h("span", { class: "company-name" }, name)]);
  byId("toggle-panel").classList.toggle("waiting", touring());
  drawActing(actAs);
  drawClock();
}

function actAs(user) {
  setUser(user);
  emptyMessages();
  settle();
}

function drawMessages(found) {
  const parent = byId("messages");
  const special = view.room === THREADS ? "threads" : found.kind === "im" && view.tab !== "messages" ? "app" : "";
  byId("compose").hidden = Boolean(special);
  parent.classList.toggle("special", Boolean(special));
  if (special !== (parent.special || "")) { parent.replaceChildren(); parent.special = special; }
  parent.setAttribute("role", special ? "presentation" : "log");
  if (special === "threads") { drawThreads(parent, openThread); return; }
  if (special) {
    if (!parent.firstElementChild) parent.append(h("div", { role: "tabpanel", "aria-labelledby": `tab-${view.tab}` }));
    parent.firstElementChild.setAttribute("aria-labelledby", `tab-${view.tab}`);
    drawHome(parent.firstElementChild);
    return;
  }
  const list = state.room?.id === found.id ? state.room.messages : [];
  const atEnd = nearEnd();
  noteFresh(found, list, atEnd);
  const start = { key: "start", signature: JSON.stringify([found.id, found.topic, state.room?.earlier]), value: { intro: found } };
  reconcile(parent, [start, ...messageItems(list, { openThread }, view.newFrom)], (value) => (value.intro ? intro(value.intro) : messageNode(value)));
  if (atEnd) toEnd();
}

// Where the line "New" stands: at what came before the room was opened or while nobody looked.
function noteFresh(found, list, atEnd) {
  const last = list.at(-1)?.ts || "";
  const fresh = lastSeen && !entered ? list.filter((one) => one.ts > lastSeen && one.user !== view.user && !one.ephemeral).length : 0;
  if (found.is_member && found.unread && (entered || document.visibilityState !== "visible" || (!atEnd && fresh))) view.newFrom ??= found.read;
  if (fresh && !atEnd) arrived(fresh);
  entered = false;
  lastSeen = last;
}

function intro(found) {
  const name = label(found);
  if (state.room?.earlier) return h("div", { class: "earlier" }, h("button", { class: "button small", type: "button", id: "show-earlier", onclick: () => { view.shown += SHOWN; refresh(); } }, "Show earlier messages"));
  const words = found.kind === "im" ? `This is your conversation with ${name}. Try ${state.app.commands[0] || "a message"}.` : found.topic || `This is the beginning of ${name}.`;
  return h("div", { class: "intro" }, h("h2", {}, name), h("p", {}, withEmoji(words)));
}

function drawWarnings() {
  const last = state.warnings.at(-1)?.id || 0;
  if (warned !== null) for (const one of state.warnings) if (one.id > warned) toast(one.text, true);
  warned = last;
}

function draw() {
  const found = room(view.room);
  chooseTab(found);
  drawTop();
  drawSidebar(chosen);
  drawPanel(acts);
  drawModal();
  drawWarnings();
  if (!found && view.room !== THREADS) return;
  if (found) drawHead(found, { turnTo, find });
  else drawThreadsHead();
  drawMessages(found);
  drawThread(found, closeThread);
  box.draw();
  if (found && document.visibilityState === "visible" && found.is_member && found.unread && reading(found)) send("read", { channel: found.id });
}

const reading = (found) => found.kind !== "im" || view.tab === "messages";

// A room was chosen in the sidebar, perhaps the one that is open already; null for the threads.
function chosen(one) {
  closeDrawers(false);
  if (!one) return;
  visited(one);
  if (one.id === view.room && one.kind === "im") { view.tab = ""; emptyMessages(); draw(); toEnd(); }
}

async function settle() {
  warned = null;
  if (!(await refresh()) || settleRoom()) return;
  toEnd();
}

// -- what the guide may do ---------------------------------------------------------------------------------------

// Show the latest button of this name in the conversation.
function point(words) {
  const button = [...byId("messages").querySelectorAll(".message button")].filter((one) => one.textContent.trim() === words).at(-1);
  if (!button) return;
  button.scrollIntoView({ block: "center" });
  mark(button);
  button.focus({ preventScroll: true });
}

function typeCommand() {
  closeDrawers(false);
  box.box.value = state.app.commands[0] || "/";
  box.box.focus();
  box.suggest();
}

function switchPerson() {
  closeDrawers(false);
  byId("act-as").click();
}

const acts = { settle, enter, redo: () => draw(), point, typeCommand, switchPerson, turnPanel: (name) => { openPanel(); turnPanel(name); }, performed: () => closeDrawers(false) };

// -- start -------------------------------------------------------------------------------------------------------

function escape(event) {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (popoverOpen()) closePopover();
  else if (!closeDrawers() && view.thread && !document.querySelector(".popup:not([hidden])")) closeThread();
}

// A link to a message of this workspace is followed here.
function follow(event) {
  const link = event.target.closest?.("a[href]");
  const place = link && link.origin === location.origin && placeOf(new URL(link.href));
  if (!place || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  if (location.hash === place) lookFor();
  else location.hash = place;
}

setNotifier(toast);
onState(() => { if (!settleRoom()) draw(); });
watchModal();
watchPopover();
watchDrawers();
watchScroll();
document.addEventListener("keydown", escape);
document.addEventListener("click", follow);
window.addEventListener("hashchange", go);
window.addEventListener("storage", (event) => { if (state && rememberTour(event.key)) draw(); });
document.addEventListener("visibilitychange", () => { if (state) draw(); });
setInterval(drawClock, 1000);
live();
go().then(toEnd);
