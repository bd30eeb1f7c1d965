// The page: knows where the reader is, and draws every part anew when the state has changed.
import { announce } from "./announce.js";
import { nameOf } from "./avatars.js";
import { drawClock } from "./clock.js";
import { Composer } from "./composer.js";
import { byId, h, reconcile, redraw } from "./dom.js";
import { closeDrawers, openPanel, watchDrawers } from "./drawers.js";
import { withEmoji } from "./emoji.js";
import { drawTourBar, rememberTour, touring, visited } from "./guide.js";
import { drawHead, drawThreadsHead } from "./header.js";
import { drawHome, tabNames } from "./home.js";
import { live } from "./live.js";
import { messageItems, messageNode } from "./messages.js";
import { drawModal, watchModal } from "./modal.js";
import { drawPanel, turnPanel } from "./panel.js";
import { drawActing } from "./people.js";
import { closePopover, popoverOpen, watchPopover } from "./popover.js";
import { acted, arrived, bring, keepingPlace, show, toEntry, watchScroll } from "./scroll.js";
import { drawSidebar } from "./sidebar.js";
import { withSlackbot } from "./slackbot.js";
import { label, onState, refresh, room, send, setNotifier, setUser, SHOWN, state, THREADS, view } from "./state.js";
import { drawThread, drawThreads } from "./threads.js";
import { toast } from "./toasts.js";

const box = new Composer(byId("compose"), { id: "compose-box", where: () => view.room, acted: ownAct });
const EVERYTHING = 10000;
const LONGEST_WAIT = 4000;
const CALM = 350;
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
let warned = null;
let entered = true;
let lastSeen = "";
let wanted = "";

// What one does oneself is shown, and what came before it has been seen.
function ownAct() {
  view.newFrom = null;
  acted();
}

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
  if (changed) { emptyMessages(); wanted = roomId; }
}

function emptyMessages() {
  view.newFrom = null;
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
  else if (before !== view.room) toEntry();
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

// The app opens at its messages while some are unread, else at the first of the tabs it has.
function chooseTab(found) {
  const names = tabNames();
  if (found?.kind !== "im" || names.includes(view.tab)) return;
  view.tab = found.unread && names.includes("messages") ? "messages" : names[0];
  if (view.tab === "home") send("home", { timeout: 0 });
}

function turnTo(tab) {
  view.tab = tab;
  emptyMessages();
  if (tab === "home") send("home", { timeout: 0 });
  draw();
  toEntry();
}

function settleRoom() {
  if (state.me !== view.user || view.room === THREADS || room(view.room)) return false;
  if (wanted) toast("This conversation was not found, or is not for you.");
  wanted = "";
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

function become(user) {
  setUser(user);
  emptyMessages();
  wanted = "";
}

function actAs(user) {
  become(user);
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
  const list = withSlackbot(state.room?.id === found.id ? state.room.messages : [], found.id);
  const start = { key: "start", signature: JSON.stringify([found.id, found.topic, state.room?.earlier]), value: { intro: found } };
  const entering = entered;
  keepingPlace((follows) => {
    const fresh = noteFresh(found, list, follows);
    reconcile(parent, [start, ...messageItems(list, { openThread }, view.newFrom)], (value) => (value.intro ? intro(value.intro) : messageNode(value)));
    return fresh;
  });
  if (entering && !entered && !view.found) toEntry();
}

// Where the line "New" stands: at what came before the room was opened or while nobody looked. True when the list has
// grown since the reader came.
function noteFresh(found, list, follows) {
  const grown = entered ? [] : list.filter((one) => one.ts > lastSeen);
  const fresh = grown.filter((one) => one.user !== view.user).length;
  if (found.is_member && found.unread && (entered || document.visibilityState !== "visible" || (!follows && fresh))) view.newFrom ??= found.read;
  if (fresh && !follows) arrived(fresh);
  for (const one of grown) if (one.user !== view.user) announce(`${one.username || nameOf(one.user)}: ${one.text}`);
  entered = entered && state.room?.id !== found.id;
  lastSeen = list.at(-1)?.ts || "";
  return grown.length > 0;
}

function intro(found) {
  const name = label(found);
  if (state.room?.earlier) return h("div", { class: "earlier" }, h("button", { class: "button small", type: "button", id: "show-earlier", onclick: () => { view.shown += SHOWN; refresh(); } }, "Show earlier messages"));
  const words = found.kind === "im" ? `This is your conversation with ${name}. Try ${state.app.commands[0] || "a message"}.` : found.topic || `This is the beginning of ${name}.`;
  return h("div", { class: "intro" }, h("h2", {}, name), h("p", {}, withEmoji(words)));
}

function drawWarnings() {
  const last = state.warnings.at(-1)?.id || 0;
  if (warned !== null) for (const one of state.warnings) if (one.id > warned && !one.channel) toast(one.text, true);
  warned = last;
}

function draw() {
  const found = room(view.room);
  chooseTab(found);
  drawTop();
  drawSidebar(chosen);
  drawPanel(acts);
  drawTourBar(acts);
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
  if (one.id === view.room && one.kind === "im") { view.tab = ""; emptyMessages(); draw(); toEntry(); }
}

async function settle() {
  warned = null;
  if (!(await refresh()) || settleRoom()) return;
  toEntry();
}

// -- what the guide may do ---------------------------------------------------------------------------------------

// Show the latest button of this name in the conversation.
function point(words) {
  const button = [...byId("messages").querySelectorAll(".message button")].filter((one) => one.textContent.trim() === words).at(-1);
  if (!button) return;
  bring(button);
  button.focus({ preventScroll: true });
}

// What the conversation on the screen looks like, message by message.
const looks = () => new Map((state.room?.messages || []).map((one) => [one.ts, JSON.stringify([one.text, one.changes, one.thread?.length])]));

// Do something, wait until the conversation has changed and been calm for a moment, and show the newest of what changed.
async function showChange(run) {
  const before = looks();
  await run();
  let [calm, last] = [performance.now(), ""];
  const until = calm + LONGEST_WAIT;
  while (performance.now() < until) {
    await pause(60);
    const seen = JSON.stringify([...looks()]);
    if (seen !== last) [calm, last] = [performance.now(), seen];
    if (changedSince(before) && performance.now() - calm > CALM) break;
  }
  const found = changedSince(before);
  if (found && !byId("messages").special) show(byId("messages"), found);
}

// The newest message that was not there before, or else the last that has changed.
function changedSince(before) {
  const now = [...looks()];
  return (now.findLast(([ts]) => !before.has(ts)) || now.findLast(([ts, look]) => before.get(ts) !== look))?.[0];
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

const acts = { settle, showChange, become, enter, redo: () => draw(), point, typeCommand, switchPerson, turnPanel: (name) => { openPanel(); turnPanel(name); }, uncovered: () => closeDrawers(false) };

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
go().then(toEntry);
