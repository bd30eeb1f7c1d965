// Times as the reader sees them: in the reader's zone, in words where words are shorter.
import { me, now, state } from "./state.js";

const zoneOf = () => me()?.tz || "UTC";
const format = (date, options, zone = zoneOf()) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(date);
const day = (date, zone = zoneOf()) => new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(date);

export const fromTs = (ts) => new Date(parseFloat(ts) * 1000);
export const clockTime = (date) => format(date, { hour: "2-digit", minute: "2-digit" });
export const dayKey = (date) => day(date);
export const fullTime = (date) => format(date, { weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });

function relativeDay(date) {
  const away = Math.round((Date.parse(day(date)) - Date.parse(day(now()))) / 86400000);
  return { "0": "Today", "-1": "Yesterday", "1": "Tomorrow" }[String(away)];
}

export function dayName(date) {
  return relativeDay(date) || format(date, { weekday: "long", day: "numeric", month: "long" });
}

export function companyClock() {
  const date = now();
  return {
    day: format(date, { weekday: "short", day: "numeric", month: "short", year: "numeric" }, state.zone),
    time: format(date, { hour: "2-digit", minute: "2-digit" }, state.zone),
    zone: state.zone.split("/").pop().replaceAll("_", " "),
  };
}

export function ago(date) {
  const minutes = Math.round((now() - date) / 60000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 1440) return `${Math.round(minutes / 60)} h ago`;
  return `${Math.round(minutes / 1440)} d ago`;
}

const DATE_PARTS = {
  date_num: (d) => day(d),
  date: (d) => format(d, { day: "numeric", month: "long", year: "numeric" }),
  date_short: (d) => format(d, { day: "numeric", month: "short", year: "numeric" }),
  date_long: (d) => format(d, { weekday: "long", day: "numeric", month: "long", year: "numeric" }),
  time: (d) => clockTime(d),
  time_secs: (d) => format(d, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  ago: (d) => ago(d),
  day_divider_pretty: (d) => dayName(d),
};

// The words of a date token: {date_short_pretty} becomes "today" where it is one of the three near days.
export function dateWords(unix, pattern) {
  const date = new Date(Number(unix) * 1000);
  return pattern.replace(/\{(\w+)\}/g, (whole, name, offset) => {
    const base = name.replace(/_pretty$/, "");
    if (!DATE_PARTS[name] && !DATE_PARTS[base]) return whole;
    const near = base !== name && relativeDay(date);
    const words = near ? (offset === 0 ? near : near.toLowerCase()) : (DATE_PARTS[name] || DATE_PARTS[base])(date);
    return words;
  });
}
