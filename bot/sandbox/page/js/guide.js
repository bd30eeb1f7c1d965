// The demo's guide: the tour, step by step, and events a reader can make happen.
import { announce } from "./announce.js";
import { byId, h, redraw } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { sign } from "./signs.js";
import { keep, notify, person, send, state, stored, view } from "./state.js";

const KEPT = "sandbox-tour";
const ticked = new Set();
let left = false;
let remembered = "";
let busy = "";
let told = null;

// What was ticked since this sandbox started, in whatever tab; false when `key` is of something else.
export function rememberTour(key = KEPT) {
  if (key !== KEPT) return false;
  const kept = JSON.parse(stored(KEPT) || "{}");
  const same = kept.start === state.start;
  ticked.clear();
  if (same) for (const index of kept.steps) ticked.add(index);
  left = same && Boolean(kept.left);
  remembered = state.start;
  return true;
}

const write = () => keep(KEPT, JSON.stringify({ start: state.start, steps: [...ticked], left }));

function tick(index) {
  ticked.add(index);
  write();
}

function turn(away, acts) {
  left = away;
  write();
  acts.redo();
}

const done = (step, index) => step.done || ticked.has(index);
const currentStep = () => state.tour.findIndex((step, index) => !done(step, index));
export const touring = () => state.tour.length > 0 && !left && currentStep() >= 0;

// A step that only shows something, and whether the reader is where it leads.
const onlyShows = (step) => !(step.done !== null || step.event || step.command || step.advance || step.tomorrow_at || step.press);
const isThere = (step, room = view.room) => (!step.channel || step.channel === room) && (!step.person || step.person === view.user);

// Whoever opens the room of a step that only shows something has done it.
export function visited(one) {
  const index = currentStep();
  const step = state.tour[index];
  if (step?.channel && onlyShows(step) && isThere(step, one.id)) tick(index);
}

// What a step does, beyond leading somewhere; null when that is all.
function deed(step, acts) {
  if (step.event) return () => runEvent(step.event, acts);
  if (step.command) return () => send("command", { text: step.command, channel: step.channel || view.room, timeout: 0 });
  if (step.advance) return () => send("clock", { advance: step.advance });
  return step.tomorrow_at ? () => send("clock", { next_at: step.tomorrow_at }) : null;
}

async function perform(step, index, acts) {
  const there = isThere(step);
  const run = deed(step, acts);
  if (step.person && step.person !== view.user) acts.become(step.person);
  if (step.channel) acts.enter(step.channel);
  acts.uncovered();
  if (!there) await acts.settle();
  if (run) await acts.showChange(run);
  if (step.done === null) tick(index);
  acts.redo();
  if (step.press) acts.point(step.press);
}

async function runEvent(id, acts) {
  busy = id;
  acts.redo();
  const answer = await send(`events/${id}`, {}, { as: false });
  busy = "";
  if (answer.result) notify(answer.result);
  acts.redo();
}

function duration(seconds) {
  const [size, unit] = [[86400, "day"], [3600, "hour"], [60, "minute"]].find(([one]) => seconds >= one && seconds % one === 0) || [1, "second"];
  return `${seconds / size} ${unit}${seconds === size ? "" : "s"}`;
}

// The words of a step's button: what pressing it does.
function doing(step) {
  if (step.event) return state.events.find((event) => event.id === step.event)?.label || "Make it happen";
  if (step.command) return `Type ${step.command}`;
  if (step.advance) return `Move the clock ${duration(step.advance)} on`;
  if (step.tomorrow_at) return `Move the clock to ${step.tomorrow_at}`;
  if (step.press) return `Show me ${step.press}`;
  if (isThere(step)) return "Next";
  if (step.channel) return `Go to ${step.channel_name}`;
  return step.person ? `Act as ${person(step.person)?.real_name}` : "Next";
}

// Where the button leads, and as whom.
function leading(step) {
  const who = step.person ? `as ${person(step.person)?.real_name}` : "";
  if (doing(step) === "Next") return null;
  const where = step.channel && doing(step) !== `Go to ${step.channel_name}` ? `in ${step.channel_name}` : "";
  return h("div", { class: "step-place" }, [where, who].filter(Boolean).join(" "));
}

function stepItem(step, index, open, acts) {
  const ready = done(step, index);
  return h("li", { class: `step${ready ? " ready" : ""}${open ? " current" : ""}`, "aria-current": open ? "step" : null }, h("span", { class: "step-mark", "aria-hidden": "true" }, ready ? "✓" : String(index + 1)),
    h("div", { class: "step-words" }, h("div", { class: "step-title" }, step.title, ready ? h("span", { class: "unseen" }, " – done") : null), open ? h("div", { class: "step-text" }, mrkdwn(step.text)) : null,
      open ? h("div", { class: "step-actions" }, h("button", { class: "button primary small", type: "button", id: "step-do", onclick: () => perform(step, index, acts) }, doing(step)), h("button", { class: "quiet", type: "button", id: "step-skip", onclick: () => { tick(index); acts.redo(); } }, "Skip")) : null,
      open ? leading(step) : null));
}

