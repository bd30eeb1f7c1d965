// Select menus of every kind: type to search, arrows to move, Enter to choose; several choices stand as chips.
import { h } from "./dom.js";
import { choose, newId, words } from "./choosing.js";
import { hidePopup, isOpen, showPopup } from "./popups.js";
import { send, state } from "./state.js";

const option = (raw) => ({ key: raw.value, words: words(raw.text), detail: words(raw.description), raw });
const named = (id, name, detail) => ({ key: id, words: name, detail, raw: id });
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const person = (one) => named(one.id, one.real_name, one.title);
const channel = (one) => named(one.id, one.kind === "im" ? state.app.name : `${one.kind === "private" ? "🔒 " : "#"}${one.name}`, "");
const KINDS = { public: "public", private: "private", im: "im" };

function conversations(item) {
  const wanted = item.filter?.include || ["public", "private", "im"];
  return state.rooms.filter((one) => !one.is_archived && wanted.some((kind) => KINDS[kind] === one.kind) && !(item.filter?.exclude_bot_users && one.kind === "im"));
}

// What each kind of menu offers, and where its state stands.
const SOURCES = {
  static: { field: "option", groups: (item) => (item.options ? [{ options: item.options.map(option) }] : item.option_groups.map((one) => ({ label: words(one.label), options: one.options.map(option) }))) },
  external: { field: "option", groups: null },
  users: { field: "user", groups: () => [{ options: state.people.filter((one) => !one.deleted).map(person) }] },
  channels: { field: "channel", groups: () => [{ options: state.rooms.filter((one) => one.kind === "public" && !one.is_archived).map(channel) }] },
  conversations: { field: "conversation", groups: (item) => [{ options: conversations(item).map(channel) }] },
};

const readChoice = (kind, raw) => {
  if (raw && typeof raw === "object") return option(raw);
  const found = kind === "users" ? state.people.find((one) => one.id === raw) : state.rooms.find((one) => one.id === raw);
  if (!found) return named(raw, raw, "");
  return kind === "users" ? person(found) : channel(found);
};

export function select(item, block, place, label) {
  const many = item.type.startsWith("multi_");
  const kind = item.type.replace("multi_", "").replace("_select", "");
  return new Menu(item, block, place, label, kind, many).root;
}

class Menu {
  constructor(item, block, place, label, kind, many) {
    Object.assign(this, { item, block, place, kind, many, source: SOURCES[kind], options: [], picked: -1, asked: 0 });
    this.field = `${this.source.field}${many ? "s" : ""}`;
    this.chosen = this.first();
    this.list = h("div", { class: "popup options-popup", role: "listbox", hidden: true, popover: "manual", id: newId(), "aria-label": words(item.placeholder) || "Options", "aria-multiselectable": many || null, onpointerdown: (event) => event.preventDefault() });
    this.input = h("input", {
      class: "select", type: "text", role: "combobox", id: newId(), autocomplete: "off", spellcheck: false, autofocus: Boolean(item.focus_on_load),
      "aria-expanded": "false", "aria-haspopup": "listbox", "aria-controls": this.list.id, "aria-autocomplete": "list", ...(label ? { "aria-labelledby": label } : { "aria-label": words(item.placeholder) || item.action_id }),
      onclick: () => this.open(), oninput: () => this.search(), onkeydown: (event) => this.key(event), onblur: () => this.settle(),
    });
    this.chips = h("span", { class: "chips", onpointerdown: (event) => event.preventDefault() });
    this.box = h("div", { class: "select-box" }, this.chips, this.input, h("span", { class: "chevron", "aria-hidden": "true" }));
    this.root = h("div", { class: `combo${many ? " many" : ""}` }, this.box, this.list);
    this.draw();
  }

  first() {
    const kept = this.place.stateOf?.(this.block, this.item)?.[`selected_${this.field}`];
    const initial = kept === undefined ? this.item[`initial_${this.field}`] : kept;
    const current = initial ?? (this.item.default_to_current_conversation ? this.place.origin?.channel : null) ?? [];
    return [current].flat().map((raw) => readChoice(this.kind, raw));
  }

  draw() {
    const placeholder = words(this.item.placeholder) || (this.kind === "static" || this.kind === "external" ? "Select an option" : `Select ${this.many ? this.kind : `a ${this.kind.slice(0, -1)}`}`);
    this.input.placeholder = this.many && this.chosen.length ? "" : placeholder;
    if (!this.many) this.input.value = this.chosen[0]?.words || "";
    else this.chips.replaceChildren(...this.chosen.map((one) => h("span", { class: "chip" }, one.words, h("button", { type: "button", "aria-label": `Remove ${one.words}`, onclick: () => this.toggle(one) }, "×"))));
  }

