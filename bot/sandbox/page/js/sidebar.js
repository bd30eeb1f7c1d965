// The left column: threads, channels with their unread marks, and the app.
import { avatar } from "./avatars.js";
import { byId, h, redraw } from "./dom.js";
import { padlock } from "./icons.js";
import { sign } from "./signs.js";
import { label, state, THREADS, view } from "./state.js";

export const roomSign = (room) => h("span", { class: "hash", "aria-hidden": "true" }, room.is_archived ? sign("box") : room.kind === "private" ? padlock() : room.kind === "mpim" ? sign("people") : "#");

// A conversation of several people is called by those who are in it.
export const nameOfRoom = (room) => label(room).replace(/^#/, "");

const said = (room) => [room.kind === "private" ? "private" : "", room.is_archived ? "archived" : "", room.is_shared ? "shared with another company" : ""];
const sharedMark = (room) => (room.is_shared ? h("span", { class: "mark", title: "Shared with another company" }, sign("shared")) : null);

// `about` are words for those who do not see the marks.
function entry({ id, unread = 0, mentioned = false, outsider = false, archived = false, open, about = [] }, label, icon, go, extra = null) {
  const more = about.filter(Boolean).join(", ");
  return h("li", {}, h("a", { href: `#/${id}`, id: `to-${id}`, class: `entry${open ? " open" : ""}${unread ? " unread" : ""}${outsider ? " outsider" : ""}${archived ? " archived" : ""}`, "aria-current": open ? "page" : null, onclick: go },
    icon, h("span", { class: "entry-name" }, label), extra, more ? h("span", { class: "unseen" }, ` ${more} `) : null, unread ? h("span", { class: `count${mentioned ? " mentioned" : ""}` }, String(unread), h("span", { class: "unseen" }, " unread")) : null));
}

function roomEntry(room, go) {
  const open = room.id === view.room;
  const direct = room.kind === "im" || room.kind === "mpim";
  const about = { id: room.id, open, unread: open && room.kind !== "im" ? 0 : room.unread, mentioned: room.mentioned || direct, outsider: !room.is_member, archived: room.is_archived, about: [...said(room), room.unread && room.mentioned ? "you are named" : ""] };
  return entry(about, room.kind === "im" ? state.app.name : nameOfRoom(room), room.kind === "im" ? avatar(state.app.id, "mini") : roomSign(room), () => go(room), sharedMark(room));
}

const group = (words, rooms, go) => (rooms.length ? [h("h2", { class: "group-name" }, words), h("ul", { class: "entries" }, rooms.map((room) => roomEntry(room, go)))] : null);

export function drawSidebar(go) {
  redraw(byId("sidebar"), [state.rooms, state.unread_threads, view.room, state.app, state.connected, view.user], () => {
    const channels = state.rooms.filter((room) => room.kind === "public" || room.kind === "private").sort((a, b) => a.name.localeCompare(b.name));
    const threads = { id: THREADS, open: view.room === THREADS, unread: state.unread_threads };
    return [
      h("ul", { class: "entries top-entries" }, entry(threads, "Threads", h("span", { class: "hash", "aria-hidden": "true" }, sign("threads")), () => go(null))),
      group("Channels", channels.filter((room) => room.is_member && !room.is_archived), go),
      group("Other public channels", channels.filter((room) => !room.is_member && !room.is_archived), go),
      group("Direct messages", state.rooms.filter((room) => room.kind === "mpim"), go),
      group("Apps", state.rooms.filter((room) => room.kind === "im"), go),
      group("Archived", channels.filter((room) => room.is_archived), go),
      h("div", { class: `link-state ${state.connected ? "up" : ""}` }, h("span", { class: "link-dot", "aria-hidden": "true" }), state.connected ? `${state.app.name} is connected` : `${state.app.name} is not connected`),
    ];
  });
}