function progress() {
  const count = state.tour.filter(done).length;
  return h("div", { class: "progress", role: "progressbar", "aria-label": "Tour", "aria-valuemin": 0, "aria-valuemax": state.tour.length, "aria-valuenow": count, "aria-valuetext": `${count} of ${state.tour.length} steps done` }, state.tour.map((step, index) => h("span", { class: done(step, index) ? "full" : "" })));
}

function again(acts) {
  ticked.clear();
  left = false;
  write();
  acts.redo();
}

// What to do when the tour is over.
function afterwards(acts) {
  const item = (words, label, run) => h("li", {}, h("span", {}, words), h("button", { class: "quiet", type: "button", onclick: run }, label));
  return h("div", { class: "finished" }, h("p", {}, "That was the tour. What to try next:"), h("ul", { class: "next-things" },
    item("Ask for another KPI: the suggestions say what there is.", `Type ${state.app.commands[0] || "/"}`, acts.typeCommand),
    item("Look at the same channel with other eyes.", "Act as somebody else", acts.switchPerson),
    item("Let Slack fail, and see that nothing is lost.", "Plan a fault", () => acts.turnPanel("faults")),
    item("See what was said between Slack and the app.", "Look at the calls", () => acts.turnPanel("calls"))),
  state.tour.every((step) => step.done !== true) ? h("button", { class: "quiet", type: "button", onclick: () => again(acts) }, "Start again") : null);
}

function tour(acts) {
  if (!state.tour.length) return null;
  const current = currentStep();
  const at = current < 0 ? "done" : `step ${current + 1} of ${state.tour.length}`;
  const head = h("div", { class: "part-head" }, h("h2", {}, "Guided tour"), h("span", { class: "part-note" }, at), current < 0 ? null : h("button", { class: "quiet", type: "button", id: "tour-leave", onclick: () => turn(!left, acts) }, left ? "Resume" : "Leave"));
  const steps = left ? null : h("ol", { class: "steps" }, state.tour.map((step, index) => stepItem(step, index, index === current, acts)));
  return h("section", { class: "part", "aria-label": "Guided tour" }, head, progress(), steps, current < 0 ? afterwards(acts) : null);
}

function events(acts) {
  if (!state.events.length) return null;
  return h("section", { class: "part", "aria-label": "Make something happen" }, h("h2", {}, "Make something happen"), h("ul", { class: "events" }, state.events.map((event) => h("li", {}, h("button", { class: `event${busy === event.id ? " busy" : ""}`, type: "button", id: `event-${event.id}`, onclick: () => runEvent(event.id, acts) }, h("strong", {}, event.label), h("span", {}, event.description))))));
}

const shown = () => [state.tour, [...ticked], left, view.user, view.room, state.people.length];

export function drawGuide(parent, acts) {
  if (remembered !== state.start) rememberTour();
  redraw(parent, ["guide", ...shown(), state.events, state.rooms.map((one) => one.name), busy], () => [tour(acts), events(acts)]);
}

// Where the panel is out of sight, the tour goes on in a bar above the message box.
export function drawTourBar(acts) {
  if (remembered !== state.start) rememberTour();
  const index = currentStep();
  tellProgress(index);
  byId("tour-bar").hidden = !state.tour.length || left;
  redraw(byId("tour-bar"), shown(), () => (index < 0 ? ended(acts) : barOf(state.tour[index], index, acts)));
}

function barOf(step, index, acts) {
  const at = `Step ${index + 1} of ${state.tour.length}`;
  const where = h("button", { class: "tour-where", type: "button", id: "tour-where", "aria-label": `${at} ${step.title} – open the guide`, onclick: () => acts.turnPanel("guide") }, h("span", {}, at), " ", h("strong", {}, step.title));
  return [where, h("button", { class: "button primary small", type: "button", id: "bar-do", onclick: () => perform(step, index, acts) }, doing(step))];
}

const ended = (acts) => [h("span", { class: "tour-where" }, "That was the tour."), h("button", { class: "button small", type: "button", id: "bar-next", onclick: () => acts.turnPanel("guide") }, "What to try next"), h("button", { class: "icon-button", type: "button", id: "bar-close", "aria-label": "Close the tour", onclick: () => turn(true, acts) }, sign("close"))];

function tellProgress(index) {
  const before = told;
  told = index;
  if (before === null || before < 0 || index === before || left || (index >= 0 && index < before)) return;
  const step = state.tour[index];
  announce(step ? `Step ${index} done. Step ${index + 1}: ${step.title}` : `Step ${state.tour.length} done. That was the tour.`);
}
