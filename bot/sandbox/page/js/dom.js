// Building elements from text only: nothing here ever reads HTML, so what people write stays words.

export const byId = (id) => document.getElementById(id);

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  setProps(node, props);
  node.append(...flat(children));
  return node;
}

export function svg(tag, props = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, value);
  node.append(...flat(children));
  return node;
}

function flat(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

function setProps(node, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "class") node.className = value;
    else if (name in node && !name.startsWith("aria") && name !== "list" && name !== "role") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
}

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";

// Do something that builds `node` anew, and put the focus that was inside back where it was: by id, else by its words.
// Where that is gone the whole gets the focus, not another button that a second press would set off.
function keepingFocus(node, build) {
  const focused = document.activeElement;
  if (!node.contains(focused) || focused === document.body) return build();
  const words = focused.getAttribute("aria-label") || focused.textContent;
  const typed = focused.selectionStart === undefined ? null : [focused.selectionStart, focused.selectionEnd];
  const fresh = build();
  const candidates = [...fresh.querySelectorAll(FOCUSABLE)];
  const same = (focused.id && candidates.find((one) => one.id === focused.id)) || candidates.find((one) => (one.getAttribute("aria-label") || one.textContent) === words);
  if (!same && !fresh.hasAttribute("tabindex")) fresh.tabIndex = -1;
  (same || fresh).focus({ preventScroll: true });
  if (same && typed && same.id === focused.id && same.value === focused.value && same.setSelectionRange && typed[0] !== null) same.setSelectionRange(...typed);
  return fresh;
}

// Put `items` into `parent`, keeping nodes whose key and signature did not change.
export function reconcile(parent, items, build) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let previous = null;
  for (const item of items) {
    let node = old.get(item.key);
    if (!node || node.signature !== item.signature) {
      const fresh = build(item.value);
      fresh.dataset.key = item.key;
      fresh.signature = item.signature;
      if (node) keepingFocus(node, () => { node.replaceWith(fresh); return fresh; });
      node = fresh;
    }
    old.delete(item.key);
    const place = previous ? previous.nextSibling : parent.firstChild;
    if (place !== node) parent.insertBefore(node, place);
    previous = node;
  }
  for (const node of old.values()) node.remove();
}

// Build anew only when what it shows has changed.
export function redraw(parent, value, build) {
  const signature = JSON.stringify(value);
  if (parent.signature === signature) return;
  parent.signature = signature;
  keepingFocus(parent, () => { parent.replaceChildren(...flat([build(value)])); return parent; });
}

// Arrow keys, Home and End move the focus among the buttons of a bar: the bar is one stop for Tab.
export function moveAmong(event, buttons) {
  const at = buttons.indexOf(document.activeElement);
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const next = event.key === "Home" ? 0 : event.key === "End" ? buttons.length - 1 : by && at >= 0 ? (at + by + buttons.length) % buttons.length : -1;
  if (next < 0 || !buttons.length) return;
  event.preventDefault();
  buttons.forEach((one, index) => { one.tabIndex = index === next ? 0 : -1; });
  buttons[next].focus();
}
