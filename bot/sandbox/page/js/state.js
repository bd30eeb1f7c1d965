// What the page knows: the last state from the sandbox, and where this reader is looking.

export const stored = (name) => { try { return localStorage.getItem(name) || ""; } catch { return ""; } };
export const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* a private window */ } };

// `tab` of the app's own conversation is empty until the reader or its unread messages have chosen one; `found` is the
// message a permalink names; `newFrom` how far the reader had read when the room was opened; `shown` how many messages.
export const SHOWN = 150;
export const THREADS = "threads";
export const SLACKBOT = "USLACKBOT";
export const view = { user: new URLSearchParams(location.search).get("as") || stored("sandbox-user"), room: "", thread: "", found: "", tab: "", newFrom: null, threadFrom: null, shown: SHOWN };
export let state = null;
const listeners = [];
let asked = 0;
let silent = false;

export function onState(listener) { listeners.push(listener); }

// Called with true when the sandbox stops answering, and with false when it answers again.
let absence = () => {};
export function onAbsence(call) { absence = call; }

function answers(well) {
  if (silent === !well) return;
  silent = !well;
  absence(silent);
}

// A question to the sandbox; null when it does not answer.
export async function ask(path) {
  const response = await fetch(`/_sandbox/${path}`).catch(() => null);
  answers(response !== null);
  if (response === null || response.status >= 500) return null;
  return { status: response.status, ...(await response.json().catch(() => ({}))) };
}

// What is being pressed stays until it is let go: a press on something drawn anew in that moment would go nowhere.
const LONGEST_PRESS = 1000;
let letGo = Promise.resolve();
let release = () => {};
document.addEventListener("pointerdown", () => {
  letGo = new Promise((resolve) => { release = resolve; });
  setTimeout(release, LONGEST_PRESS);
}, true);
for (const end of ["click", "pointercancel", "dragend"]) document.addEventListener(end, () => setTimeout(() => release()), true);
document.addEventListener("pointerup", () => { const mine = release; setTimeout(mine, 20); }, true);

// Ask for the state; false when there is no answer, or a later question has overtaken this one.
export async function refresh() {
  const number = ++asked;
  const query = new URLSearchParams();
  if (view.user) query.set("user", view.user);
  if (view.room) query.set("channel", view.room);
  if (view.shown !== SHOWN) query.set("shown", view.shown);
  const fresh = await ask(`state?${query}`);
  if (!fresh) return false;
  await letGo;
  if (number !== asked) return false;
  if (fresh.status === 404 && view.user) { view.user = ""; return refresh(); }
  if (!view.user && fresh.people.length) { setUser((fresh.people.find((one) => !one.deleted) || fresh.people[0]).id); return refresh(); }
  fresh.received = performance.now();
  state = fresh;
  view.user = fresh.me || view.user;
  for (const listener of listeners) listener();
  return true;
}

export function setUser(user) { view.user = user; keep("sandbox-user", user); }

// Do something, as the reader unless `as` is false; an error is shown, and given back in `error`.
export async function send(path, body, { method = "POST", as = true } = {}) {
  const given = { ...(as ? { user: view.user } : {}), ...body };
  const response = await fetch(`/_sandbox/${path}`, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(given) }).catch(() => null);
  answers(response !== null);
  if (response === null) { notify("The sandbox does not answer."); return { error: "no answer" }; }
  const answer = await response.json().catch(() => ({ error: "no answer" }));
  if (!response.ok) notify(SAID[answer.error] || answer.error || "That did not work.");
  return response.ok ? answer : { error: "refused", ...answer };
}

const SAID = {
  not_in_channel: "You are not in this channel.",
  is_archived: "This channel is archived.",
  user_is_restricted: "A guest cannot join a channel alone.",
};

let notifier = () => {};
export function setNotifier(call) { notifier = call; }
export function notify(words) { notifier(words); }

export const me = () => state.people.find((one) => one.id === view.user);
export const person = (id) => state.people.find((one) => one.id === id);
export const room = (id) => state.rooms.find((one) => one.id === id);
export const group = (id) => state.groups.find((one) => one.id === id);
const named = (id) => person(id)?.real_name || state.app.name;
export const label = (found) => ({ im: () => state.app.name, mpim: () => found.members.filter((id) => id !== view.user).map(named).join(", ") }[found.kind] || (() => `#${found.name}`))();
export function now() {
  const base = new Date(state.now).getTime();
  return new Date(state.running ? base + performance.now() - state.received : base);
}
