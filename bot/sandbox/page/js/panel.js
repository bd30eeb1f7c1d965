// The panel at the side: the guide, faults to plan, and the calls made in both directions.
import { drawCalls } from "./calls.js";
import { byId, h, moveAmong, redraw } from "./dom.js";
import { drawFaults } from "./faults.js";
import { drawGuide } from "./guide.js";
import { keep, state, stored } from "./state.js";

const TABS = { guide: "Guide", faults: "Faults", calls: "Calls" };
const DRAW = { guide: drawGuide, faults: drawFaults, calls: drawCalls };
let tab = "";

const hasGuide = () => state.tour.length > 0 || state.events.length > 0;

export function turnPanel(name) {
  tab = name;
  keep("sandbox-tab", name);
  drawPanel();
}

function bar() {
  const names = Object.keys(TABS).filter((name) => name !== "guide" || hasGuide());
  const key = (event) => moveAmong(event, [...event.currentTarget.children]);
  return h("div", { class: "tabs side-tabs", role: "tablist", "aria-label": "Guide, faults and calls", onkeydown: key }, names.map((name) => h("button", { type: "button", role: "tab", id: `side-${name}`, class: "tab", tabIndex: tab === name ? 0 : -1, "aria-selected": String(tab === name), "aria-controls": "side-body", onclick: () => turnPanel(name) }, TABS[name])));
}

let acts = {};

// `given` are the acts a step of the tour needs: see `app.js`.
export function drawPanel(given = acts) {
  acts = given;
  if (!tab) tab = TABS[stored("sandbox-tab")] ? stored("sandbox-tab") : "guide";
  if (tab === "guide" && !hasGuide()) tab = "faults";
  const pane = byId("panel");
  redraw(pane, [tab, hasGuide()], () => [bar(), h("div", { class: "side-body", id: "side-body", role: "tabpanel", tabIndex: 0, "aria-labelledby": `side-${tab}` })]);
  DRAW[tab](byId("side-body"), acts);
}
