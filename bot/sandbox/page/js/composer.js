// The box one types in: messages, and slash commands with suggestions.
import { h } from "./dom.js";
import { me, notify, room, send, state } from "./state.js";

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

// @names and #channels become what the chat tool sends for them.
function tokens(text) {
  const people = [{ id: state.app.id, name: state.app.handle }, { id: state.app.id, name: state.app.name }, ...state.people.flatMap((one) => [{ id: one.id, name: one.real_name }, { id: one.id, name: one.name }])];
  let out = escape(text);
  for (const one of people.sort((a, b) => b.name.length - a.name.length)) out = out.replace(new RegExp(`(^|\\s)@${one.name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w-])`, "gi"), `$1<@${one.id}>`);
  for (const one of state.rooms) if (one.kind !== "im") out = out.replace(new RegExp(`(^|\\s)#${one.name}(?![\\w-])`, "gi"), `$1<#${one.id}>`);
  return out;
}

export class Composer {
  constructor(parent, { id, where, thread = null, after = () => {} }) {
    Object.assign(this, { where, thread, after, picked: -1, shown: [] });
    this.list = h("ul", { class: "suggestions above", role: "listbox", id: `${id}-list`, "aria-label": "Suggestions", hidden: true });
    this.box = h("textarea", { id, class: "box", rows: 1, role: "combobox", "aria-autocomplete": "list", "aria-controls": `${id}-list`, "aria-expanded": "false", oninput: () => this.suggest(), onkeydown: (event) => this.key(event), onblur: () => setTimeout(() => this.hide(), 150) });
    this.button = h("button", { class: "send", type: "button", "aria-label": "Send", onclick: () => this.send() }, h("span", { "aria-hidden": "true" }, "➤"));
    this.hint = h("div", { class: "compose-hint" });
    parent.replaceChildren(this.list, h("div", { class: "box-frame" }, this.box, this.button), this.hint);
  }

  draw() {
    const found = room(this.where());
    const name = !found ? "" : found.kind === "im" ? state.app.name : `#${found.name}`;
    const closed = !found || found.is_archived || !found.is_member;
    this.box.disabled = closed;
    this.box.placeholder = found?.is_archived ? "This channel is archived" : closed ? "You are not in this channel" : this.thread ? "Reply…" : `Message ${name}, or type ${state.app.commands[0] || "/"} …`;
    this.box.setAttribute("aria-label", this.box.placeholder);
    this.hint.textContent = this.thread ? "" : `You write as ${me()?.real_name || ""}`;
  }

  suggest() {
    this.grow();
    const typed = this.box.value;
    const fits = !this.thread && typed.startsWith("/") && !typed.includes("\n");
    const hints = [...state.app.hints, ...state.app.commands.filter((one) => !state.app.hints.some((hint) => hint.text === one)).map((text) => ({ text, description: "" }))];
    this.shown = fits ? hints.filter((hint) => hint.text.toLowerCase().startsWith(typed.toLowerCase()) && hint.text !== typed).slice(0, 8) : [];
    this.picked = -1;
    this.drawList();
  }

  drawList() {
    this.list.hidden = !this.shown.length;
    this.box.setAttribute("aria-expanded", String(!this.list.hidden));
    this.list.replaceChildren(...this.shown.map((hint, index) => h("li", { role: "option", id: `${this.list.id}-${index}`, class: index === this.picked ? "picked" : "", "aria-selected": String(index === this.picked), onmousedown: (event) => { event.preventDefault(); this.take(hint); } }, h("strong", {}, hint.text), h("span", {}, hint.description))));
    if (this.picked >= 0) this.box.setAttribute("aria-activedescendant", `${this.list.id}-${this.picked}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  take(hint) { this.box.value = hint.text; this.hide(); this.box.focus(); this.suggest(); }
  hide() { this.shown = []; this.drawList(); }
  grow() { this.box.style.height = "auto"; this.box.style.height = `${Math.min(180, this.box.scrollHeight)}px`; }

  key(event) {
    const count = this.shown.length;
    if (count && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const by = event.key === "ArrowDown" ? 1 : -1;
      this.picked = (this.picked + by + count + (this.picked < 0 && by < 0 ? 1 : 0)) % count;
      this.drawList();
      event.preventDefault();
    } else if (count && (event.key === "Tab" || (event.key === "Enter" && this.picked >= 0))) {
      this.take(this.shown[Math.max(0, this.picked)]);
      event.preventDefault();
    } else if (event.key === "Escape" && count) {
      this.hide();
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    }
  }

  async send() {
    const text = this.box.value.trim();
    if (!text || this.box.disabled) return;
    this.box.value = "";
    this.hide();
    this.grow();
    if (text.startsWith("/") && this.thread) { notify("Slash commands cannot be used in threads."); return; }
    this.button.classList.add("busy");
    if (text.startsWith("/")) await send("command", { text, channel: this.where(), timeout: 0 });
    else await send("message", { text: tokens(text), channel: this.where(), thread_ts: this.thread?.() || null });
    this.button.classList.remove("busy");
    this.after();
  }
}
