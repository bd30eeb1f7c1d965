// Long texts show their beginning and "See more", as Slack does by their height.
import { h } from "./dom.js";

const TALLEST = 290;
const CANDIDATE = 350;
let count = 0;

const unfolded = new Set();

// Fold `text` once it is on the screen, if it is tall there; `key` names it, so that it stays open when drawn anew.
export function folding(text, key) {
  if (text.textContent.length < CANDIDATE && text.querySelectorAll("br").length < 9) return text;
  if (unfolded.has(key)) return text;
  text.id ||= `fold${(count += 1)}`;
  const holder = h("div", { class: "folding" }, text);
  const watcher = new ResizeObserver(() => {
    if (!text.clientHeight) return;
    watcher.disconnect();
    if (text.scrollHeight > TALLEST) fold(holder, text, key);
  });
  watcher.observe(text);
  return holder;
}

function fold(holder, text, key) {
  const more = h("button", { class: "see-more", type: "button", "aria-expanded": "false", "aria-controls": text.id });
  const set = (open) => {
    holder.classList.toggle("folded", !open);
    more.textContent = open ? "See less" : "See more";
    more.setAttribute("aria-expanded", String(open));
    if (open) unfolded.add(key); else unfolded.delete(key);
  };
  more.addEventListener("click", () => set(holder.classList.contains("folded")));
  holder.append(more);
  set(false);
}
