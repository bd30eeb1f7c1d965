// Mishaps: what an administrator, a colleague or the network may do to the app at any time, and the ways back.
import { confirmed } from "./confirm.js";
import { h, redraw } from "./dom.js";
import { notify, room, send, state, view } from "./state.js";
import { clockTime, fromTs } from "./times.js";

// `words` are for what the panel itself does not show.
async function happen(body, words = "") {
  const answer = await send("mishap", body, { as: false });
  if (!answer.error && words) notify(words);
}

const plain = (text) => ({ type: "plain_text", text });
const asked = (title, text, yes, run) => confirmed({ title: plain(title), text: plain(text), confirm: plain(yes), deny: plain("Cancel"), style: "danger" }, run);
const button = (words, run, id) => h("button", { class: "button small", type: "button", id, onclick: run }, words);

// The latest messages of the app in the open room, newest first.
const latest = () => (state.room?.messages || []).filter((one) => one.is_app && !one.ephemeral && !one.deleted).slice(-8).reverse();

function inThisRoom(found) {
  if (!found || found.kind === "im" || found.kind === "mpim") return h("p", { class: "small-print" }, "Open a channel to archive it, or to put the app out of it.");
  const name = `#${found.name}`;
  const archive = found.is_archived ? button(`Unarchive ${name}`, () => happen({ unarchive: found.id }), "mishap-archive") : button(`Archive ${name}`, () => happen({ archive: found.id }), "mishap-archive");
  const back = () => happen({ invite: { person: state.app.id, channel: found.id } });
  const bot = found.has_app ? button(`Put ${state.app.name} out of ${name}`, () => happen({ remove_bot: found.id }), "mishap-remove") : button(`Invite ${state.app.name} back to ${name}`, back, "mishap-remove");
  return h("div", { class: "mishap-row" }, archive, found.is_archived ? null : bot);
}

function picked(id, label, words, options, run) {
  if (!options.length) return null;
  const select = h("select", { class: "choose", id, "aria-label": label }, options.map(([value, text]) => h("option", { value }, text)));
  return h("div", { class: "mishap-pick" }, select, button(words, () => run(select.value), `${id}-go`));
}

const shortened = (one) => `${clockTime(fromTs(one.ts))} ${(one.plain || one.text || "a message").replace(/\s+/g, " ").slice(0, 50)}`;
const named = (people) => people.map((one) => [one.id, one.real_name]);

function token() {
  if (state.app.revoked) return h("p", { class: "small-print" }, "The app's token is revoked: every call is refused. There is no way back but to start the demo (or the sandbox) again.");
  return h("div", { class: "mishap-row" }, button("Revoke the app's token", () => asked("Revoke the token?", `${state.app.name} is silent from then on, and there is no way back: this demo would have to be started again.`, "Revoke", () => happen({ revoke_token: true })), "mishap-token"));
}

export function drawMishaps(parent) {
  const found = room(view.room);
  const messages = latest();
  const [gone, here] = [state.people.filter((one) => one.deleted), state.people.filter((one) => !one.deleted)];
  redraw(parent, [found?.id, found?.is_archived, found?.has_app, messages.map((one) => [one.ts, one.plain]), here.map((one) => one.id), state.connected, state.app.revoked], () => h("section", { class: "part", "aria-label": "Mishaps" }, h("h2", {}, "Mishaps"),
    inThisRoom(found),
    picked("mishap-message", "Message to delete", "Delete", messages.map((one) => [one.ts, shortened(one)]), (ts) => happen({ delete: { channel: found.id, ts } }, "The message is deleted.")),
    picked("mishap-person", "Person to deactivate", "Deactivate", named(here), (id) => happen({ deactivate: id })),
    picked("mishap-gone", "Person to reactivate", "Reactivate", named(gone), (id) => happen({ reactivate: id })),
    h("div", { class: "mishap-row" }, button("Drop the sockets", () => happen({ drop_sockets: true }, "The sockets are dropped; the app connects again by itself."), "mishap-sockets")), token()));
}
