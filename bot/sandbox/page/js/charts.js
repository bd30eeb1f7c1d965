// data_visualization blocks as SVG: line, area, bar and pie, with axes, grid and legend.
import { h, svg } from "./dom.js";

const HEIGHT = 216;
const EDGE = { left: 46, right: 14, top: 10, bottom: 26 };

const short = (value) => new Intl.NumberFormat("en", { notation: Math.abs(value) >= 10000 ? "compact" : "standard", maximumFractionDigits: 2 }).format(value);

// Round steps of 1, 2, 2.5 or 5 that cover the values; bars and areas start at zero, lines near their lowest.
function scale(values, fromZero) {
  let low = Math.min(...values);
  let high = Math.max(...values);
  if (fromZero) { low = Math.min(0, low); high = Math.max(0, high); }
  if (low === high) { const room = Math.abs(low) * 0.1 || 1; low -= fromZero && low >= 0 ? 0 : room; high += room; }
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((one) => one * power >= rough) * power;
  const first = Math.floor(low / step + 1e-9) * step;
  const last = Math.ceil(high / step - 1e-9) * step;
  const ticks = [];
  for (let at = first; at <= last + step / 2; at += step) ticks.push(Number(at.toPrecision(12)));
  return { ticks, low: ticks[0], high: ticks[ticks.length - 1] };
}

function frame(chart, narrow) {
  const values = chart.series.flatMap((one) => one.data.map((point) => point.value));
  const axis = scale(values, chart.type !== "line");
  const width = narrow || matchMedia("(max-width: 760px)").matches ? 340 : 580;
  const left = EDGE.left + (chart.axis_config.y_label ? 14 : 0);
  const bottom = EDGE.bottom + (chart.axis_config.x_label ? 14 : 0);
  const count = chart.axis_config.categories.length;
  const inner = { width: width - left - EDGE.right, height: HEIGHT - EDGE.top - bottom };
  const slot = inner.width / count;
  const x = chart.type === "bar" || count === 1 ? (index) => left + slot * (index + 0.5) : (index) => left + 10 + ((inner.width - 20) * index) / (count - 1);
  const y = (value) => EDGE.top + inner.height * (1 - (value - axis.low) / (axis.high - axis.low));
  return { axis, width, left, bottom, slot, x, y, categories: chart.axis_config.categories, inner };
}

function axes(chart, f) {
  const grid = f.axis.ticks.map((tick) => [
    svg("line", { class: tick === 0 ? "chart-zero" : "chart-grid", x1: f.left, x2: f.width - EDGE.right, y1: f.y(tick), y2: f.y(tick) }),
    svg("text", { class: "chart-tick", x: f.left - 8, y: f.y(tick) + 4, "text-anchor": "end" }, short(tick)),
  ]);
  const longest = Math.max(...f.categories.map((name) => name.length)) * 6.4 + 10;
  const every = Math.max(1, Math.ceil((longest * f.categories.length) / f.inner.width));
  const last = f.categories.length - 1;
  const names = f.categories.map((name, index) => ((last - index) % every === 0
    ? svg("text", { class: "chart-tick", x: f.x(index), y: HEIGHT - f.bottom + 18, "text-anchor": "middle" }, name) : null));
  const titles = [];
  if (chart.axis_config.x_label) titles.push(svg("text", { class: "chart-axis", x: f.left + f.inner.width / 2, y: HEIGHT - 6, "text-anchor": "middle" }, chart.axis_config.x_label));
  if (chart.axis_config.y_label) titles.push(svg("text", { class: "chart-axis", x: 12, y: EDGE.top + f.inner.height / 2, "text-anchor": "middle", transform: `rotate(-90 12 ${EDGE.top + f.inner.height / 2})` }, chart.axis_config.y_label));
  return [grid, names, titles];
}

const tip = (series, point) => svg("title", {}, `${series.name} · ${point.label}: ${new Intl.NumberFormat("en", { maximumFractionDigits: 4 }).format(point.value)}`);

