// A face for everybody: initials on a colour of their own, and a small chart for the app.
import { h, svg } from "./dom.js";
import { person, SLACKBOT, state } from "./state.js";

// Our own bot has a face; any other app has its initials, as it would have here without an icon.
const OURS = "kpi-bot";
const HUES = [12, 34, 160, 190, 215, 255, 285, 330];

function hue(id) {
  let sum = 0;
  for (const sign of id) sum = (sum * 31 + sign.charCodeAt(0)) >>> 0;
  return HUES[sum % HUES.length];
}

const initials = (name) => name.split(/\s+/).map((word) => word[0] || "").slice(0, 2).join("").toUpperCase();

export function avatar(id, size = "") {
  const node = h("span", { class: `avatar ${size}`, "aria-hidden": "true" });
  if (id === state.app.id && state.app.handle === OURS) {
    node.classList.add("avatar-app");
    node.append(svg("svg", { viewBox: "0 0 32 32" }, svg("path", { d: "M7 21.500l6-7 5 4 7-9.500", fill: "none", stroke: "currentColor", "stroke-width": "3", "stroke-linecap": "round", "stroke-linejoin": "round" })));
    return node;
  }
  node.textContent = initials(id === SLACKBOT ? "Slackbot" : id === state.app.id ? state.app.name : person(id)?.real_name || "?");
  node.style.setProperty("--hue", String(hue(id)));
  return node;
}

export const nameOf = (id) => (id === state.app.id ? state.app.name : person(id)?.real_name || id);

// A dot: filled for somebody who is there, hollow for somebody who is away.
export function presence(one) {
  const away = one.deleted || one.presence === "away";
  return h("span", { class: `presence${away ? " away" : ""}`, role: "img", "aria-label": one.deleted ? "deactivated" : away ? "away" : "active", title: away ? "Away" : "Active" });
}
