// The demo's own panel: the tour, and events a reader can make happen.
import { h, redraw } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { keep, notify, person, send, setUser, state, stored, view } from "./state.js";

const KEPT = "sandbox-tour";
const ticked = new Set();
let remembered = "";
let busy = "";

// What was ticked since this sandbox started, in whatever tab; false when `key` is of something else.
export function rememberTour(key = KEPT) {
  if (key !== KEPT) return false;
  const { start, steps } = JSON.parse(stored(KEPT) || "{}");
  ticked.clear();
  if (start === state.start) for (const index of steps) ticked.add(index);
  remembered = state.start;
  return true;
}

function tick(index) {
  ticked.add(index);
  keep(KEPT, JSON.stringify({ start: state.start, steps: [...ticked] }));
}

function startAgain() {
  ticked.clear();
  keep(KEPT, "");
}

const done = (step, index) => step.done || ticked.has(index);
const currentStep = () => state.tour.findIndex((step, index) => !done(step, index));

// Whoever opens the room of a step that only shows something has done it.
export function visited(one) {
  const index = currentStep();
  const step = state.tour[index];
  const acts = step && (step.done !== null || step.event || step.command || step.advance || step.tomorrow_at);
  if (step && !acts && step.channel === one.id && (!step.person || step.person === view.user)) tick(index);
}

async function perform(step, index, refresh, enter) {
  if (step.person) setUser(step.person);
  if (step.channel) enter(step.channel);
  await refresh();
  if (step.event) await runEvent(step.event, refresh);
  if (step.command) await send("command", { text: step.command, channel: step.channel || view.room, timeout: 0 });
  if (step.advance) await send("clock", { advance: step.advance });
  if (step.tomorrow_at) await send("clock", { next_at: step.tomorrow_at });
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
  if (step.tomorrow_at) return `Move the clock to ${step.tomorrow_at}`;
  if (step.channel) return `Go to ${step.channel_name}`;
  return step.person ? `Act as ${person(step.person)?.real_name}` : "Next";
}

// Where the button leads, and as whom.
function leading(step) {
  const who = step.person ? `as ${person(step.person)?.real_name}` : "";
  const where = step.channel && doing(step) !== `Go to ${step.channel_name}` ? `in ${step.channel_name}` : "";
  return h("div", { class: "step-place" }, [where, who].filter(Boolean).join(" "));
}

function tour(refresh, enter) {
  if (!state.tour.length) return null;
  const current = currentStep();
  const finished = current < 0;
  const steps = state.tour.map((step, index) => {
    const ready = done(step, index);
    const open = index === current;
    return h("li", { class: `step${ready ? " ready" : ""}${open ? " current" : ""}`, "aria-current": open ? "step" : null }, h("span", { class: "step-mark", "aria-hidden": "true" }, ready ? "✓" : String(index + 1)),
      h("div", { class: "step-words" }, h("div", { class: "step-title" }, step.title), open ? h("div", { class: "step-text" }, mrkdwn(step.text)) : null,
        open ? h("div", { class: "step-actions" }, h("button", { class: "button primary small", onclick: () => perform(step, index, refresh, enter) }, doing(step)), h("button", { class: "quiet", onclick: () => { tick(index); refresh(); } }, "Skip")) : null,
        open ? leading(step) : null));
  });
  const count = state.tour.filter(done).length;
  return h("section", { class: "panel", "aria-label": "Guided tour" }, h("h2", {}, "Guided tour"), h("div", { class: "progress", role: "progressbar", "aria-label": "Tour", "aria-valuemin": 0, "aria-valuemax": state.tour.length, "aria-valuenow": count }, state.tour.map((step, index) => h("span", { class: done(step, index) ? "full" : "" }))), h("ol", { class: "steps" }, steps),
    finished ? h("p", { class: "finished" }, "That was the tour. Look around, or make something else happen.", h("button", { class: "quiet", onclick: () => { startAgain(); refresh(); } }, "Start again")) : null);
}

function events(refresh) {
  if (!state.events.length) return null;
  return h("section", { class: "panel", "aria-label": "Make something happen" }, h("h2", {}, "Make something happen"), h("ul", { class: "events" }, state.events.map((event) => h("li", {}, h("button", { class: `event${busy === event.id ? " busy" : ""}`, onclick: () => runEvent(event.id, refresh) }, h("strong", {}, event.label), h("span", {}, event.description))))));
}

export function drawGuide(refresh, enter) {
  if (remembered !== state.start) rememberTour();
  const parent = document.getElementById("guide");
  parent.classList.toggle("nothing", !state.tour.length && !state.events.length);
  redraw(parent, [state.tour, state.events, state.rooms.map((one) => one.name), [...ticked], busy, view.user], () => [tour(refresh, enter), events(refresh)]);
}
