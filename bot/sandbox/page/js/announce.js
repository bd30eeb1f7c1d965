// What a screen reader is told: new messages and steps of the tour, once each, never what was merely drawn anew.
import { byId } from "./dom.js";

const LONGEST = 300;

export function announce(words) {
  byId("announcer").append(Object.assign(document.createElement("p"), { textContent: words.replace(/\s+/g, " ").slice(0, LONGEST) }));
  while (byId("announcer").children.length > 4) byId("announcer").firstElementChild.remove();
}
