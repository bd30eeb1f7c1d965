// The left column: channels with their unread marks, and the app.
import { avatar } from "./avatars.js";
import { h, redraw } from "./dom.js";
import { padlock } from "./icons.js";
import { state, view } from "./state.js";

const sign = (room) => h("span", { class: "hash", "aria-hidden": "true" }, room.kind === "private" ? padlock() : "#");

function entry(room, go, label, icon) {
  const open = room.id === view.room;
  const unread = room.unread && (!open || room.kind === "im");
  return h("li", {}, h("a", { href: `#/${room.id}`, class: `entry${open ? " open" : ""}${unread ? " unread" : ""}${room.is_member ? "" : " outsider"}`, "aria-current": open ? "page" : null, onclick: () => go(room) },
    icon, h("span", { class: "entry-name" }, label), unread ? h("span", { class: `count${room.mentioned ? " mentioned" : ""}`, "aria-label": `${room.unread} unread` }, String(room.unread)) : null));
}

export function drawSidebar(go) {
  const shown = { rooms: state.rooms, open: view.room, app: state.app, connected: state.connected, user: view.user };
  redraw(document.getElementById("sidebar"), shown, () => {
    const channels = state.rooms.filter((room) => room.kind !== "im" && room.is_member).sort((a, b) => a.name.localeCompare(b.name));
    const others = state.rooms.filter((room) => room.kind !== "im" && !room.is_member).sort((a, b) => a.name.localeCompare(b.name));
    const direct = state.rooms.filter((room) => room.kind === "im");
    return [
      h("h2", { class: "group-name" }, "Channels"), h("ul", { class: "entries" }, channels.map((room) => entry(room, go, room.name, sign(room)))),
      others.length ? [h("h2", { class: "group-name" }, "Other public channels"), h("ul", { class: "entries" }, others.map((room) => entry(room, go, room.name, sign(room))))] : null,
      h("h2", { class: "group-name" }, "Apps"), h("ul", { class: "entries" }, direct.map((room) => entry(room, go, state.app.name, avatar(state.app.id, "mini")))),
      h("div", { class: `link-state ${state.connected ? "up" : ""}` }, h("span", { class: "link-dot" }), state.connected ? `${state.app.name} is connected` : `${state.app.name} is not connected`),
    ];
  });
}
