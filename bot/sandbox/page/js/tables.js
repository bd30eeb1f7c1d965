// table and data_table blocks; a data table is sorted and paged by its reader.
import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { richText } from "./richtext.js";

function cellContent(cell) {
  if (cell.type === "rich_text") return richText(cell);
  return withEmoji(String(cell.text ?? cell.value ?? ""));
}

const isNumber = (cell) => cell.type === "raw_number" || /^[-+−]?[\d.,\s]+\s?(%|pp|k|M|€|\$)?$/.test(cell.text || "");

function alignment(rows, settings, column) {
  const said = settings?.[column]?.align;
  if (said) return said;
  return rows.slice(1).every((row) => isNumber(row[column]) || !(row[column].text || "").trim()) && rows.length > 1 ? "right" : "left";
}

function tableRow(row, aligned, tag, header) {
  return h("tr", {}, row.map((cell, index) => h(index === header ? "th" : tag, { class: `align-${aligned[index]}`, scope: tag === "th" ? "col" : index === header ? "row" : null }, cellContent(cell))));
}

export function tableBlock(block) {
  const aligned = block.rows[0].map((_, index) => alignment(block.rows, block.column_settings, index));
  return h("div", { class: "table-scroll", tabIndex: 0, role: "region", "aria-label": "Table" },
    h("table", { class: "grid" }, h("thead", {}, tableRow(block.rows[0], aligned, "th")), h("tbody", {}, block.rows.slice(1).map((row) => tableRow(row, aligned, "td")))));
}

const sortValue = (cell) => (cell.type === "raw_number" ? cell.value : parseFloat(String(cell.text).replace(/[^\d.-]/g, "")));

export function dataTableBlock(block) {
  const [header, ...rows] = block.rows;
  const aligned = header.map((_, index) => alignment(block.rows, null, index));
  const size = block.page_size || 5;
  const shown = { page: 0, column: null, down: false };
  const box = h("div", { class: "data-table" });
  const draw = () => box.replaceChildren(...dataTable(block, header, rows, aligned, size, shown, draw));
  draw();
  return box;
}

function sorted(rows, { column, down }) {
  if (column === null) return rows;
  const numeric = rows.every((row) => !Number.isNaN(sortValue(row[column])));
  const order = (a, b) => (numeric ? sortValue(a[column]) - sortValue(b[column]) : String(a[column].text).localeCompare(String(b[column].text)));
  return [...rows].sort((a, b) => (down ? -order(a, b) : order(a, b)));
}

function dataTable(block, header, rows, aligned, size, shown, draw) {
  const pages = Math.ceil(rows.length / size);
  const visible = sorted(rows, shown).slice(shown.page * size, (shown.page + 1) * size);
  const heads = header.map((cell, index) => {
    const direction = shown.column === index ? (shown.down ? "descending" : "ascending") : "none";
    const sort = () => { shown.down = shown.column === index && !shown.down; shown.column = index; shown.page = 0; draw(); };
    return h("th", { scope: "col", class: `align-${aligned[index]}`, "aria-sort": direction }, h("button", { class: "sort", onclick: sort }, cellContent(cell), h("span", { class: "sort-mark", "aria-hidden": "true" }, { none: "", ascending: " ▲", descending: " ▼" }[direction])));
  });
  const table = h("table", { class: "grid" }, h("caption", {}, block.caption), h("thead", {}, h("tr", {}, heads)), h("tbody", {}, visible.map((row) => tableRow(row, aligned, "td", block.row_header_column_index || 0))));
  const turn = (by) => () => { shown.page += by; draw(); };
  const pager = pages > 1 ? h("div", { class: "pager" }, h("span", {}, `${shown.page * size + 1}–${Math.min(rows.length, (shown.page + 1) * size)} of ${rows.length}`),
    h("button", { disabled: shown.page === 0, onclick: turn(-1), "aria-label": "Previous page" }, "‹"), h("button", { disabled: shown.page >= pages - 1, onclick: turn(1), "aria-label": "Next page" }, "›")) : null;
  return [h("div", { class: "table-scroll", tabIndex: 0, role: "region", "aria-label": block.caption }, table), pager].filter(Boolean);
}
