// Draws blocks with an independent renderer: one JSON line in is a message's blocks, one JSON line out its HTML.
import { createInterface } from 'node:readline';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { Message } from 'slack-blocks-to-jsx';

const data = JSON.parse(process.argv[2] ?? '{}');

// One block at a time: a block that throws takes the whole message down with it.
const drawn = (block) => {
  try {
    const properties = { blocks: [block], withoutWrapper: true, data, name: '', logo: '', time: new Date(0) };
    return renderToStaticMarkup(createElement(Message, properties));
  } catch (error) {
    return `<p class="cannot">cannot draw ${block.type}: ${error.message}</p>`;
  }
};

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(JSON.parse(line).map(drawn).join('\n'))}\n`);
}
