// What the composer suggests: slash commands with what they do, people after @, channels after #.
import { avatar } from "./avatars.js";
import { state } from "./state.js";

const MOST = 10;
const words = (text) => text.split(" ").length;

// Commands and hints that go on from what is typed, the shortest first.
function commands(typed) {
  const known = [...state.app.hints, ...state.app.commands.filter((one) => !state.app.hints.some((hint) => hint.text === one)).map((text) => ({ text, description: "" }))];
  const fits = known.filter((hint) => hint.text.toLowerCase().startsWith(typed.toLowerCase()) && hint.text !== typed.trimEnd());
  const depth = Math.min(...fits.map((hint) => words(hint.text)));
  const near = fits.filter((hint) => words(hint.text) <= Math.max(depth, words(typed)) + 1);
  return near.map((hint) => ({ words: hint.text, about: hint.description, text: known.some((one) => one.text.startsWith(`${hint.text} `)) || hint.description.includes("(/") ? `${hint.text} ` : hint.text }));
}

const starts = (name, typed) => name.toLowerCase().split(/[\s-]+/).some((part) => part.startsWith(typed)) || name.toLowerCase().startsWith(typed);

function people(typed) {
  const everybody = [...state.people.filter((one) => !one.deleted), { id: state.app.id, name: state.app.handle, real_name: state.app.name, title: "app" }];
  const found = everybody.filter((one) => starts(one.real_name, typed) || starts(one.name, typed)).map((one) => ({ words: one.real_name, about: one.title, text: `@${one.real_name} `, icon: avatar(one.id, "mini") }));
  const groups = state.groups.filter((one) => starts(one.handle, typed)).map((one) => ({ words: `@${one.handle}`, about: "user group", text: `@${one.handle} ` }));
  const all = [["channel", "everybody in this channel"], ["here", "everybody here who is active"]].filter(([name]) => name.startsWith(typed)).map(([name, about]) => ({ words: `@${name}`, about, text: `@${name} ` }));
  return [...found, ...groups, ...all].slice(0, MOST);
}

const channels = (typed) => state.rooms.filter((one) => one.kind !== "im" && one.kind !== "mpim" && one.name.includes(typed)).slice(0, MOST).map((one) => ({ words: `#${one.name}`, about: one.topic, text: `#${one.name} ` }));

// Commands that go on from what is typed; where there is none, those that are nearly it.
function commandsFor(typed) {
  const fits = commands(typed);
  if (fits.length) return { from: 0, items: fits.slice(0, MOST), chosen: -1, more: fits.length > MOST ? `Keep typing … ${fits.length - MOST} more` : "" };
  const wanted = typed.trim().toLowerCase();
  const whole = state.app.hints.some((hint) => hint.text.toLowerCase() === wanted);
  const near = whole ? [] : state.app.hints.map((hint) => ({ hint, away: distance(hint.text.toLowerCase(), wanted) })).filter((one) => one.away <= 2).sort((a, b) => a.away - b.away);
  return { from: 0, items: near.slice(0, 3).map(({ hint }) => ({ words: hint.text, about: `Did you mean this? ${hint.description}`, text: hint.text })), chosen: -1 };
}

// How many letters must be changed, added, taken away or swapped with their neighbour.
function distance(one, other) {
  let [before, row] = [[], Array.from({ length: other.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[other.length];
}

// The suggestions for the words before the caret: what to show, from where on it is replaced, and whether the first is chosen.
export function completions(text, caret, { commandsToo }) {
  const before = text.slice(0, caret);
  if (text.startsWith("/")) return commandsToo && caret === text.length && !text.includes("\n") ? commandsFor(text) : null;
  const sign = /(?:^|[\s(])([@#])([\p{L}\d._-]*)$/u.exec(before);
  if (!sign) return null;
  const items = (sign[1] === "@" ? people : channels)(sign[2].toLowerCase());
  return { from: caret - sign[2].length - 1, items, chosen: 0 };
}

const plain = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const literal = (name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// @names and #channels become what the chat tool sends for them.
export function tokens(text) {
  const named = [
    { sign: "@", name: state.app.handle, token: `<@${state.app.id}>` }, { sign: "@", name: state.app.name, token: `<@${state.app.id}>` },
    ...state.people.flatMap((one) => [one.real_name, one.name].map((name) => ({ sign: "@", name, token: `<@${one.id}>` }))),
    ...state.groups.map((one) => ({ sign: "@", name: one.handle, token: `<!subteam^${one.id}>` })),
    ...["channel", "here", "everyone"].map((name) => ({ sign: "@", name, token: `<!${name}>` })),
    ...state.rooms.filter((one) => one.kind !== "im" && one.kind !== "mpim").map((one) => ({ sign: "#", name: one.name, token: `<#${one.id}>` })),
  ];
  return named.sort((a, b) => b.name.length - a.name.length).reduce((out, one) => out.replace(new RegExp(`(^|[\\s(])${one.sign}${literal(plain(one.name))}(?![\\p{L}\\d_-])`, "giu"), `$1${one.token}`), plain(text));
}
