// Faults: what may go wrong, said in sentences; which are armed and how often they struck; and mishaps.
import { drawMishaps } from "./mishaps.js";
import { h, redraw } from "./dom.js";
import { ask, send, state } from "./state.js";

const READY = [
  ["Slack answers 429 to the next 3 posts", { kind: "rate_limit", method: "chat.postMessage", times: 3, retry_after: 2 }],
  ["The next post is taken, but its answer is lost", { kind: "cut_after", method: "chat.postMessage", times: 1 }],
  ["The next post is cut off before it arrives", { kind: "cut_before", method: "chat.postMessage", times: 1 }],
  ["Slack is down: 503 to the next 5 calls", { kind: "server_error", times: 5, status: 503 }],
  ["The next answer takes 5 seconds", { kind: "slow", times: 1, seconds: 5 }],
  ["A proxy answers the next call with a web page", { kind: "html", times: 1, status: 502 }],
  ["The app gets the next click twice", { kind: "doubled", method: "block_actions", times: 1 }],
  ["The app never gets the next command", { kind: "lost", method: "command", times: 1 }],
  ["One post in three fails, until cleared", { kind: "server_error", method: "chat.postMessage", times: null, share: 0.34 }],
];
const KINDS = { rate_limit: "answers 429", server_error: "answers 503", cut_before: "hangs up before it is done", cut_after: "does it, and hangs up without an answer", slow: "does it, and answers late", html: "answers with a web page", cut_json: "does it, and sends half an answer", error: "refuses it with an error code" };
const TOWARDS_APP = { lost: "is lost on the way", delayed: "arrives late", doubled: "arrives twice", bad_signature: "is signed with another secret", stale: "carries a time of six minutes ago" };
const SENT = ["*", "command", "block_actions", "view_submission", "view_closed", "block_suggestion", "event:*"];
const ANY = { "*": "anything" };
const METHODS = ["*", "chat.postMessage", "chat.update", "chat.postEphemeral", "chat.delete", "views.open", "views.publish", "conversations.history", "conversations.open", "users.info", "auth.test", "response_url"];

const channelName = (id) => state.rooms.find((one) => one.id === id)?.name || id;

// A planned fault in a sentence.
function sentence(one) {
  if (TOWARDS_APP[one.kind]) return `Towards the app: ${ANY[one.method] || one.method.replaceAll("_", " ")} ${TOWARDS_APP[one.kind]}${one.kind === "delayed" ? ` (${one.seconds} s)` : ""}${one.share < 1 ? `, ${Math.round(one.share * 100)} % of the time` : ""}`;
  const what = one.method === "*" ? "any call" : one.method === "response_url" ? "an answer by response_url" : one.method;
  const where = one.channel ? ` to #${channelName(one.channel)}` : "";
  const extra = { error: ` (${one.error})`, slow: ` (${one.seconds} s)`, rate_limit: ` (again after ${one.retry_after} s)` }[one.kind] || "";
  const share = one.share < 1 ? `, ${Math.round(one.share * 100)} % of the time` : "";
  return `For ${what}${where}, Slack ${KINDS[one.kind] || one.kind.replaceAll("_", " ")}${extra}${share}`;
}

const struck = (one) => (one.times === null ? `struck ${one.struck}, until cleared` : one.struck >= one.times ? `over: struck ${one.struck} of ${one.times}` : `struck ${one.struck} of ${one.times}`);

async function plan(fault, redo) {
  await send("faults", fault, { as: false });
  redo();
}

// Clear one fault by its number, or all.
async function clear(redo, which = {}) {
  await send("faults", which, { method: "DELETE", as: false });
  redo();
}

