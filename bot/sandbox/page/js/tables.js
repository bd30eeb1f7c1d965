// table and data_table blocks; a data table is sorted and paged by its reader.
import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { richText } from "./richtext.js";

const plain = (cell) => (cell.type === "rich_text" ? richText(cell).textContent : String(cell.text ?? cell.value ?? ""));
const content = (cell) => (cell.type === "rich_text" ? richText(cell) : withEmoji(plain(cell)));

function region(label, table) {
  return h("div", { class: "table-scroll", tabIndex: 0, role: "region", "aria-label": label }, table);
}

// As column_settings say: left and on one line unless said otherwise; null skips a column.
export function tableBlock(block) {
  const classes = block.rows[0].map((_, index) => {
    const said = block.column_settings?.[index] || {};
    return `align-${["center", "right"].includes(said.align) ? said.align : "left"}${said.is_wrapped ? " wraps" : ""}`;
  });
  const row = (cells, tag) => h("tr", {}, cells.map((cell, index) => h(tag, { class: classes[index], scope: tag === "th" ? "col" : null }, content(cell))));
  return region(`Table: ${block.rows[0].map(plain).join(", ")}`, h("table", { class: "grid" }, h("thead", {}, row(block.rows[0], "th")), h("tbody", {}, block.rows.slice(1).map((cells) => row(cells, "td")))));
}

const PAGE = 5;
const leafed = new Map();

// Where a reader has leafed to and what they sorted by, so that a table drawn anew stays open there.
function leafing(key, columns, pages) {
  const known = leafed.get(key) || { page: 0, column: null, down: false };
  leafed.set(key, known);
  known.page = Math.min(known.page, Math.max(0, pages - 1));
  if (known.column >= columns) known.column = null;
  return known;
}

export function dataTableBlock(block, place) {
  const [header, ...rows] = block.rows;
  const size = block.page_size || PAGE;
  const where = place.origin ? `${place.origin.channel || place.origin.view} ${place.origin.ts || ""}` : "";
  const shown = leafing(`${where} ${place.narrow ? "thread" : ""} ${block.block_id}`, header.length, Math.ceil(rows.length / size));
  const columns = header.map((_, index) => ({ numeric: rows.length > 0 && rows.every((row) => numberIn(row[index]) !== null || !plain(row[index]).trim()) }));
  const box = h("div", { class: "data-table" });
  const table = { block, header, rows, columns, shown, size, draw: (focus) => redraw(box, table, focus) };
  table.draw();
  return box;
}

function redraw(box, table, focus) {
  box.replaceChildren(...dataTable(table));
  if (focus) (box.querySelector(`[data-focus="${focus}"]:not(:disabled)`) || box.querySelector(".pager button:not(:disabled)"))?.focus();
}

// A number, written as one or as words like "4.3 %"; null for other words.
function numberIn(cell) {
  if (cell.type === "raw_number") return cell.value;
  const words = plain(cell).replace("−", "-").trim();
  return /^[-+]?[€$£]?\d[\d.,\s]*\s?(%|pp|k|M|€|\$|£)?$/.test(words) ? parseFloat(words.replace(/[^\d.-]/g, "")) : null;
}

function sorted({ rows, columns, shown: { column, down } }) {
  if (column === null) return rows;
  const order = columns[column].numeric ? (a, b) => (numberIn(a[column]) ?? -Infinity) - (numberIn(b[column]) ?? -Infinity) : (a, b) => plain(a[column]).localeCompare(plain(b[column]), undefined, { numeric: true });
  return [...rows].sort((a, b) => (down ? order(b, a) : order(a, b)));
}

function dataTable(table) {
  const { block, header, columns, shown, size } = table;
  const named = block.row_header_column_index ?? 0;
  const side = (index) => (columns[index].numeric ? "align-right" : "align-left");
  const visible = sorted(table).slice(shown.page * size, (shown.page + 1) * size);
  const cell = (one, index) => h(index === named ? "th" : "td", { class: side(index), scope: index === named ? "row" : null }, content(one));
  const grid = h("table", { class: "grid" }, h("caption", {}, withEmoji(block.caption)), h("thead", {}, h("tr", {}, header.map((one, index) => head(table, one, index, side(index))))),
    h("tbody", {}, visible.map((row) => h("tr", {}, row.map(cell)))));
  return [region(block.caption, grid), pager(table)].filter(Boolean);
}

function head(table, cell, index, side) {
  const { shown } = table;
  const direction = shown.column === index ? (shown.down ? "descending" : "ascending") : "none";
  const sort = () => { Object.assign(shown, { down: shown.column === index && !shown.down, column: index, page: 0 }); table.draw(`sort-${index}`); };
  return h("th", { scope: "col", class: side, "aria-sort": direction }, h("button", { class: "sort", type: "button", data: { focus: `sort-${index}` }, onclick: sort }, content(cell), h("span", { class: `sort-mark ${direction}`, "aria-hidden": "true" }, { none: "↕", ascending: "↑", descending: "↓" }[direction])));
}

function pager(table) {
  const { rows, shown, size } = table;
  if (rows.length <= size) return null;
  const turn = (by, name) => () => { shown.page += by; table.draw(name); };
  const last = Math.ceil(rows.length / size) - 1;
  return h("div", { class: "pager" }, h("span", { role: "status" }, `${shown.page * size + 1}–${Math.min(rows.length, (shown.page + 1) * size)} of ${rows.length}`),
    h("button", { type: "button", disabled: shown.page === 0, data: { focus: "back" }, onclick: turn(-1, "back"), "aria-label": "Previous page" }, "‹"),
    h("button", { type: "button", disabled: shown.page >= last, data: { focus: "on" }, onclick: turn(1, "on"), "aria-label": "Next page" }, "›"));
}