function lines(chart, f, filled) {
  const base = f.y(Math.max(f.axis.low, Math.min(0, f.axis.high)));
  return chart.series.map((one, number) => {
    const points = one.data.map((point, index) => `${f.x(index).toFixed(1)},${f.y(point.value).toFixed(1)}`);
    const level = chart.series.length > 1 && one.data.length > 2 && one.data.every((point) => point.value === one.data[0].value);
    const area = filled || chart.series.length === 1 ? svg("path", { class: `chart-area fill-${number}`, d: `M${f.x(0)},${filled ? base : HEIGHT - f.bottom}L${points.join("L")}L${f.x(one.data.length - 1)},${filled ? base : HEIGHT - f.bottom}Z` }) : null;
    const dots = one.data.map((point, index) => svg("circle", { class: `chart-dot fill-${number}${index === one.data.length - 1 ? " chart-last" : ""}`, cx: f.x(index), cy: f.y(point.value), r: index === one.data.length - 1 ? 4 : 2.6 }, tip(one, point)));
    if (level && !filled) return svg("polyline", { class: `chart-line chart-level stroke-${number}`, points: points.join(" ") }, tip(one, one.data[0]));
    return [area, svg("polyline", { class: `chart-line stroke-${number}`, points: points.join(" ") }), dots];
  });
}

function bars(chart, f) {
  const count = chart.series.length;
  const width = Math.min(36, (f.slot * 0.72) / count);
  const zero = f.y(0);
  return chart.series.map((one, number) => one.data.map((point, index) => {
    const top = Math.min(f.y(point.value), zero);
    const at = f.x(index) - (width * count) / 2 + width * number;
    return svg("rect", { class: `chart-bar fill-${number}`, x: at + 1, y: top, width: Math.max(1, width - 2), height: Math.max(1, Math.abs(f.y(point.value) - zero)), rx: Math.min(3, width / 4) }, tip(one, point));
  }));
}

function pie(chart) {
  const total = chart.segments.reduce((sum, one) => sum + one.value, 0);
  let angle = -Math.PI / 2;
  const at = (a, r) => `${(100 + r * Math.cos(a)).toFixed(2)},${(100 + r * Math.sin(a)).toFixed(2)}`;
  const slices = chart.segments.map((one, number) => {
    const end = angle + (one.value / total) * Math.PI * 2 - (chart.segments.length === 1 ? 1e-4 : 0);
    const large = end - angle > Math.PI ? 1 : 0;
    const path = svg("path", { class: `chart-slice fill-${number}`, d: `M${at(angle, 92)}A92,92 0 ${large} 1 ${at(end, 92)}L${at(end, 54)}A54,54 0 ${large} 0 ${at(angle, 54)}Z` }, svg("title", {}, `${one.label}: ${short(one.value)}`));
    angle = end;
    return path;
  });
  const legend = chart.segments.map((one, number) => h("li", {}, h("span", { class: `swatch back-${number}` }), h("span", { class: "legend-name" }, one.label), h("span", { class: "legend-value" }, `${short(one.value)} · ${Math.round((one.value / total) * 100)}%`)));
  return h("div", { class: "pie" }, svg("svg", { viewBox: "0 0 200 200", "aria-hidden": "true" }, slices), h("ul", { class: "legend legend-list" }, legend));
}

function words(chart) {
  if (chart.type === "pie") return chart.segments.map((one) => `${one.label} ${one.value}`).join(", ");
  return chart.series.map((one) => `${one.name}: ${one.data.map((point) => `${point.label} ${point.value}`).join(", ")}`).join(". ");
}

export function chartBlock(block, narrow) {
  const chart = block.chart;
  const drawn = chart.type === "pie" ? pie(chart) : cartesian(chart, narrow);
  return h("figure", { class: "chart", role: "img", "aria-label": `${block.title}. ${words(chart)}` }, h("figcaption", {}, block.title), drawn);
}

function cartesian(chart, narrow) {
  const f = frame(chart, narrow);
  const shapes = chart.type === "bar" ? bars(chart, f) : lines(chart, f, chart.type === "area");
  const legend = chart.series.map((one, number) => h("li", {}, h("span", { class: `swatch back-${number}` }), one.name));
  return [svg("svg", { viewBox: `0 0 ${f.width} ${HEIGHT}`, "aria-hidden": "true" }, axes(chart, f), shapes), h("ul", { class: "legend" }, legend)];
}
