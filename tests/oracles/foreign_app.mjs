// A small Bolt app as anybody might write it. It knows nothing of the sandbox but the address of the Web API.
import bolt from '@slack/bolt';

const { App, ExpressReceiver, LogLevel } = bolt;
const { SLACK_API_URL, SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET } = process.env;

const clientOptions = { slackApiUrl: SLACK_API_URL };
const common = { token: SLACK_BOT_TOKEN, clientOptions, logLevel: LogLevel.ERROR };
const receiver = SLACK_APP_TOKEN
  ? undefined
  : new ExpressReceiver({ signingSecret: SLACK_SIGNING_SECRET, endpoints: '/slack/events', logLevel: LogLevel.ERROR });
const app = new App(receiver ? { ...common, receiver } : { ...common, socketMode: true, appToken: SLACK_APP_TOKEN });

const plain = (text) => ({ type: 'plain_text', text });
const mrkdwn = (text) => ({ type: 'mrkdwn', text });

const request = (channel) => ({
  type: 'modal',
  callback_id: 'leave',
  private_metadata: channel,
  title: plain('Ask for leave'),
  submit: plain('Ask'),
  blocks: [
    {
      type: 'input',
      block_id: 'days',
      label: plain('How many days'),
      element: { type: 'plain_text_input', action_id: 'number' },
    },
    {
      type: 'input',
      block_id: 'deputy',
      label: plain('Who stands in'),
      element: { type: 'external_select', action_id: 'colleague', min_query_length: 1 },
    },
  ],
});

app.command('/leave', async ({ ack, command, client }) => {
  if (command.text === 'help') {
    await ack({ text: 'Type /leave alone to ask for days off.', response_type: 'ephemeral' });
    return;
  }
  await ack();
  await client.chat.postMessage({
    channel: command.channel_id,
    text: 'Holiday?',
    blocks: [
      { type: 'section', text: mrkdwn(`*Holiday?* asked <@${command.user_id}>`) },
      { type: 'actions', elements: [{ type: 'button', action_id: 'ask', text: plain('Ask for leave'), value: 'leave' }] },
    ],
  });
});

app.action('ask', async ({ ack, body, client }) => {
  await ack();
  await client.views.open({ trigger_id: body.trigger_id, view: request(body.channel.id) });
});

app.options('colleague', async ({ ack, options }) => {
  const people = ['Maria Lopez', 'Mario Rossi', 'Paul Wood'];
  const found = people.filter((name) => name.toLowerCase().startsWith(options.value.toLowerCase()));
  await ack({ options: found.map((name) => ({ text: plain(name), value: name })) });
});

app.view('leave', async ({ ack, view, body, client }) => {
  const days = Number(view.state.values.days.number.value);
  if (!(days > 0)) {
    await ack({ response_action: 'errors', errors: { days: 'Write a number of days.' } });
    return;
  }
  await ack();
  const deputy = view.state.values.deputy.colleague.selected_option.value;
  await client.chat.postMessage({
    channel: view.private_metadata,
    text: `<@${body.user.id}> is away for ${days} days; ${deputy} stands in.`,
  });
});

app.event('app_home_opened', async ({ event, client }) => {
  const blocks = [{ type: 'header', text: plain('Days left') }, { type: 'section', text: mrkdwn('*25* days') }];
  await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
});

app.event('app_mention', async ({ event, say }) => {
  await say({ text: `Hello <@${event.user}>`, thread_ts: event.ts });
});

app.shortcut('ask_leave', async ({ ack, shortcut, client }) => {
  await ack();
  await client.views.open({ trigger_id: shortcut.trigger_id, view: request('') });
});

app.action('again', async ({ ack, respond }) => {
  await ack();
  await respond({ text: 'Changed in place.', replace_original: true });
});

app.command('/again', async ({ ack, respond }) => {
  await ack();
  const elements = [{ type: 'button', action_id: 'again', text: plain('Change') }];
  await respond({ text: 'Press', blocks: [{ type: 'actions', elements }] });
});

const server = await app.start(receiver ? { port: 0, host: '127.0.0.1' } : undefined);
process.stdout.write(`${receiver ? server.address().port : 'connected'}\n`);
process.stdin.resume().on('end', () => process.exit(0));
