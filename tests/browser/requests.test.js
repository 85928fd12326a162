import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './fake-clock.js';
import { stage } from './fake-hub.js';

test('a reply answers the request with its id, whatever the order', async () => {
  const hub = stage();
  await hub.open();
  const one = hub.client.request('history', { roomId: 'a' });
  const two = hub.client.call('sum', { of: [1, 2] });
  const [history, sum] = [hub.socket.last('history'), hub.socket.last('sum')];
  assert.notEqual(history.id, sum.id);
  assert.deepEqual(sum.payload, { of: [1, 2] });
  await hub.socket.replies(sum, 3);
  await hub.socket.replies(history, { messages: [] });
  assert.equal(await two, 3);
  assert.deepEqual(await one, { messages: [] });
});

test('the id stands first in a command, whatever its fields are', async () => {
  const hub = stage();
  await hub.open();
  hub.client.request('history', { roomId: 'a', id: 'mine' }).catch(() => {});
  const history = hub.socket.last('history');
  assert.equal(Object.keys(history)[0], 'id');
  assert.notEqual(history.id, 'mine');
});

test('a refusal carries its code, its sentence and when to try again', async () => {
  const hub = stage();
  await hub.open();
  const refused = assert.rejects(hub.client.request('members', { roomId: 'a' }), { code: 'RATE_LIMITED', message: 'Refused: RATE_LIMITED', retryAfter: 40 });
  await hub.socket.refuses(hub.socket.last('members'), 'RATE_LIMITED', { retryAfter: 40 });
  await refused;
});

test('a request without a reply fails after thirty seconds', async () => {
  const hub = stage();
  await hub.open();
  let failed;
  hub.client.request('slow').catch((error) => { failed = error; });
  // The pings are answered: the connection lives, only this reply stays away.
  hub.client.on('state', () => {});
  await hub.clock.advance(20_000);
  await hub.socket.says({ type: 'pong' });
  await hub.clock.advance(9_999);
  assert.equal(failed, undefined);
  await hub.clock.advance(1);
  assert.equal(failed.code, 'TIMEOUT');
  assert.equal(failed.message, 'Request timeout');
});

test('a reply nobody waits for is ignored', async () => {
  const hub = stage();
  await hub.open();
  await hub.socket.says({ type: 'reply', id: '99', success: true, data: {} });
  assert.equal(hub.client.state, 'open');
});

test('commands given while offline go out in order once the connection opens', async () => {
  const hub = stage();
  hub.client.request('one');
  hub.client.sendMessage('lobby', 'two');
  hub.client.request('three');
  assert.equal(hub.client.queued, 3);
  await hub.open();
  assert.deepEqual(hub.socket.sent.map(({ type }) => type).filter((type) => type !== 'ping'), ['one', 'chat', 'three']);
  assert.equal(hub.client.queued, 0);
});

test('the queue is bounded, and says so', async () => {
  const hub = stage({ queueBound: 2 });
  hub.client.request('one');
  hub.client.request('two');
  await assert.rejects(hub.client.request('three'), { code: 'QUEUE_FULL' });
  await hub.open();
  assert.equal(hub.socket.commands('three').length, 0);
});

test('a request whose connection breaks fails, its outcome open', async () => {
  const hub = stage();
  await hub.open();
  const lost = assert.rejects(hub.client.request('admin_command'), { code: 'CONNECTION_LOST' });
  await hub.socket.breaks();
  await lost;
});

test('disconnecting ends everything that waits', async () => {
  const hub = stage();
  await hub.open();
  const ended = [hub.client.request('one'), hub.client.sendMessage('lobby', 'x'), hub.client.joinRoom('lobby')];
  hub.client.disconnect();
  const outcomes = await Promise.allSettled(ended);
  assert.deepEqual(outcomes.map(({ reason }) => reason.code), ['CONNECTION_LOST', 'CLOSED', 'CLOSED']);
});

test('what is stale when late is sent only while connected', async () => {
  const hub = stage();
  assert.equal(hub.client.sendTyping('lobby'), false);
  await hub.open();
  assert.equal(hub.client.sendTyping('lobby'), true);
  assert.deepEqual(hub.socket.commands('typing'), [{ type: 'typing', roomId: 'lobby' }]);
});

test('members are gathered from all pages', async () => {
  const hub = stage();
  await hub.open();
  const gathered = hub.client.members('lobby');
  await hub.socket.replies(hub.socket.last('members'), { userCount: 3, members: [{ id: 'a' }, { id: 'b' }], more: true });
  assert.equal(hub.socket.last('members').after, 'b');
  await hub.socket.replies(hub.socket.last('members'), { userCount: 3, members: [{ id: 'c' }] });
  assert.deepEqual((await gathered).members.map(({ id }) => id), ['a', 'b', 'c']);
});

test('each frame is traced', async () => {
  const seen = [];
  const hub = stage({ trace: (direction, { type }) => seen.push(`${direction} ${type}`) });
  await hub.open();
  await settle();
  assert.deepEqual(seen, ['in connected', 'out ping']);
});

test('the time for an answer begins when the question has left the browser', async () => {
  const hub = stage();
  await hub.open();
  hub.socket.bufferedAmount = 300_000;
  let error = null;
  hub.client.request('history', { roomId: 'a' }).catch((reason) => { error = reason; });
  const wait = async (seconds) => {
    for (let second = 0; second < seconds; second++) {
      await hub.clock.advance(1000);
      await hub.socket.says({ type: 'pong' });
    }
  };
  await wait(300);
  assert.equal(error, null);
  hub.socket.bufferedAmount = 0;
  await wait(29);
  assert.equal(error, null);
  await wait(3);
  assert.equal(error.code, 'TIMEOUT');
});
