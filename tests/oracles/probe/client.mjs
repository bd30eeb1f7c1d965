// Asks Slack's official JavaScript client: one JSON line in is one call, one JSON line out its answer.
import { createInterface } from 'node:readline';
import { WebClient, LogLevel } from '@slack/web-api';

const options = (url) => ({
  slackApiUrl: url,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  logLevel: LogLevel.ERROR,
});

const called = (client, method, given) => {
  if (method === 'files.uploadV2') {
    const { channel, ...rest } = given; // the one argument this client calls otherwise than slack_sdk
    return client.filesUploadV2({ ...rest, channel_id: channel });
  }
  const found = method.split('.').reduce((place, name) => place?.[name], client);
  return typeof found === 'function' ? found(given) : client.apiCall(method, given);
};

const answer = async ({ url, token, method, arguments: given }) => {
  try {
    return { status: 200, body: await called(new WebClient(token ?? undefined, options(url)), method, given) };
  } catch (error) {
    if (error.code === 'slack_webapi_rate_limited_error') {
      return { status: 429, body: { ok: false, error: 'ratelimited' }, retry_after: error.retryAfter };
    }
    if (error.data) return { status: 200, body: error.data };
    return { status: 0, body: { ok: false, error: String(error) } };
  }
};

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
