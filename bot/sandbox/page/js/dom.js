// Building elements from text only: nothing here ever reads HTML, so what people write stays words.

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
      if (node) node.replaceWith(fresh);
      node = fresh;
    }
    old.delete(item.key);
    const place = previous ? previous.nextSibling : parent.firstChild;
    if (place !== node) parent.insertBefore(node, place);
    previous = node;
  }
  for (const node of old.values()) node.remove();
}

// Build anew only when what it shows has changed; the focus inside is kept by id.
export function redraw(parent, value, build) {
  const signature = JSON.stringify(value);
  if (parent.signature === signature) return;
  const focused = parent.contains(document.activeElement) ? document.activeElement.id : "";
  parent.signature = signature;
  parent.replaceChildren(...flat([build(value)]));
  if (focused) document.getElementById(focused)?.focus();
}
