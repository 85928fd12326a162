import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { settle } from './fake-clock.js';
import { FakeSocket, chat as said } from './fake-hub.js';

const root = new URL('../../', import.meta.url);
const page = await readFile(new URL('docs/client.md', root), 'utf8');
const snippet = await readFile(new URL('snippets/chat.js', import.meta.url), 'utf8');

// What the page says: the folder is copied beside one's own code, and nothing else is needed.
const folder = await mkdtemp(join(tmpdir(), 'verb-'));
after(() => rm(folder, { recursive: true }));
await cp(new URL('src/Verb.Server/wwwroot/js/verb/', root), join(folder, 'verb'), { recursive: true });
await writeFile(join(folder, 'package.json'), '{"type":"module"}');
await writeFile(join(folder, 'chat.js'), snippet);
const { chat } = await import(pathToFileURL(join(folder, 'chat.js')).href);

test('the page shows the code that runs here', () => {
  assert.ok(page.includes(`\n\`\`\`js\n${snippet.trim()}\n\`\`\`\n`));
});

test('the code of the page connects with a token, joins, chats, recovers what it missed, and says when to sign in again', async () => {
  const sockets = [];
  globalThis.WebSocket = class extends FakeSocket {
    constructor(url, protocols) {
      super(url, protocols);
      sockets.push(this);
    }
  };
  const shown = [];
  const ada = { id: 'ada', username: 'Ada', role: 'user' };
  const chatting = chat((line) => shown.push(line), async () => 'a.b.c');
  await settle();
  assert.deepEqual([sockets[0].url, sockets[0].protocols], ['wss://hub.example.com/ws', ['verb.v1', 'bearer.a.b.c']]);
  await sockets[0].greets({ user: ada });
  await sockets[0].joins('lobby');
  await sockets[0].replies(sockets[0].last('chat'), { roomId: 'lobby', seq: 1, epoch: 'e1', messageId: sockets[0].last('chat').messageId });
  const client = await chatting;

  await sockets[0].breaks();
  client.retryNow();
  await settle();
  await sockets[1].greets({ user: ada });
  assert.deepEqual(sockets[1].last('join_room').since, { epoch: 'e1', seq: 1 });
  await sockets[1].joins('lobby', { seq: 2, recovered: true, messages: [said('lobby', 2)] });
  await sockets[1].closes(4002, 'Token expired');
  client.retryNow();
  await settle();
  await sockets[2].closes(4001, 'Authentication required');

  assert.deepEqual(shown, ['#1 Ada: Hello', 'The connection was lost.', '#2 Grace: text 2', 'Token expired', 'Please sign in again.']);
  assert.equal(client.state, 'closed');
});

test('every method and event that the page names is there', async () => {
  const { VerbClient } = await import(pathToFileURL(join(folder, 'verb', 'verb.js')).href);
  const named = [...page.matchAll(/`client\.(\w+)/g)].map(([, name]) => name);
  assert.ok(named.length > 15);
  for (const name of named) assert.ok(name in VerbClient.prototype, name);
});
