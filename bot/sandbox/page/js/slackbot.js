// What Slack itself says to one person in a channel: that a command failed, or is none. Only they see it.
import { encode } from "./mrkdwn.js";
import { SLACKBOT, state } from "./state.js";

const WHY = {
  operation_timeout: "The app did not answer within 3 seconds.",
  dispatch_failed: "The app could not be reached.",
  http_error: "The app answered with an error.",
  invalid_command_response: "The app's answer was no message Slack can show.",
};

const explained = (words) => [words, WHY[Object.keys(WHY).find((code) => words.includes(code))]].filter(Boolean).join(" ");

const line = (one, room) => ({ ts: one.ts, channel: room, user: SLACKBOT, username: "Slackbot", text: encode(explained(one.text)), ephemeral: true, is_app: false });

// The messages of a room with Slackbot's lines among them.
export function withSlackbot(list, room) {
  const lines = state.warnings.filter((one) => one.channel === room).map((one) => line(one, room));
  return lines.length ? [...list, ...lines].sort((a, b) => (a.ts < b.ts ? -1 : 1)) : list;
}
