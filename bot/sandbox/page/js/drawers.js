// What slides in on a narrow page (the channels, the panel), and moving between the parts of the page by key.
import { byId } from "./dom.js";
import { keep, stored } from "./state.js";

const BUTTONS = { sidebar: "open-sidebar", panel: "toggle-panel" };
const NARROW = { sidebar: matchMedia("(max-width: 760px)"), panel: matchMedia("(max-width: 1080px)") };
const PARTS = ["sidebar", "main", "thread", "panel"];
const isOpen = (name) => document.body.classList.contains(`${name}-open`);

function show(name, open, focus = true) {
  const was = isOpen(name);
  document.body.classList.toggle(`${name}-open`, open);
  byId("veil").hidden = !document.body.matches(".sidebar-open, .panel-open");
  if (NARROW[name].matches) byId(BUTTONS[name]).setAttribute("aria-expanded", String(open));
  if (open && focus) byId(name).focus();
  else if (was && focus) byId(BUTTONS[name]).focus();
}

// Close what is open; `focus` gives it back to the button. False when nothing was open.
export function closeDrawers(focus = true) {
  const open = Object.keys(BUTTONS).filter(isOpen);
  for (const name of open) show(name, false, focus);
  return open.length > 0;
}

function togglePanel() {
  if (NARROW.panel.matches) { show("panel", !isOpen("panel")); return; }
  const hidden = document.body.classList.toggle("panel-hidden");
  byId("toggle-panel").setAttribute("aria-expanded", String(!hidden));
  keep("sandbox-panel", hidden ? "hidden" : "");
}

export function openPanel() {
  if (NARROW.panel.matches) show("panel", true);
  else if (document.body.classList.contains("panel-hidden")) togglePanel();
}

// F6 leads from part to part of the page.
function nextPart(event) {
  const parts = PARTS.map(byId).filter((one) => !one.hidden && one.getClientRects().length && getComputedStyle(one).visibility === "visible");
  const at = parts.findIndex((one) => one.contains(document.activeElement));
  parts[(at + (event.shiftKey ? -1 : 1) + parts.length) % parts.length].focus();
  event.preventDefault();
}

// A link that skips moves the focus, and leaves the place of the reader (behind the #) as it is.
function skip(event) {
  const link = event.target.closest?.("a.skip");
  if (!link) return;
  event.preventDefault();
  if (link.hash === "#panel") openPanel();
  byId(link.hash.slice(1)).focus();
}

export function watchDrawers() {
  document.addEventListener("click", skip);
  byId("open-sidebar").addEventListener("click", () => show("sidebar", !isOpen("sidebar")));
  byId("toggle-panel").addEventListener("click", togglePanel);
  byId("veil").addEventListener("click", () => closeDrawers());
  document.addEventListener("keydown", (event) => { if (event.key === "F6") nextPart(event); });
  if (stored("sandbox-panel") === "hidden") document.body.classList.add("panel-hidden");
  byId("toggle-panel").setAttribute("aria-expanded", String(!NARROW.panel.matches && stored("sandbox-panel") !== "hidden"));
}
