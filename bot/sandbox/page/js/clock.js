// The sandbox's clock: the company's time, the reader's beside it where it differs, and the ways to move it.
import { byId, h, redraw } from "./dom.js";
import { closePopover, menuButton, togglePopover } from "./popover.js";
import { sign } from "./signs.js";
import { notify, now, send, state } from "./state.js";
import { companyClock, readersClock } from "./times.js";

// The company's local time as a field for date and time takes it: "2026-11-24T10:05".
const local = () => new Intl.DateTimeFormat("sv-SE", { timeZone: state.zone, dateStyle: "short", timeStyle: "short" }).format(now()).replace(" ", "T");

async function move(button, body) {
  button?.classList.add("busy");
  button?.setAttribute("aria-busy", "true");
  await send("clock", body);
  button?.classList.remove("busy");
  button?.removeAttribute("aria-busy");
}

const step = (words, short, body) => h("button", { class: "clock-move", type: "button", title: `Move the clock: ${words}`, onclick: (event) => move(event.currentTarget, body) }, h("span", { class: "wide" }, words), h("span", { class: "narrow" }, short));
const opens = (event) => togglePopover(event.currentTarget, "Move the clock", menu);

// The reader's time stands first, as in the messages; the company's beside it where it differs. A phone has one button.
export function drawClock() {
  if (!state) return;
  const [mine, company] = [readersClock(), companyClock()];
  const other = mine.time === company.time ? null : company;
  const said = `${mine.day}, ${mine.time}, ${mine.zone}${other ? `; for the company ${other.day}, ${other.time}, ${other.zone}` : ""}`;
  redraw(byId("clock"), [mine, other], () => [
    h("span", { class: "clock-face", role: "timer", "aria-label": said },
      h("span", { class: "clock-day" }, mine.day), h("strong", { class: "clock-time" }, mine.time), h("span", { class: "clock-zone" }, mine.zone), other ? h("span", { class: "clock-theirs", title: "The company's time" }, `${other.time} ${other.zone}`) : null),
    h("span", { class: "clock-moves" }, step("+1 hour", "+1 h", { advance: 3600 }), step("+1 day", "+1 d", { advance: 86400 }), step("Tomorrow 08:00", "08:00", { tomorrow_at: "08:00" }),
      menuButton({ class: "clock-move clock-more", id: "clock-more", "aria-label": "Move the clock to a time", title: "Move the clock to a time", onclick: opens }, sign("down", "sign tiny-sign"))),
    menuButton({ class: "clock-fold", id: "clock-fold", "aria-label": `Clock: ${mine.short} ${mine.time}: ${said}. Move it`, onclick: opens }, h("span", {}, mine.short), " ", h("strong", { class: "clock-time" }, mine.time), sign("down", "sign tiny-sign")),
  ]);
}

function menu() {
  const field = h("input", { class: "input", type: "datetime-local", id: "clock-to", value: local(), min: local(), required: true });
  const go = (event) => {
    event.preventDefault();
    if (!field.value) { notify("Name a day and a time first."); return; }
    closePopover();
    move(null, { move_to: field.value });
  };
  const choice = (words, body) => h("button", { class: "menu-item", type: "button", onclick: () => { closePopover(); move(null, body); } }, words);
  return [
    h("div", { class: "menu-items" }, choice("10 minutes on", { advance: 600 }), choice("1 hour on", { advance: 3600 }), choice("4 hours on", { advance: 14400 }), choice("1 day on", { advance: 86400 }), choice("One week on", { advance: 604800 }), choice(`To tomorrow, 08:00 in ${companyClock().zone}`, { tomorrow_at: "08:00" })),
    h("form", { class: "menu-form", onsubmit: go }, h("label", { class: "field-label", htmlFor: "clock-to" }, `To a time in ${companyClock().zone}`), field, h("button", { class: "button primary small", type: "submit" }, "Move the clock"), h("p", { class: "small-print" }, "It only moves forward. What falls due on the way happens.")),
  ];
}
