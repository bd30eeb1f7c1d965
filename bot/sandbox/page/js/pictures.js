// Pictures: those the sandbox itself holds are shown; those of other hosts are named, never fetched.
import { h, svg } from "./dom.js";
import { isSafe } from "./mentions.js";
import { textObject } from "./mrkdwn.js";

const ours = (url) => URL.canParse(url) && new URL(url).origin === location.origin;
const carried = (url) => /^data:image\/(png|jpe?g|gif|webp|svg\+xml)[;,]/i.test(url);

// Where the bytes of a picture can be had without asking another host; null where they cannot.
function address({ image_url: url, slack_file: file }) {
  if (url && (carried(url) || ours(url))) return url;
  if (file?.url && ours(file.url)) return file.url;
  return file?.id ? `/files/${encodeURIComponent(file.id)}` : null;
}

const hostOf = (url) => (URL.canParse(url || "") ? new URL(url).host : "");

const frame = () => svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: "M3.5 5h17v14h-17zM3.500 16l5-5 4.500 4.500 2.500-2.500 5 5M15.500 9.500h.01" }));

function outside(item, className) {
  const words = item.alt_text || "Picture";
  const host = hostOf(item.image_url || item.thumbnail_url);
  return h("span", { class: `${className} outside`, role: "img", "aria-label": words, title: host ? `${words} (a picture at ${host})` : words },
    frame(), className === "picture" || className === "hero" ? [h("span", { class: "outside-words" }, words), host ? h("span", { class: "outside-host" }, `at ${host}`) : null] : null);
}

// `className`: "picture" (a block of its own), "thumb", "tiny" or "hero".
export function picture(item, className) {
  const url = address(item);
  if (!url) return outside(item, className);
  return h("img", { class: className, src: url, alt: item.alt_text || "", title: item.alt_text || null, onerror: (event) => event.target.replaceWith(outside(item, className)) });
}

export function imageBlock(block) {
  return h("figure", { class: "block image-block" }, block.title ? h("figcaption", {}, textObject(block.title)) : null, picture(block, "picture"));
}

const play = () => svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { class: "play-sign", d: "M8 5.500v13l10.500-6.500z" }));

// A video is never loaded: its words, its maker, and a frame in its place.
export function videoBlock(block) {
  const title = block.title_url && isSafe(block.title_url) ? h("a", { href: block.title_url, target: "_blank", rel: "noopener noreferrer" }, textObject(block.title)) : textObject(block.title);
  const maker = [block.author_name, block.provider_name].filter(Boolean).join(" · ");
  return h("figure", { class: "block video" }, maker ? h("div", { class: "video-maker" }, maker) : null, h("figcaption", {}, title), block.description ? h("div", { class: "video-words" }, textObject(block.description)) : null,
    h("span", { class: "video-frame", role: "img", "aria-label": `Video: ${block.alt_text}`, title: block.alt_text }, play(), h("span", { class: "outside-host" }, `at ${hostOf(block.video_url) || "an unknown address"}`)));
}
