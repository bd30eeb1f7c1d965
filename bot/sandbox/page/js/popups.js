// Lists that open under what was pressed, above everything else, and close when the reader turns elsewhere.
const GAP = 4;
let shown = null;

export const isOpen = (list) => shown?.list === list;

// Show `list` (an element beside `anchor`) until it is hidden, or the reader presses or turns elsewhere.
export function showPopup(anchor, list, closed = () => {}) {
  if (isOpen(list)) { place(anchor, list); return; }
  hidePopup();
  shown = { anchor, list, closed };
  list.hidden = false;
  list.showPopover();
  place(anchor, list);
}

export function hidePopup(list = shown?.list) {
  if (!shown || shown.list !== list) return;
  const { closed } = shown;
  shown = null;
  list.hidden = true;
  if (list.isConnected) list.hidePopover();
  closed();
}

// Below the anchor, or above it where there is more room; never wider than the window.
function place(anchor, list) {
  const box = anchor.getBoundingClientRect();
  const below = innerHeight - box.bottom - GAP * 2;
  const above = box.top - GAP * 2;
  const under = below >= Math.min(list.scrollHeight, 240) || below >= above;
  list.style.minWidth = `${Math.min(box.width, innerWidth - 16)}px`;
  list.style.maxHeight = `${Math.max(120, Math.min(320, under ? below : above))}px`;
  list.style.left = `${Math.max(8, Math.min(box.left, innerWidth - list.offsetWidth - 8))}px`;
  list.style.top = `${under ? box.bottom + GAP : box.top - GAP - list.offsetHeight}px`;
}

// A list stays with its anchor while the page under it moves, and closes once the anchor is out of sight.
function follow() {
  const box = shown.anchor.getBoundingClientRect();
  const seen = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
  if (shown.anchor.contains(seen)) place(shown.anchor, shown.list); else hidePopup();
}

const outside = (event) => shown && !shown.list.contains(event.target) && !shown.anchor.contains(event.target);
document.addEventListener("pointerdown", (event) => { if (outside(event)) hidePopup(); });
document.addEventListener("focusin", (event) => { if (outside(event)) hidePopup(); });
document.addEventListener("scroll", (event) => { if (outside(event)) follow(); }, true);
window.addEventListener("resize", () => hidePopup());
