// One message, and the list of them with its day lines and the line above what is new.
import { avatar, nameOf } from "./avatars.js";
import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { folding } from "./folding.js";
import { encode, inline, mrkdwn } from "./mrkdwn.js";
import { sign } from "./signs.js";
import { label, room, send, view } from "./state.js";
import { ago, clockTime, dayKey, dayName, fromTs, fullTime } from "./times.js";
import { addReaction, permalink, react, toolbar } from "./toolbar.js";

const TOGETHER = 300;
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

export function message(item, { inThread = false, follows = false, openThread = null, named = false } = {}) {
  if (item.deleted) return tombstone(item, openThread);
  const date = fromTs(item.ts);
  const name = item.username || nameOf(item.user);
  const toThread = openThread && (() => openThread(item.broadcast ? item.thread_ts : item.ts, item.channel));
  const time = h("a", { class: "when", href: permalink(item) }, h("time", { dateTime: date.toISOString(), title: fullTime(date) }, clockTime(date)));
  const head = h("div", { class: "message-head" }, h("span", { class: "name" }, name), item.is_app ? h("span", { class: "badge" }, "APP") : null, time);
  const said = item.blocks?.length ? blocks(item.blocks, placeOf(item, inThread)) : folding(h("div", { class: "text" }, mrkdwn(item.text)), `${item.channel} ${item.ts}`);
  return h("article", { class: `message${item.ephemeral ? " ephemeral" : ""}${follows ? " follows" : ""}${item.blocks?.length ? " drawn" : ""}${item.pinned ? " pinned" : ""}`, "aria-label": `${name}, ${clockTime(date)}`, tabIndex: -1, data: { ts: item.ts } },
    named ? h("div", { class: "in-room" }, h("a", { href: `#/${item.channel}` }, label(room(item.channel)))) : null,
    item.pinned ? h("div", { class: "remark" }, sign("pin", "sign tiny-sign"), "Pinned") : null,
    item.ephemeral ? h("div", { class: "remark only-you" }, sign("eye", "sign tiny-sign"), "Only visible to you") : null,
    h("div", { class: "message-row" }, h("div", { class: "gutter" }, follows ? h("time", { class: "quiet-when", title: fullTime(date), "aria-hidden": "true" }, clockTime(date)) : avatar(item.user)),
      h("div", { class: "message-body" }, follows ? null : head, broadcast(item, inThread, toThread), h("div", { class: "content" }, said, item.edited ? h("span", { class: "edited" }, "(edited)") : null), files(item), reactions(item, inThread), inThread ? null : replies(item, openThread))),
    item.ephemeral ? null : toolbar(item, { toThread: inThread ? null : toThread, inThread }));
}

// A reply that was sent to the channel as well says so in both places.
function broadcast(item, inThread, toThread) {
  if (!item.broadcast || item.replied_to === null) return null;
  if (inThread) return h("div", { class: "replied" }, "also sent to the channel");
  return h("div", { class: "replied" }, "replied to a thread: ", h("button", { class: "replied-to", onclick: toThread }, inline(encode(item.replied_to), true, false)));
}

function tombstone(item, openThread) {
  return h("article", { class: "message deleted", "aria-label": "A deleted message", data: { ts: item.ts } }, h("div", { class: "message-row" }, h("div", { class: "gutter" }, h("span", { class: "avatar gone", "aria-hidden": "true" })), h("div", { class: "message-body" }, h("em", {}, "This message was deleted."), replies(item, openThread))));
}

function files(item) {
  if (!item.files?.length) return null;
  return h("ul", { class: "files", "aria-label": "Files" }, item.files.map((file) => h("li", { class: "file" }, h("strong", {}, file.title || file.name), h("span", {}, [file.pretty_type || file.filetype, file.size ? `${Math.max(1, Math.round(file.size / 1024))} kB` : ""].filter(Boolean).join(" · ")))));
}

function reactions(item, inThread) {
  if (!item.reactions?.length) return null;
  const where = inThread ? "thread" : "room";
  return h("div", { class: "reactions" }, item.reactions.map((one) => {
    const mine = one.users.includes(view.user);
    const names = one.users.map(nameOf).join(", ");
    return h("button", { class: `reaction${mine ? " mine" : ""}`, type: "button", id: `reaction-${where}-${item.ts}-${one.name}`, "aria-pressed": String(mine), "aria-label": `${one.name.replaceAll("_", " ")}, ${one.count}: ${names}`, title: `${names} reacted with :${one.name}:`, onclick: () => react(item, one.name) }, emoji(one.name), h("span", {}, String(one.count)));
  }), addReaction(item, `more-${where}`, "reaction more"));
}

function replies(item, openThread) {
  const count = item.thread?.length;
  if (!count || !openThread) return null;
  const writers = [...new Set(item.thread.map((reply) => reply.user))].slice(0, 4);
  const last = fromTs(item.thread[count - 1].ts);
  const words = `${count} ${count === 1 ? "reply" : "replies"}`;
  const latest = `Last reply ${ago(last)}`;
  const fresh = item.unread_replies ? `${item.unread_replies} new` : "";
  return h("button", { class: "replies", type: "button", onclick: () => openThread(item.ts, item.channel) },
    writers.map((id) => avatar(id, "small")), h("strong", {}, words), fresh ? [h("span", { class: "unseen" }, ", "), h("span", { class: "new-replies" }, fresh)] : null, h("span", { class: "unseen" }, ", "), h("span", { class: "last-reply" }, latest), h("span", { class: "unseen" }, ", open thread"), h("span", { class: "view-thread", "aria-hidden": "true" }, "View thread"));
}

// Soon after one of the same writer a message stands without a head.
function joins(one, before) {
  const plain = (item) => !item.ephemeral && !item.deleted && !item.broadcast;
  return Boolean(before && before.user === one.user && before.username === one.username && plain(one) && plain(before) && !one.pinned && one.ts - before.ts < TOGETHER && !before.thread?.length);
}

const line = (key, value) => ({ key, signature: JSON.stringify(value), value });

// Items for `reconcile`: day lines, the line above what the reader has not read (`newFrom`), and messages.
export function messageItems(list, options, newFrom = null) {
  const items = [];
  let before = null;
  let lined = newFrom === null;
  for (const one of list) {
    const day = dayKey(fromTs(one.ts));
    if (!before || dayKey(fromTs(before.ts)) !== day) { items.push(line(`day${day}`, { day: dayName(fromTs(one.ts)) })); before = null; }
    if (!lined && one.ts > newFrom && one.user !== view.user && !one.ephemeral) { items.push(line("new", { fresh: true })); lined = true; before = null; }
    const follows = joins(one, before);
    const seen = [one, follows, view.user, one.thread?.length ? ago(fromTs(one.thread[one.thread.length - 1].ts)) : "", options.named ? 1 : 0];
    items.push({ key: one.channel + one.ts, signature: JSON.stringify(seen), value: { one, follows } });
    before = one;
  }
  return items.map((item) => ({ ...item, value: { ...item.value, options } }));
}

export function messageNode({ day, fresh, one, follows, options }) {
  if (fresh) return h("div", { class: "new-line", role: "separator", "aria-label": "New messages" }, h("span", {}, "New"));
  return day ? h("div", { class: "day", role: "separator", "aria-label": day }, h("span", {}, day)) : message(one, { ...options, follows });
}
