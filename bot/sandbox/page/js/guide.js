// The demo's own panel: the tour, and events a reader can make happen.
import { h, redraw } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { notify, person, room, send, setUser, state, view } from "./state.js";

const ticked = new Set(JSON.parse(sessionStorage.getItem("sandbox-tour") || "[]"));
let busy = "";

function tick(index) {
  ticked.add(index);
  sessionStorage.setItem("sandbox-tour", JSON.stringify([...ticked]));
}

const done = (step, index) => (step.done === null ? ticked.has(index) : step.done || ticked.has(index));

async function perform(step, index, refresh) {
  if (step.person) setUser(step.person);
  if (step.channel) location.hash = `#/${step.channel}`;
  await refresh();
  if (step.event) await runEvent(step.event, refresh);
  if (step.command) await send("command", { text: step.command, channel: step.channel || view.room, timeout: 0 });
  if (step.advance) await send("clock", { advance: step.advance });
  if (step.done === null) tick(index);
  refresh();
}

async function runEvent(id, refresh) {
  busy = id;
  drawGuide(refresh);
  const answer = await send(`events/${id}`, {});
  busy = "";
  if (answer.result) notify(answer.result);
  refresh();
}

function doing(step) {
  if (step.event) return state.events.find((event) => event.id === step.event)?.label || "Make it happen";
  if (step.command) return `Type ${step.command}`;
  if (step.advance) return "Move the clock";
  if (step.channel) return `Go to ${room(step.channel)?.kind === "im" ? state.app.name : `#${room(step.channel)?.name || "the channel"}`}`;
  return step.person ? `Act as ${person(step.person)?.real_name}` : "Next";
}

function tour(refresh) {
  if (!state.tour.length) return null;
  const current = state.tour.findIndex((step, index) => !done(step, index));
  const finished = current < 0;
  const steps = state.tour.map((step, index) => {
    const ready = done(step, index);
    const open = index === current;
    return h("li", { class: `step${ready ? " ready" : ""}${open ? " current" : ""}`, "aria-current": open ? "step" : null }, h("span", { class: "step-mark", "aria-hidden": "true" }, ready ? "✓" : String(index + 1)),
      h("div", { class: "step-words" }, h("div", { class: "step-title" }, step.title), open ? h("div", { class: "step-text" }, mrkdwn(step.text)) : null,
        open ? h("div", { class: "step-actions" }, h("button", { class: "button primary small", onclick: () => perform(step, index, refresh) }, doing(step)), h("button", { class: "quiet", onclick: () => { tick(index); refresh(); } }, "Skip")) : null));
  });
  const count = state.tour.filter(done).length;
  return h("section", { class: "panel", "aria-label": "Guided tour" }, h("h2", {}, "Guided tour"), h("div", { class: "progress", role: "progressbar", "aria-label": "Tour", "aria-valuemin": 0, "aria-valuemax": state.tour.length, "aria-valuenow": count }, state.tour.map((step, index) => h("span", { class: done(step, index) ? "full" : "" }))), h("ol", { class: "steps" }, steps),
    finished ? h("p", { class: "finished" }, "That was the tour. Look around, or make something else happen.", h("button", { class: "quiet", onclick: () => { ticked.clear(); sessionStorage.removeItem("sandbox-tour"); refresh(); } }, "Start again")) : null);
}

function events(refresh) {
  if (!state.events.length) return null;
  return h("section", { class: "panel", "aria-label": "Make something happen" }, h("h2", {}, "Make something happen"), h("ul", { class: "events" }, state.events.map((event) => h("li", {}, h("button", { class: `event${busy === event.id ? " busy" : ""}`, onclick: () => runEvent(event.id, refresh) }, h("strong", {}, event.label), h("span", {}, event.description))))));
}

export function drawGuide(refresh) {
  const parent = document.getElementById("guide");
  parent.classList.toggle("nothing", !state.tour.length && !state.events.length);
  redraw(parent, [state.tour, state.events, state.rooms.map((one) => one.name), [...ticked], busy, view.user], () => [tour(refresh), events(refresh)]);
}