function armed(planned, redo) {
  const list = planned.map((one) => h("li", { class: `armed${one.times !== null && one.struck >= one.times ? " over" : ""}` }, h("span", {}, sentence(one)), h("span", { class: "struck" }, struck(one)), h("button", { class: "quiet", type: "button", id: `clear-${one.number}`, "aria-label": `Clear: ${sentence(one)}`, onclick: () => clear(redo, { number: one.number }) }, "Clear")));
  return h("section", { class: "part", "aria-label": "Armed faults" }, h("div", { class: "part-head" }, h("h2", {}, "Armed"), planned.length ? h("button", { class: "button small", type: "button", id: "clear-faults", onclick: () => clear(redo) }, "Clear all") : null),
    planned.length ? h("ul", { class: "armed-list" }, list) : h("p", { class: "small-print" }, "Nothing: every call is answered as Slack would."));
}

function ready(redo) {
  return h("section", { class: "part", "aria-label": "What may go wrong" }, h("h2", {}, "Let something go wrong"),
    h("ul", { class: "events" }, READY.map(([words, fault], index) => h("li", {}, h("button", { class: "event", type: "button", id: `fault-${index}`, onclick: () => plan(fault, redo) }, h("strong", {}, words))))));
}

const labelled = (words, field) => h("label", { class: "field" }, h("span", { class: "field-label" }, words), field);
const number = (name, value, min, step, max) => h("input", { class: "input", type: "number", name, value, min, step, max });

// A fault of one's own.
function own(redo) {
  const options = (kinds) => Object.entries(kinds).map(([value, words]) => h("option", { value }, words));
  const kind = h("select", { class: "choose", name: "kind", onchange: () => fit() }, h("optgroup", { label: "Slack, when it is called," }, options(KINDS)), h("optgroup", { label: "What Slack sends" }, options(TOWARDS_APP)));
  const method = h("select", { class: "choose", name: "method" });
  const channel = h("select", { class: "choose", name: "channel" }, h("option", { value: "" }, "any channel"), state.rooms.filter((one) => one.kind !== "im" && one.kind !== "mpim").map((one) => h("option", { value: one.id }, `#${one.name}`)));
  const seconds = labelled("Seconds late", number("seconds", 5, 0, 0.5, 60));
  const code = labelled("Error code", h("input", { class: "input", type: "text", name: "error", value: "channel_not_found", pattern: "[a-z_]+", title: "Small letters and underscores" }));
  const after = labelled("Again after (s)", number("retry_after", 2, 1, 1, 600));
  let ways = null;
  const fit = () => {
    const methods = TOWARDS_APP[kind.value] ? SENT : METHODS;
    if (methods !== ways) method.replaceChildren(...methods.map((name) => h("option", { value: name }, name === "*" ? "anything" : name)));
    ways = methods;
    seconds.hidden = !["slow", "delayed"].includes(kind.value); code.hidden = kind.value !== "error"; after.hidden = kind.value !== "rate_limit";
  };
  const submit = (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    const times = given.times === "" ? null : Number(given.times);
    const late = { seconds: Number(given.seconds) };
    const extra = { slow: late, delayed: late, error: { error: given.error }, rate_limit: { retry_after: Number(given.retry_after) } }[given.kind] || {};
    plan({ kind: given.kind, method: given.method, channel: given.channel || null, times, share: Number(given.share) / 100, ...extra }, redo);
  };
  fit();
  return h("details", { class: "part own-fault" }, h("summary", {}, "A fault of your own"), h("form", { class: "fields-form", onsubmit: submit },
    labelled("What happens", kind), labelled("To which calls", method), labelled("In which channel", channel), seconds, code, after,
    h("div", { class: "field-pair" }, labelled("How often (empty: always)", number("times", 1, 1, 1, 1000)), labelled("Share in %", number("share", 100, 1, 1, 100))), h("button", { class: "button primary small", type: "submit" }, "Arm")));
}

export async function drawFaults(parent) {
  if (!parent.querySelector(".armed-now")) {
    const redo = () => drawFaults(parent);
    parent.signature = "";
    parent.replaceChildren(h("div", { class: "armed-now", "aria-live": "polite" }), ready(redo), own(redo), h("div", { class: "mishaps" }));
  }
  drawMishaps(parent.querySelector(".mishaps"));
  const found = await ask("faults");
  const list = found?.faults || [];
  const place = parent.querySelector(".armed-now");
  if (place && found) redraw(place, list, () => armed(list, () => drawFaults(parent)));
}
