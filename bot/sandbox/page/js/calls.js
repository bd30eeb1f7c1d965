// The journal: the latest calls in both directions, with what was said on a click.
import { h, reconcile } from "./dom.js";
import { sign } from "./signs.js";
import { ask, state } from "./state.js";

const KEPT = 150;
const open = new Set();
let calls = [];
let known = "";
let only = "";

const ended = (call) => call.status !== null;

// What came since the last look, and those that had no answer yet.
async function read() {
  if (known !== state.start) { calls = []; known = state.start; }
  const waiting = calls.findLast((call) => !ended(call) && calls[0].number - call.number < 40);
  const after = waiting ? waiting.number - 1 : calls[0]?.number || 0;
  const found = await ask(`calls?last=${KEPT}&after=${after}`);
  if (!found) return;
  const fresh = new Map([...calls, ...found.calls].map((call) => [call.number, call]));
  calls = [...fresh.values()].sort((a, b) => b.number - a.number).slice(0, KEPT);
}

function outcome(call) {
  if (!ended(call)) return ["waiting", "…"];
  if (call.fault) return ["bad", call.status === 0 ? call.fault.replaceAll("_", " ") : `${call.status} ${call.fault.replaceAll("_", " ")}`];
  if (call.answer?.ok === false) return ["bad", call.answer.error];
  return [call.ok ? "good" : "bad", String(call.status)];
}

const time = (call) => new Date(call.at).toLocaleTimeString("en-GB", { timeZone: state.zone, hourCycle: "h23" });
const speed = (call) => (ended(call) ? `${call.seconds < 0.0095 ? (call.seconds * 1000).toFixed(1) : Math.round(call.seconds * 1000)} ms` : "");

function row(call) {
  const [mood, words] = outcome(call);
  const sent = call.direction === "sent";
  const node = h("details", { class: "call", open: open.has(call.number), ontoggle: () => { if (node.open) { open.add(call.number); fill(); } else open.delete(call.number); } },
    h("summary", {}, h("span", { class: `way ${sent ? "sent" : "received"}`, role: "img", "aria-label": sent ? "to the app" : "from the app", title: sent ? "To the app" : "From the app" }, sign(sent ? "toBot" : "fromBot")),
      h("span", { class: "call-words" }, h("span", { class: "call-method" }, call.method), h("span", { class: "call-times" }, `${time(call)} · ${speed(call)}`)), h("span", { class: `outcome ${mood}` }, words)));
  const fill = () => { if (node.children.length < 2) node.append(h("div", { class: "call-said" }, said("Asked", call.arguments), said("Answered", call.answer))); };
  if (open.has(call.number)) fill();
  return node;
}

const said = (title, value) => [h("h4", {}, title), h("pre", { tabIndex: 0, "aria-label": title }, value === null || value === undefined || value === "" ? "nothing" : typeof value === "string" ? value : JSON.stringify(value, null, 2))];

const WAYS = { "": "Both ways", received: "From the app", sent: "To the app" };

function frame(parent) {
  if (parent.querySelector(".calls")) return;
  const change = (event) => { only = event.target.value; show(parent); };
  parent.replaceChildren(h("section", { class: "part", "aria-label": "Calls" },
    h("div", { class: "part-head" }, h("h2", {}, "Calls"), h("select", { class: "choose", "aria-label": "Which way", onchange: change }, Object.entries(WAYS).map(([value, words]) => h("option", { value, selected: value === only }, words)))),
    h("p", { class: "small-print calls-none" }, "No call has been made yet."), h("div", { class: "calls" })));
  parent.signature = "";
}

function show(parent) {
  const list = parent.querySelector(".calls");
  if (!list) return;
  const shown = calls.filter((call) => !only || call.direction === only);
  parent.querySelector(".calls-none").hidden = shown.length > 0;
  reconcile(list, shown.map((call) => ({ key: String(call.number), signature: `${call.status} ${call.fault} ${state.start}`, value: call })), row);
}

export async function drawCalls(parent) {
  frame(parent);
  await read();
  show(parent);
}
