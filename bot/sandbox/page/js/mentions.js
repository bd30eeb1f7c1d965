// Links and mentions: people, channels, groups, everybody; whoever is meant sees it at once.
import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { group, person, room, state, view } from "./state.js";

const SAFE = /^(https?:\/\/[^\s]|mailto:[^\s])/i;
export const isSafe = (url) => SAFE.test(url) && URL.canParse(url);

// A link where its address is http(s) or mail; everything else stays words. `label` may be drawn already.
export function link(url, label) {
  const words = typeof label === "string" && label ? withEmoji(label) : label;
  if (!isSafe(url)) return h("span", {}, words || url);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, words || url.replace(/^mailto:/i, ""));
}

const called = (words, me, props = {}) => h("span", { class: `mention${me ? " mention-me" : ""}`, ...props }, words);

export function mention(id, fallback) {
  const found = person(id);
  const name = id === state.app.id ? state.app.name : found?.real_name || fallback || id;
  return called(`@${name}`, id === view.user, { title: found?.title || null });
}

export function channelLink(id, fallback) {
  const found = room(id);
  return found ? h("a", { class: "mention", href: `#/${id}` }, `#${found.name}`) : called(`#${fallback || "private-channel"}`, false);
}

export function groupMention(id, fallback) {
  const found = group(id);
  return called(`@${found?.handle || (fallback || id).replace(/^@/, "")}`, found?.users?.includes(view.user));
}

export const BROADCASTS = ["here", "channel", "everyone"];
export const broadcast = (range) => called(`@${range}`, true);
