// Mishaps: what an administrator, a colleague or the network may do to the app at any time.
import { h, redraw } from "./dom.js";
import { notify, room, send, state, view } from "./state.js";
import { clockTime, fromTs } from "./times.js";

async function happen(body, words) {
  const answer = await send("mishap", body, { as: false });
  if (!answer.error) notify(words);
}

const button = (words, run, id) => h("button", { class: "button small", type: "button", id, onclick: run }, words);

// The latest messages of the app in the open room, newest first.
const latest = () => (state.room?.messages || []).filter((one) => one.is_app && !one.ephemeral && !one.deleted).slice(-8).reverse();

function inThisRoom(found) {
  if (!found || found.kind === "im" || found.kind === "mpim") return h("p", { class: "small-print" }, "Open a channel to archive it, or to put the app out of it.");
  const name = `#${found.name}`;
  const buttons = found.is_archived ? [] : [button(`Archive ${name}`, () => happen({ archive: found.id }, `${name} is archived.`), "mishap-archive")];
  if (found.has_app) buttons.push(button(`Put ${state.app.name} out of ${name}`, () => happen({ remove_bot: found.id }, `${state.app.name} is no longer in ${name}.`), "mishap-remove"));
  return h("div", { class: "mishap-row" }, buttons);
}

function picked(id, label, words, options, run) {
  const select = h("select", { class: "choose", id, "aria-label": label }, options.map(([value, text]) => h("option", { value }, text)));
  return h("div", { class: "mishap-pick" }, select, button(words, () => run(select.value, select.selectedOptions[0]?.textContent), `${id}-go`));
}

const shortened = (one) => `${clockTime(fromTs(one.ts))} ${(one.plain || one.text || "a message").replace(/\s+/g, " ").slice(0, 50)}`;

export function drawMishaps(parent) {
  const found = room(view.room);
  const messages = latest();
  const here = state.people.filter((one) => !one.deleted);
  redraw(parent, [found?.id, found?.is_archived, found?.has_app, messages.map((one) => [one.ts, one.plain]), here.map((one) => one.id), state.connected], () => h("section", { class: "part", "aria-label": "Mishaps" }, h("h2", {}, "Mishaps"),
    inThisRoom(found),
    messages.length ? picked("mishap-message", "Message to delete", "Delete", messages.map((one) => [one.ts, shortened(one)]), (ts) => happen({ delete: { channel: found.id, ts } }, "The message is deleted.")) : null,
    picked("mishap-person", "Person to deactivate", "Deactivate", here.map((one) => [one.id, one.real_name]), (id, name) => happen({ deactivate: id }, `${name} is deactivated.`)),
    h("div", { class: "mishap-row" }, button("Revoke the app's token", () => happen({ revoke_token: true }, "The token is revoked: every call is refused from now on."), "mishap-token"), button("Drop the sockets", () => happen({ drop_sockets: true }, "The sockets are dropped."), "mishap-sockets"))));
}
