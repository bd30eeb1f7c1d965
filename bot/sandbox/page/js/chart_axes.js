// The room of a chart: its scales, grid, tick labels and axis titles.
import { svg } from "./dom.js";

const EDGE = { right: 14, top: 10, bottom: 26 };
const LETTER = 6.3;
const BELOW = 12;
const SHORT_UNIT = 3;

// One way of writing for all ticks of an axis.
function writer(ticks, unit) {
  const most = Math.max(...ticks.map(Math.abs));
  const format = new Intl.NumberFormat("en", { notation: most >= 10000 ? "compact" : "standard", maximumFractionDigits: most < 1 ? 4 : 2 });
  return (value) => (unit ? `${format.format(value)} ${unit}` : format.format(value));
}

// Round steps of 1, 2, 2.5 or 5 that cover the values; bars and areas start at zero, lines near their lowest.
function scale(values, fromZero) {
  let low = Math.min(...values);
  let high = Math.max(...values);
  if (fromZero) { low = Math.min(0, low); high = Math.max(0, high); }
  if (low === high) { const space = Math.abs(low) * 0.1 || 1; low -= fromZero && low >= 0 ? 0 : space; high += space; }
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((one) => one * power >= rough * 0.999) * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
  return { ticks, low: ticks[0], high: ticks.at(-1) };
}

// A short unit stands beside every number of its axis; a longer title beside the axis.
const titled = (words = "") => (words.length <= SHORT_UNIT ? [words, ""] : ["", words]);

// Where everything stands, in the units of the drawing; labels that do not fit side by side are turned.
export function room(chart, narrow) {
  const { categories, x_label: across, y_label } = chart.axis_config;
  const [unit, up] = titled(y_label);
  const axis = scale(chart.series.flatMap((one) => one.data.map((point) => point.value)), chart.type !== "line");
  const width = narrow ? 340 : 580;
  const short = writer(axis.ticks, unit);
  const left = 16 + Math.max(...axis.ticks.map((tick) => short(tick).length)) * LETTER + (up ? 16 : 0);
  const wide = width - left - EDGE.right;
  const slot = wide / categories.length;
  const longest = Math.max(...categories.map((name) => name.length)) * LETTER;
  const turned = longest + 8 > slot;
  const below = EDGE.bottom + (turned ? Math.min(longest * 0.72, 92) : 0) + (across ? 16 : 0);
  const tall = narrow ? 150 : 172;
  const x = chart.type === "bar" || categories.length === 1 ? (index) => left + slot * (index + 0.5) : (index) => left + 10 + ((wide - 20) * index) / (categories.length - 1);
  const used = tall - (chart.type === "bar" && axis.low >= 0 ? 0 : BELOW);
  const y = (value) => EDGE.top + used * (1 - (value - axis.low) / (axis.high - axis.low));
  return { axis, width, height: EDGE.top + tall + below, left, right: width - EDGE.right, floor: EDGE.top + tall, middle: EDGE.top + tall / 2, wide, slot, turned, x, y, categories, short };
}

const text = (className, props, words) => svg("text", { class: className, ...props }, words);

export function axes(chart, frame) {
  const grid = frame.axis.ticks.map((tick) => [
    svg("line", { class: tick === 0 ? "chart-zero" : "chart-grid", x1: frame.left, x2: frame.right, y1: frame.y(tick), y2: frame.y(tick) }),
    text("chart-tick", { x: frame.left - 8, y: frame.y(tick) + 4, "text-anchor": "end" }, frame.short(tick)),
  ]);
  return [grid, names(frame), titles(chart.axis_config, frame)];
}

// Turned labels are thinned only where even those would touch.
function names(frame) {
  const every = frame.turned ? Math.max(1, Math.ceil(13 / frame.slot)) : 1;
  const last = frame.categories.length - 1;
  return frame.categories.map((name, index) => {
    if ((last - index) % every) return null;
    const at = { x: frame.x(index), y: frame.floor + 18 };
    if (!frame.turned) return text("chart-tick", { ...at, "text-anchor": "middle" }, name);
    return text("chart-tick", { x: at.x + 4, y: at.y - 4, "text-anchor": "end", transform: `rotate(-45 ${at.x + 4} ${at.y - 4})` }, name);
  });
}

function titles({ x_label: across, y_label }, frame) {
  const up = titled(y_label)[1];
  return [
    across ? text("chart-axis", { x: frame.left + frame.wide / 2, y: frame.height - 5, "text-anchor": "middle" }, across) : null,
    up ? text("chart-axis", { x: 12, y: frame.middle, "text-anchor": "middle", transform: `rotate(-90 12 ${frame.middle})` }, up) : null,
  ];
}
