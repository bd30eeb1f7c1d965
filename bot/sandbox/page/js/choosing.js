// What every interactive element shares: its words and labels, and what using it does.
import { confirmed } from "./confirm.js";

let count = 0;
export const newId = () => `e${(count += 1)}`;
export const words = (object) => object?.text || "";

// `label`: id of the words that name the element; without them its placeholder does.
export const labelled = (item, label) => (label ? { "aria-labelledby": label } : { "aria-label": words(item.placeholder) || item.accessibility_label || item.action_id });

// Act on what was used, after the question it asks, if any; `undo` when the answer is no.
export const use = (item, place, choice, undo) => confirmed(item.confirm, () => place.act(item, choice), undo);

// Keep a choice in the state beside it, and tell the app where the block says so at once.
export function choose(item, block, place, chosen, choice, undo) {
  const acts = place.acts?.(block);
  const go = () => { place.change?.(block, item, chosen); return acts ? place.act(item, choice) : null; };
  return confirmed(acts ? item.confirm : null, go, undo);
}
