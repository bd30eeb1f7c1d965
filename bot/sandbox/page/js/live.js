// The stream of changes: the page asks for the state again whenever something happened, and says when nobody answers.
import { byId } from "./dom.js";
import { onAbsence, refresh } from "./state.js";

const PAUSE = 30;
const AGAIN = 1500;
let pending = false;

async function changed() {
  if (pending) return;
  pending = true;
  await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
  pending = false;
  refresh();
}

function banner(words) {
  const node = byId("banner");
  node.hidden = !words;
  document.body.classList.toggle("away", Boolean(words));
  if (node.textContent !== words) node.textContent = words;
}

// A stream that ends is opened again until the sandbox is back; one that runs again shows a company that began anew.
function listen(again) {
  const stream = new EventSource("/_sandbox/stream");
  stream.onopen = () => { banner(""); if (again) refresh(); };
  stream.onmessage = changed;
  stream.onerror = () => {
    banner("The sandbox does not answer. It may have been stopped; this page goes on by itself when it is back.");
    if (stream.readyState !== EventSource.CLOSED) return;
    setTimeout(() => listen(true), AGAIN);
  };
}

export function live() {
  onAbsence((away) => { if (away) banner("The sandbox does not answer. It may have been stopped; this page goes on by itself when it is back."); else banner(""); });
  listen(false);
}
