import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stage } from './fake-hub.js';

test('a ping goes out on opening and every twenty-five seconds', async () => {
  const hub = stage();
  await hub.open();
  assert.equal(hub.socket.commands('ping').length, 1);
  for (const pings of [1, 2, 3]) {
    assert.equal(hub.socket.commands('ping').length, pings);
    await hub.socket.says({ type: 'pong' });
    await hub.clock.advance(25_000);
  }
});

test('latency is the time there and back', async () => {
  const hub = stage();
  await hub.open();
  await hub.clock.advance(42);
  await hub.socket.says({ type: 'pong', timestamp: hub.socket.last('ping').timestamp, serverTime: 5 });
  assert.equal(hub.client.latency, 42);
  assert.deepEqual(hub.of('latency').map(({ milliseconds }) => milliseconds), [42]);
});

test('a connection silent for thirty-five seconds is given up and replaced', async () => {
  const hub = stage();
  await hub.open();
  await hub.clock.advance(34_999);
  assert.equal(hub.client.state, 'open');
  await hub.clock.advance(1);
  assert.equal(hub.client.state, 'waiting');
  assert.equal(hub.sockets[0].readyState, 3);
  await hub.clock.advance(1000);
  assert.equal(hub.sockets.length, 2);
});

test('anything heard is a sign of life', async () => {
  const hub = stage();
  await hub.open();
  await hub.clock.advance(30_000);
  await hub.socket.says({ type: 'broadcast', message: 'hi' });
  await hub.clock.advance(30_000);
  assert.equal(hub.client.state, 'open');
});

test('nothing beats once the connection is gone', async () => {
  const hub = stage();
  await hub.open();
  hub.client.disconnect();
  assert.equal(hub.clock.timers, 0);
});
