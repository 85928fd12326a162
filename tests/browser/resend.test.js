import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './fake-clock.js';
import { ADA, said, stage } from './fake-hub.js';

test('a message without a reply is sent again on the next connection, under the same messageId, behind the join', async () => {
  const hub = await inLobby();
  const posted = hub.client.sendMessage('lobby', 'hello');
  const first = hub.socket.last('chat');
  await hub.socket.breaks();
  await hub.clock.advance(1000);
  await hub.socket.greets();
  assert.deepEqual(hub.socket.sent.map(({ type }) => type).filter((type) => type !== 'ping'), ['join_room', 'chat']);
  assert.equal(hub.socket.last('chat').messageId, first.messageId);
  await hub.socket.replies(hub.socket.last('chat'), { seq: 1, epoch: 'e1', messageId: first.messageId });
  assert.equal((await posted).seq, 1);
});

test('several messages are sent again in their order', async () => {
  const hub = await inLobby();
  for (const text of ['a', 'b', 'c']) hub.client.sendMessage('lobby', text);
  await hub.socket.breaks();
  hub.client.sendMessage('lobby', 'd');
  await hub.clock.advance(1000);
  await hub.socket.greets();
  assert.deepEqual(hub.socket.commands('chat').map(({ message }) => message), ['a', 'b', 'c', 'd']);
});

test('a message that history brings back before its reply is delivered once', async () => {
  const hub = await inLobby();
  hub.client.sendMessage('lobby', 'hello');
  await hub.socket.breaks();
  await hub.clock.advance(1000);
  await hub.socket.greets();
  await hub.socket.joins('lobby', { seq: 1, recovered: true, messages: [said(1, { user: ADA, messageId: 'm1', message: 'hello' })] });
  await hub.socket.replies(hub.socket.last('chat'), { seq: 1, epoch: 'e1', messageId: 'm1' });
  assert.deepEqual(hub.of('message').map(({ seq, own, message }) => [seq, own, message]), [[1, true, 'hello']]);
});

for (const code of ['TIMEOUT', 'INTERNAL', 'OVERLOADED', 'RATE_LIMITED']) {
  test(`a message answered with ${code} is sent again under the same messageId`, async () => {
    const hub = await inLobby();
    const posted = hub.client.sendMessage('lobby', 'hello');
    await hub.socket.refuses(hub.socket.last('chat'), code, { retryAfter: 1500 });
    await hub.clock.advance(1499);
    assert.equal(hub.socket.commands('chat').length, 1);
    await hub.clock.advance(1);
    assert.deepEqual(hub.socket.commands('chat').map(({ messageId }) => messageId), ['m1', 'm1']);
    await hub.socket.replies(hub.socket.last('chat'), { seq: 1, epoch: 'e1' });
    assert.equal((await posted).seq, 1);
  });
}

test('a message that gets no reply at all is sent again after thirty seconds', async () => {
  const hub = await inLobby();
  hub.client.sendMessage('lobby', 'hello');
  await hub.clock.advance(29_000);
  await hub.socket.says({ type: 'pong' });
  await hub.clock.advance(2_000);
  assert.deepEqual(hub.socket.commands('chat').map(({ messageId }) => messageId), ['m1', 'm1']);
});

for (const code of ['FORBIDDEN', 'NOT_IN_ROOM', 'INVALID_MESSAGE', 'PAYLOAD_TOO_LARGE']) {
  test(`a message answered with ${code} is not sent again`, async () => {
    const hub = await inLobby();
    const refused = assert.rejects(hub.client.sendMessage('lobby', 'hello'), { code });
    await hub.socket.refuses(hub.socket.last('chat'), code);
    await refused;
    await hub.clock.advance(20_000);
    assert.equal(hub.socket.commands('chat').length, 1);
  });
}

test('messages outlast giving up and go out on the next connect', async () => {
  const hub = stage({ attempts: 1 });
  await hub.open();
  hub.client.sendMessage('lobby', 'hello');
  await hub.socket.breaks();
  await hub.clock.advance(1000);
  await hub.socket.breaks();
  assert.equal(hub.client.state, 'closed');
  await hub.open();
  assert.equal(hub.socket.last('chat').messageId, 'm1');
});

test('past the window in which the hub knows a messageId, nothing is sent twice', async () => {
  const hub = stage({ attempts: 0 });
  await hub.open();
  const unknown = assert.rejects(hub.client.sendMessage('lobby', 'hello'), { code: 'TIMEOUT' });
  await hub.socket.breaks();
  await hub.clock.advance(11 * 60_000);
  hub.client.retryNow();
  await settle();
  await hub.socket.greets();
  await unknown;
  assert.equal(hub.socket.commands('chat').length, 0);
});

test('a private message is sent again under the same messageId', async () => {
  const hub = await inLobby();
  const sent = hub.client.sendPrivate('c2', 'psst');
  await hub.socket.breaks();
  await hub.clock.advance(1000);
  await hub.socket.greets();
  assert.equal(hub.socket.last('private_message').messageId, 'm1');
  await hub.socket.replies(hub.socket.last('private_message'), { messageId: 'm1', status: 'queued' });
  assert.equal((await sent).status, 'queued');
});

async function inLobby() {
  const hub = stage();
  await hub.open();
  hub.client.joinRoom('lobby').catch(() => {});
  await hub.socket.joins('lobby');
  await settle();
  return hub;
}
