// Line drawings for buttons.
import { svg } from "./dom.js";

const PATHS = {
  close: "M5 5l10 10M15 5L5 15",
  back: "M12 4l-6 6 6 6",
  down: "M5 8l5 5 5-5",
  latest: "M10 4v11M5.500 10.500L10 15l4.500-4.500",
  reply: "M4 5h12v8H9l-4 3v-3H4z",
  link: "M8.500 11.500l3-3M9.500 5.500l1.500-1.500a3.500 3.500 0 0 1 5 5l-1.500 1.500M10.500 14.500L9 16a3.500 3.500 0 0 1-5-5l1.500-1.500",
  react: "M9 3a7 7 0 1 0 7 7M6.800 11.800c1 1.800 3.800 1.900 5 0M7 8.200v.2M11.300 8.200v.2M15.500 2.500v5M13 5h5",
  pin: "M8 3h4l1 5 2 2v1H5v-1l2-2zM10 11v6",
  bookmark: "M6 3h8v14l-4-3.500L6 17z",
  send: "M3.500 4l13 6-13 6 2-6zM5.500 10h6",
  clock: "M10 3a7 7 0 1 0 .01 0ZM10 6.500V10l2.500 1.500",
  threads: "M4 4h12v7H9l-3 2.500V11H4zM12 13.500h4V8",
  shared: "M7 4L4 7l3 3M4 7h8a4 4 0 0 1 4 4M13 16l3-3-3-3",
  box: "M3 5h14v3H3zM4.500 8h11v8h-11zM8 11h4",
  eye: "M2.500 10c3-5 12-5 15 0-3 5-12 5-15 0zM10 8.200a1.800 1.800 0 1 0 .01 0Z",
  people: "M7 9.500a2.500 2.500 0 1 0-.01 0ZM2.500 16c0-5 9-5 9 0M13 9a2 2 0 1 0-.01 0ZM13.500 11.500c2.500 0 4 1.500 4 4",
  toBot: "M4 10h11M11 6l4 4-4 4",
  fromBot: "M16 10H5M9 6l-4 4 4 4",
};

export const sign = (name, className = "sign") => svg("svg", { viewBox: "0 0 20 20", class: className, "aria-hidden": "true" }, svg("path", { d: PATHS[name] }));