  typed() { return this.searching ? this.input.value.trim() : ""; }

  open() {
    if (isOpen(this.list)) return;
    if (!this.many) this.input.select();
    this.offer();
  }

  search() { this.searching = true; this.offer(); }

  async offer() {
    const number = (this.asked += 1);
    const typed = this.typed();
    if (this.source.groups) { this.show(this.matching(fold(typed))); return; }
    const least = this.item.min_query_length ?? 3;
    if (typed.length < least) { this.show([], least > 1 ? `Type at least ${least} characters to search` : "Type to search"); return; }
    this.show([], "Searching…");
    const { options = [], error } = await send("suggest", { ...this.place.origin, action: this.item.action_id, typed });
    if (number === this.asked && isOpen(this.list)) this.show([{ options: options.map(option) }], error ? "The options could not be loaded" : "No results");
  }

  matching(typed) {
    return this.source.groups(this.item).map((one) => ({ ...one, options: one.options.filter((found) => fold(`${found.words} ${found.detail || ""}`).includes(typed)) })).filter((one) => one.options.length);
  }

  show(groups, nothing = "No results") {
    this.options = [];
    const drawn = groups.filter((one) => one.options.length).map((one) => {
      const entries = one.options.map((found) => this.entry(found));
      return one.label ? h("div", { role: "group", "aria-label": one.label }, h("div", { class: "popup-group", "aria-hidden": "true" }, one.label), entries) : entries;
    });
    this.list.replaceChildren(...(drawn.length ? drawn.flat() : [h("div", { class: "popup-nothing", role: "option", "aria-disabled": "true" }, nothing)]));
    this.input.setAttribute("aria-expanded", "true");
    showPopup(this.box, this.list, () => { this.input.setAttribute("aria-expanded", "false"); this.point(-1); });
    this.point(this.typed() ? 0 : this.options.findIndex((one) => this.has(one.found)));
  }

  entry(found) {
    const node = h("div", { role: "option", id: newId(), class: "popup-option", "aria-selected": String(this.has(found)), onclick: () => this.pick(found) },
      h("span", {}, found.words), found.detail ? h("small", {}, found.detail) : null);
    this.options.push({ found, node });
    return node;
  }

  has(found) { return this.chosen.some((one) => one.key === found.key); }

  point(index) {
    this.options[this.picked]?.node.classList.remove("picked");
    this.picked = index < this.options.length ? index : -1;
    const node = this.options[this.picked]?.node;
    node?.classList.add("picked");
    node?.scrollIntoView({ block: "nearest" });
    if (node) this.input.setAttribute("aria-activedescendant", node.id); else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      event.preventDefault();
      if (!isOpen(this.list)) this.open();
      else if (this.options.length) this.point((this.picked + steps[event.key] + this.options.length + (this.picked < 0 && steps[event.key] < 0 ? 1 : 0)) % this.options.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (isOpen(this.list) && this.options[this.picked]) this.pick(this.options[this.picked].found); else this.open();
    } else if (event.key === "Escape" && isOpen(this.list)) {
      event.preventDefault();
      event.stopPropagation();
      this.settle();
    } else if (event.key === "Backspace" && this.many && !this.input.value && this.chosen.length) this.toggle(this.chosen.at(-1));
  }

  pick(found) {
    if (this.many) { this.input.value = ""; this.searching = false; this.toggle(found); this.offer(); return; }
    this.set([found]);
    this.settle();
  }

  toggle(found) {
    const without = this.chosen.filter((one) => one.key !== found.key);
    if (without.length < this.chosen.length) this.set(without);
    else if (this.chosen.length < (this.item.max_selected_items || Infinity)) this.set([...this.chosen, found]);
  }

  set(chosen) {
    const before = this.chosen;
    this.chosen = chosen;
    this.draw();
    const raws = chosen.map((one) => one.raw);
    const value = this.many ? raws : raws[0];
    choose(this.item, this.block, this.place, { type: this.item.type, [`selected_${this.field}`]: value }, value, () => { this.chosen = before; this.draw(); });
  }

  // Back to what is chosen: a search that chose nothing leaves nothing behind.
  settle() {
    this.searching = false;
    hidePopup(this.list);
    if (this.many) this.input.value = "";
    this.draw();
  }
}
