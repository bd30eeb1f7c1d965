// The box one types in: messages, slash commands with suggestions, and a notice where one may not write.
import { completions, tokens } from "./complete.js";
import { h, redraw } from "./dom.js";
import { sign } from "./signs.js";
import { keep, label, me, notify, room, send, state, stored } from "./state.js";

const KEPT = "sandbox-typed";
const MOST_KEPT = 50;
const drafts = new Map();
const typedBefore = () => JSON.parse(stored(KEPT) || "[]");

function remember(command) {
  keep(KEPT, JSON.stringify([...typedBefore().filter((one) => one !== command), command].slice(-MOST_KEPT)));
}

export class Composer {
  // `acted` is called before and after something is sent.
  constructor(parent, { id, where, thread = () => null, acted = () => {} }) {
    Object.assign(this, { where, thread, acted, joining: false, more: "", picked: -1, from: 0, shown: [], back: 0, place: null });
    this.list = h("ul", { class: "suggestions above", role: "listbox", id: `${id}-list`, "aria-label": "Suggestions", hidden: true });
    this.box = h("textarea", { id, class: "box", rows: 1, role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": `${id}-list`, "aria-expanded": "false", oninput: () => { this.back = 0; this.suggest(); }, onkeydown: (event) => this.key(event), onblur: () => setTimeout(() => this.hide(), 150) });
    this.button = h("button", { class: "send", type: "button", "aria-label": "Send", title: "Send", onclick: () => this.send() }, sign("send"));
    this.frame = h("div", { class: "box-frame" }, this.box, this.button);
    this.notice = h("div", { class: "notice", hidden: true });
    this.hint = h("div", { class: "compose-hint" });
    parent.replaceChildren(this.list, this.frame, this.notice, this.hint);
  }

  draw() {
    const found = room(this.where());
    this.turnTo(`${this.where()} ${this.thread() || ""}`);
    const open = Boolean(found && !found.is_archived && found.is_member);
    this.frame.hidden = !open;
    this.notice.hidden = open || !found;
    if (!open) this.hide();
    if (open && this.joining) this.box.focus();
    this.joining = this.joining && !open;
    if (found && !open) redraw(this.notice, [found.id, found.is_archived, found.name], () => this.closed(found));
    if (!found) return;
    this.box.placeholder = this.thread() ? "Reply…" : `Message ${label(found)}, or type ${state.app.commands[0] || "/"} …`;
    this.box.setAttribute("aria-label", this.thread() ? "Reply in the thread" : this.box.placeholder);
    this.hint.textContent = this.thread() || !open ? "" : `You write as ${me()?.real_name || ""}${found.has_app === false ? ` · ${state.app.name} is not in this channel` : ""}`;
  }

  // Each room and thread keeps what was typed and not sent.
  turnTo(place) {
    if (place === this.place) return;
    if (this.place !== null) drafts.set(this.place, this.box.value);
    this.place = place;
    this.box.value = drafts.get(place) || "";
    this.hide();
    this.grow();
  }

  closed(found) {
    if (found.is_archived) return h("p", {}, h("strong", {}, `#${found.name}`), " is archived. It can be read, and nobody can write to it.");
    return [h("p", {}, "You are looking at ", h("strong", {}, `#${found.name}`)), h("button", { class: "button primary", type: "button", id: `join-${found.id}`, onclick: () => { this.joining = true; send("join", { channel: found.id }); } }, "Join channel")];
  }

  suggest() {
    this.grow();
    const found = completions(this.box.value, this.box.selectionStart, { commandsToo: !this.thread() });
    this.shown = found?.items || [];
    this.from = found?.from || 0;
    this.more = found?.more || "";
    this.picked = this.shown.length ? found.chosen : -1;
    this.drawList();
  }

  drawList() {
    this.list.hidden = !this.shown.length && !this.more;
    this.box.setAttribute("aria-expanded", String(!this.list.hidden));
    this.list.replaceChildren(...this.shown.map((item, index) => h("li", { role: "option", id: `${this.list.id}-${index}`, class: index === this.picked ? "picked" : "", "aria-selected": String(index === this.picked), onmousedown: (event) => { event.preventDefault(); this.take(item); } }, item.icon || null, h("strong", {}, item.words), h("span", {}, item.about))), ...(this.more ? [h("li", { class: "more", role: "option", "aria-disabled": "true", "aria-selected": "false" }, this.more)] : []));
    this.list.children[this.picked]?.scrollIntoView({ block: "nearest" });
    if (this.picked >= 0) this.box.setAttribute("aria-activedescendant", `${this.list.id}-${this.picked}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  take(item) {
    const rest = this.box.value.slice(this.box.selectionStart);
    const before = this.box.value.slice(0, this.from) + item.text;
    this.box.value = before + rest.replace(/^ /, item.text.endsWith(" ") ? "" : " ");
    this.box.focus();
    this.box.setSelectionRange(before.length, before.length);
    this.suggest();
  }

  hide() { this.shown = []; this.more = ""; this.picked = -1; this.drawList(); }
  grow() { this.box.style.height = "auto"; this.box.style.height = `${Math.min(180, this.box.scrollHeight)}px`; }

  key(event) {
    const count = this.shown.length;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (count && by && !this.back) {
      this.picked = (this.picked + by + count + (this.picked < 0 && by < 0 ? 1 : 0)) % count;
      this.drawList();
      event.preventDefault();
    } else if (count && (event.key === "Tab" || (event.key === "Enter" && this.picked >= 0)) && !event.shiftKey) {
      this.take(this.shown[Math.max(0, this.picked)]);
      event.preventDefault();
    } else if (event.key === "Escape" && !this.list.hidden) {
      this.hide();
      event.stopPropagation();
    } else if (by && (this.back || (by < 0 && !this.box.value))) this.recall(event, by);
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    }
  }

  // The commands typed before, the last one first.
  recall(event, by) {
    const before = typedBefore();
    this.back = Math.max(0, Math.min(before.length, this.back - by));
    this.box.value = this.back ? before[before.length - this.back] : "";
    this.hide();
    this.grow();
    event.preventDefault();
  }

  async send() {
    const text = this.box.value.trim();
    const command = this.box.value.startsWith("/");
    if (!text || this.frame.hidden) return;
    if (command && this.thread()) { notify("Slash commands do not work in threads. Type it in the channel."); return; }
    this.box.value = "";
    this.back = 0;
    drafts.delete(this.place);
    this.hide();
    this.grow();
    this.button.classList.add("busy");
    this.acted();
    const place = this.place;
    if (command) remember(text);
    const answer = command ? await send("command", { text, channel: this.where(), timeout: 0 }) : await send("message", { text: tokens(text), channel: this.where(), thread_ts: this.thread() || null });
    this.button.classList.remove("busy");
    if (answer.error) this.giveBack(place, text);
    this.acted();
  }

  // What could not be sent stands in the box again, unless the reader has gone on typing.
  giveBack(place, text) {
    if (place !== this.place) { if (!drafts.get(place)) drafts.set(place, text); return; }
    if (this.box.value) return;
    this.box.value = text;
    this.grow();
  }
}
