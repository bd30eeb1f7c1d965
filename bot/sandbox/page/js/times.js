// Times as the reader sees them: in the reader's zone, in words where words are shorter.
import { me, now, state } from "./state.js";

const zoneOf = () => me()?.tz || "UTC";
const format = (date, options, zone = zoneOf(), language = "en-GB") => new Intl.DateTimeFormat(language, { timeZone: zone, hourCycle: "h23", ...options }).format(date);
const day = (date, zone = zoneOf()) => new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(date);

export const fromTs = (ts) => new Date(parseFloat(ts) * 1000);
export const clockTime = (date) => format(date, { hour: "2-digit", minute: "2-digit" });
export const dayKey = (date) => day(date);
export const fullTime = (date) => format(date, { weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });

// "today", "yesterday" or "tomorrow" in a language; null for days further away.
function relativeDay(date, language = "en-GB", zone = zoneOf()) {
  const away = Math.round((Date.parse(day(date, zone)) - Date.parse(day(now(), zone))) / 86400000);
  return Math.abs(away) > 1 ? null : new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(away, "day");
}

const capital = (words) => words.slice(0, 1).toUpperCase() + words.slice(1);

export function dayName(date) {
  return capital(relativeDay(date) || format(date, { weekday: "long", day: "numeric", month: "long" }));
}

const city = (zone) => zone.split("/").pop().replaceAll("_", " ");

function wallClock(zone) {
  const date = now();
  return {
    day: format(date, { weekday: "short", day: "numeric", month: "short", year: "numeric" }, zone),
    short: format(date, { weekday: "short", day: "numeric" }, zone),
    time: format(date, { hour: "2-digit", minute: "2-digit" }, zone),
    zone: city(zone),
  };
}

// What the company's clock shows, and the reader's, as the times of messages are theirs.
export const companyClock = () => wallClock(state.zone);
export const readersClock = () => wallClock(zoneOf());

export function ago(date) {
  const minutes = Math.round((now() - date) / 60000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 1440) return `${Math.round(minutes / 60)} h ago`;
  return `${Math.round(minutes / 1440)} d ago`;
}

// The page itself speaks English; dates inside messages are written in the reader's language.
const language = () => { const own = me()?.locale || "en-GB"; return own.startsWith("en") ? "en-GB" : own; };
const inWords = (options) => (date, zone) => format(date, options, zone, language());

function agoInWords(date) {
  const minutes = Math.round((date - now()) / 60000);
  const words = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
  if (Math.abs(minutes) < 60) return words.format(minutes, "minute");
  return Math.abs(minutes) < 1440 ? words.format(Math.round(minutes / 60), "hour") : words.format(Math.round(minutes / 1440), "day");
}

const LONG = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
const sameYear = (date, zone) => day(date, zone).slice(0, 4) === day(now(), zone).slice(0, 4);

const DATE_PARTS = {
  date_num: (date, zone) => day(date, zone),
  date_slash: inWords({ day: "2-digit", month: "2-digit", year: "numeric" }),
  date: inWords({ day: "numeric", month: "long", year: "numeric" }),
  date_short: inWords({ day: "numeric", month: "short", year: "numeric" }),
  date_long: inWords(LONG),
  date_long_full: inWords({ day: "numeric", month: "long", year: "numeric" }),
  time: inWords({ hour: "2-digit", minute: "2-digit" }),
  time_secs: inWords({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  ago: agoInWords,
  day_divider: (date, zone) => inWords(sameYear(date, zone) ? { ...LONG, year: undefined } : LONG)(date, zone),
};

// Seconds since 1970 as a date, or null where a calendar has none.
export function fromUnix(unix) {
  const date = new Date(Number(unix) * 1000);
  return unix === "" || unix === null || Number.isNaN(date.getTime()) ? null : date;
}

// The words of a date token, with a capital where it `begins` a text: {date_short_pretty} is "today" on that day.
export function dateWords(date, pattern, begins = false, zone = zoneOf()) {
  const words = pattern.replace(/\{(\w+)\}/g, (whole, name) => {
    const base = name.replace(/_pretty$/, "");
    if (!Object.hasOwn(DATE_PARTS, base)) return whole;
    return (base !== name && relativeDay(date, language(), zone)) || DATE_PARTS[base](date, zone);
  });
  return begins ? capital(words) : words;
}

// What a clock on the reader's wall says, as a date-and-time field writes it; and the way back to seconds.
export function wallTime(unix) {
  const date = new Date(unix * 1000);
  return `${day(date)}T${format(date, { hour: "2-digit", minute: "2-digit" })}`;
}

export function fromWallTime(words) {
  const wanted = Date.parse(`${words}Z`);
  const behind = (at) => Date.parse(`${wallTime(at / 1000)}Z`) - at;
  const guess = wanted - behind(wanted);
  return Math.floor((wanted - behind(guess)) / 1000);
}
