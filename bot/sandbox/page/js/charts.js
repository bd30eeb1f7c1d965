// data_visualization blocks: the figure with its title, legend and words, around shapes drawn as SVG.
import { h, svg } from "./dom.js";
import { axes, room } from "./chart_axes.js";
import { areas, bars, isLevel, lines, pieSlices } from "./chart_shapes.js";

const exact = new Intl.NumberFormat("en", { maximumFractionDigits: 4 });
const SHAPES = { line: lines, area: areas, bar: bars };

export function chartBlock(block, narrow) {
  const { chart } = block;
  const drawn = chart.type === "pie" ? pie(chart) : cartesian(chart, narrow || matchMedia("(max-width: 760px)").matches);
  return h("figure", { class: "chart" }, h("figcaption", {}, block.title), h("div", { role: "img", "aria-label": `${block.title}. ${words(chart)}` }, drawn));
}

function cartesian(chart, narrow) {
  const shapes = SHAPES[chart.type];
  const frame = room(chart, narrow);
  const legend = chart.series.map((one, number) => h("li", {}, h("span", { class: chart.type === "line" && isLevel(chart, one) ? `swatch dashed edge-${number}` : `swatch back-${number}` }), one.name));
  return [svg("svg", { viewBox: `0 0 ${frame.width} ${frame.height}`, "aria-hidden": "true" }, axes(chart, frame), shapes(chart, frame)), h("ul", { class: "legend" }, legend)];
}

function pie(chart) {
  const total = chart.segments.reduce((sum, one) => sum + one.value, 0);
  const legend = chart.segments.map((one, number) => h("li", {}, h("span", { class: `swatch back-${number}` }), h("span", { class: "legend-name" }, one.label), h("span", { class: "legend-value" }, exact.format(one.value)), h("span", { class: "legend-share" }, share(one.value / total))));
  return h("div", { class: "pie" }, svg("svg", { viewBox: "0 0 200 200", "aria-hidden": "true" }, pieSlices(chart.segments, total)), h("ul", { class: "legend legend-list" }, legend));
}

const share = (part) => (part > 0 && part < 0.01 ? "<1%" : `${Math.round(part * 100)}%`);

// The whole chart in words, for those who do not see it.
function words(chart) {
  if (chart.type === "pie") return `Pie chart: ${chart.segments.map((one) => `${one.label} ${one.value}`).join(", ")}`;
  const kind = { line: "Line", area: "Area", bar: "Bar" }[chart.type];
  const axis = [chart.axis_config.x_label && `across ${chart.axis_config.x_label}`, chart.axis_config.y_label && `up ${chart.axis_config.y_label}`].filter(Boolean).join(", ");
  return `${kind} chart${axis ? ` (${axis})` : ""}. ${chart.series.map((one) => `${one.name}: ${one.data.map((point) => `${point.label} ${point.value}`).join(", ")}`).join(". ")}`;
}
