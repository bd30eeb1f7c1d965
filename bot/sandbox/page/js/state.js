// What the page knows: the last state from the sandbox, and where this reader is looking.

export const stored = (name) => { try { return localStorage.getItem(name) || ""; } catch { return ""; } };
export const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* a private window */ } };

// `tab` of the app's own conversation; empty until the reader or its unread messages have chosen one.
export const view = { user: new URLSearchParams(location.search).get("as") || stored("sandbox-user"), room: "", thread: "", tab: "" };
export let state = null;
let listeners = [];
let asked = 0;

export function onState(listener) { listeners.push(listener); }

// Ask for the state; false when a later question has overtaken this one.
export async function refresh() {
  const number = ++asked;
  const query = new URLSearchParams();
  if (view.user) query.set("user", view.user);
  if (view.room) query.set("channel", view.room);
  const response = await fetch(`/_sandbox/state?${query}`);
  if (response.status === 404) { view.user = ""; return refresh(); }
  const fresh = await response.json();
  if (number !== asked) return false;
  if (!view.user && fresh.people.length) { setUser((fresh.people.find((one) => !one.deleted) || fresh.people[0]).id); return refresh(); }
  fresh.received = performance.now();
  state = fresh;
  view.user = fresh.me || view.user;
  for (const listener of listeners) listener();
  return true;
}

export function setUser(user) { view.user = user; keep("sandbox-user", user); }

export async function send(path, body) {
  const response = await fetch(`/_sandbox/${path}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user: view.user, ...body }),
  });
  const answer = await response.json().catch(() => ({ error: "no answer" }));
  if (!response.ok) notify(answer.error || "That did not work.");
  return answer;
}

let notifier = () => {};
export function setNotifier(call) { notifier = call; }
export function notify(words) { notifier(words); }

export const me = () => state.people.find((one) => one.id === view.user);
export const person = (id) => state.people.find((one) => one.id === id);
export const room = (id) => state.rooms.find((one) => one.id === id);
export const group = (id) => state.groups.find((one) => one.id === id);
export function now() {
  const base = new Date(state.now).getTime();
  return new Date(state.running ? base + performance.now() - state.received : base);
}
