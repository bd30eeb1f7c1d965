// One message, and the list of them with its day lines.
import { avatar, nameOf } from "./avatars.js";
import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { encode, inline, mrkdwn } from "./mrkdwn.js";
import { send, view } from "./state.js";
import { ago, clockTime, dayKey, dayName, fromTs, fullTime } from "./times.js";

const typedStates = new Map();

// Where clicks inside a message go; what is typed beside a button travels with it.
function placeOf(message, narrow) {
  const key = `${message.channel} ${message.ts}`;
  const values = typedStates.get(key) || {};
  typedStates.set(key, values);
  const origin = { channel: message.channel, ts: message.ts };
  return {
    origin,
    narrow,
    act: (element, choice) => send("click", { ...origin, action: element.action_id, choice, values }),
    change: (block, element, state) => { (values[block.block_id] ||= {})[element.action_id] = state; },
    acts: (block) => block.type !== "input" || block.dispatch_action,
    stateOf: (block, element) => values[block.block_id]?.[element.action_id],
  };
}

export function message(item, { inThread = false, follows = false, openThread = null } = {}) {
  if (item.deleted) return tombstone(item, openThread);
  const date = fromTs(item.ts);
  const name = item.username || nameOf(item.user);
  const head = h("div", { class: "message-head" }, h("span", { class: "name" }, name), item.is_app ? h("span", { class: "badge" }, "APP") : null,
    h("time", { class: "when", dateTime: date.toISOString(), title: fullTime(date) }, clockTime(date)));
  const body = item.blocks?.length ? blocks(item.blocks, placeOf(item, inThread)) : h("div", { class: "text" }, mrkdwn(item.text));
  const toThread = openThread && (() => openThread(item.broadcast ? item.thread_ts : item.ts));
  return h("article", { class: `message${item.ephemeral ? " ephemeral" : ""}${follows ? " follows" : ""}`, "aria-label": `${name}, ${clockTime(date)}`, id: inThread ? null : `m${item.ts}`, data: { ts: item.ts } },
    item.ephemeral ? h("div", { class: "only-you" }, eye(), "Only visible to you") : null,
    h("div", { class: "message-row" }, h("div", { class: "gutter" }, follows ? h("time", { class: "quiet-when", title: fullTime(date) }, clockTime(date)) : avatar(item.user)),
      h("div", { class: "message-body" }, follows ? null : head, broadcast(item, inThread, toThread), h("div", { class: "content" }, body, item.edited ? h("span", { class: "edited" }, "(edited)") : null), reactions(item), inThread ? null : replies(item, openThread))),
    !inThread && !item.ephemeral && openThread ? h("div", { class: "hover" }, h("button", { class: "hover-button", onclick: toThread }, "Reply in thread")) : null);
}

// A reply that was sent to the channel as well says so in both places.
function broadcast(item, inThread, toThread) {
  if (!item.broadcast || item.replied_to === null) return null;
  if (inThread) return h("div", { class: "replied" }, "also sent to the channel");
  return h("div", { class: "replied" }, "replied to a thread: ", h("button", { class: "replied-to", onclick: toThread }, inline(encode(item.replied_to))));
}

const eye = () => h("span", { class: "eye", "aria-hidden": "true" }, "◔");

function tombstone(item, openThread) {
  return h("article", { class: "message deleted", data: { ts: item.ts } }, h("div", { class: "message-row" }, h("div", { class: "gutter" }), h("div", { class: "message-body" }, h("em", {}, "This message was deleted."), replies(item, openThread))));
}

function reactions(item) {
  if (!item.reactions?.length) return null;
  return h("div", { class: "reactions" }, item.reactions.map((one) => h("span", { class: `reaction${one.users.includes(view.user) ? " mine" : ""}`, title: one.users.map(nameOf).join(", ") }, emoji(one.name), ` ${one.count}`)));
}

function replies(item, openThread) {
  const count = item.thread?.length;
  if (!count || !openThread) return null;
  const writers = [...new Set(item.thread.map((reply) => reply.user))].slice(0, 4);
  const last = fromTs(item.thread[count - 1].ts);
  return h("button", { class: "replies", onclick: () => openThread(item.ts), "aria-label": `${count} ${count === 1 ? "reply" : "replies"}, open thread` },
    writers.map((id) => avatar(id, "small")), h("strong", {}, `${count} ${count === 1 ? "reply" : "replies"}`), h("span", { class: "last-reply" }, `Last reply ${ago(last)}`));
}

// Items for `reconcile`: day lines and messages; a message soon after one of the same writer stands without a head.
export function messageItems(list, options) {
  const items = [];
  let before = null;
  for (const one of list) {
    const date = fromTs(one.ts);
    const day = dayKey(date);
    if (!before || dayKey(fromTs(before.ts)) !== day) { items.push({ key: `day${day}`, signature: dayName(date), value: { day: dayName(date) } }); before = null; }
    const follows = Boolean(before && before.user === one.user && !before.ephemeral && !one.ephemeral && !one.deleted && !before.deleted && !one.broadcast && one.ts - before.ts < 300 && !one.blocks?.length && !before.thread?.length);
    const seen = [one, follows, view.user, one.thread?.length ? ago(fromTs(one.thread[one.thread.length - 1].ts)) : ""];
    items.push({ key: one.ts, signature: JSON.stringify(seen), value: { one, follows } });
    before = one;
  }
  return items.map((item) => ({ ...item, value: { ...item.value, options } }));
}

export function messageNode({ day, one, follows, options }) {
  return day ? h("div", { class: "day", role: "separator", "aria-label": day }, h("span", {}, day)) : message(one, { ...options, follows });
}
