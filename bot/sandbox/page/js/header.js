// The head of a conversation: its name and marks, topic, members, pins; and the bookmarks under it.
import { avatar, nameOf } from "./avatars.js";
import { byId, h, redraw } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { tabs } from "./home.js";
import { isSafe } from "./mentions.js";
import { memberList } from "./people.js";
import { closePopover, menuButton, togglePopover } from "./popover.js";
import { nameOfRoom, roomSign } from "./sidebar.js";
import { sign } from "./signs.js";
import { state, view } from "./state.js";
import { clockTime, dayName, fromTs } from "./times.js";

const tag = (words) => h("span", { class: "tag" }, words);

export function drawHead(found, { turnTo, find }) {
  redraw(byId("room-head"), [found, view.tab, state.app, view.user, state.people], () => {
    if (found.kind === "im") return [h("div", { class: "room-title" }, avatar(state.app.id, "small"), h("h1", {}, state.app.name)), tabs(turnTo, found.unread)];
    return [
      h("div", { class: "room-title" }, h("h1", {}, roomSign(found), nameOfRoom(found)), found.is_archived ? tag("archived") : null, found.is_shared ? tag("shared") : null, h("span", { class: "topic", title: found.topic }, withEmoji(found.topic || ""))),
      found.pins?.length ? menuButton({ class: "head-button", id: "pins", onclick: (event) => togglePopover(event.currentTarget, "Pinned messages", () => pins(found, find)) }, sign("pin"), `${found.pins.length} pinned`) : null,
      menuButton({ class: "head-button members", id: "members", title: "Members", onclick: (event) => togglePopover(event.currentTarget, "Members", () => [h("h2", { class: "popover-title" }, `${found.members.length} members`), memberList(found.members)]) }, sign("people"), found.members.slice(0, 3).map((id) => avatar(id, "small")), h("span", {}, String(found.members.length), h("span", { class: "unseen" }, " members"))),
    ];
  });
  drawBookmarks(found);
}

export function drawThreadsHead() {
  redraw(byId("room-head"), ["threads"], () => h("div", { class: "room-title" }, h("h1", {}, sign("threads"), "Threads")));
  byId("bookmarks").hidden = true;
}

function pins(found, find) {
  const go = (one) => { closePopover(false); find(found.id, one.ts); };
  return [h("h2", { class: "popover-title" }, "Pinned"), h("ul", { class: "choices" }, found.pins.map((one) => h("li", {}, h("button", { class: "choice", type: "button", onclick: () => go(one) }, h("span", { class: "choice-words" }, h("strong", {}, `${nameOf(one.user)} · ${dayName(fromTs(one.ts))} ${clockTime(fromTs(one.ts))}`), h("span", {}, one.words))))))];
}

function drawBookmarks(found) {
  const bar = byId("bookmarks");
  bar.hidden = !found.bookmarks?.length;
  redraw(bar, found.bookmarks || [], () => h("ul", { "aria-label": "Bookmarks" }, (found.bookmarks || []).map((one) => h("li", {}, isSafe(one.link) ? h("a", { href: one.link, target: "_blank", rel: "noreferrer noopener" }, sign("bookmark"), one.title) : h("span", {}, sign("bookmark"), one.title)))));
}
