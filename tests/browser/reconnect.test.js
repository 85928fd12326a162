import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './fake-clock.js';
import { stage } from './fake-hub.js';

test('connect resolves with the user once the hub has greeted', async () => {
  const hub = stage();
  assert.equal((await hub.open()).id, 'c1');
  assert.equal(hub.client.state, 'open');
  assert.equal((await hub.client.connect()).id, 'c1');
});

test('five tries are made, after 1, 2, 4, 8 and 16 seconds, and then the client gives up', async () => {
  const hub = stage();
  await hub.open();
  const connectedFirst = hub.client.connect();
  await hub.socket.breaks();
  for (const delay of [1000, 2000, 4000, 8000, 16000]) {
    assert.equal(hub.of('state').at(-1).delay, delay);
    const before = hub.sockets.length;
    await hub.clock.advance(delay - 1);
    assert.equal(hub.sockets.length, before);
    await hub.clock.advance(1);
    assert.equal(hub.sockets.length, before + 1);
    await hub.socket.breaks();
  }
  assert.equal(hub.client.state, 'closed');
  assert.equal(hub.of('state').at(-1).gaveUp, true);
  assert.equal(hub.clock.timers, 0);
  await connectedFirst;
});

test('connect fails where the hub cannot be reached at all', async () => {
  const hub = stage({ attempts: 1 });
  const connecting = assert.rejects(hub.client.connect(), { code: 'CLOSED' });
  await settle();
  await hub.socket.breaks();
  await hub.clock.advance(1000);
  await hub.socket.breaks();
  await connecting;
});

test('zero attempts means never giving up', async () => {
  const hub = stage({ attempts: 0 });
  await hub.open();
  for (let lost = 0; lost < 12; lost++) {
    await hub.socket.breaks();
    await hub.clock.advance(hub.of('state').at(-1).delay);
  }
  assert.equal(hub.sockets.length, 13);
  assert.equal(hub.client.state, 'connecting');
});

test('the tries begin anew once the hub has greeted again', async () => {
  const hub = stage();
  await hub.open();
  await hub.socket.breaks();
  await hub.clock.advance(1000);
  await hub.socket.breaks();
  await hub.clock.advance(2000);
  await hub.socket.greets();
  await hub.socket.breaks();
  assert.equal(hub.of('state').at(-1).delay, 1000);
});

test('after a shutdown the client comes back no sooner than the hub asked, and only once so', async () => {
  const hub = stage();
  await hub.open();
  await hub.socket.says({ type: 'server_shutdown', message: 'Restarting', reconnectAfter: 7000 });
  await hub.socket.closes(1001);
  assert.equal(hub.of('state').at(-1).delay, 7700);
  await hub.clock.advance(7700);
  await hub.socket.breaks();
  assert.equal(hub.of('state').at(-1).delay, 2000);
});

test('a hub at capacity says how long to wait', async () => {
  const hub = stage();
  hub.client.connect();
  await settle();
  await hub.socket.says({ type: 'error', code: 'OVERLOADED', message: 'Full', retryAfter: 5000 });
  await hub.socket.closes(1013);
  assert.equal(hub.of('state').at(-1).delay, 5500);
});

test('a try that nobody answers ends after ten seconds', async () => {
  const hub = stage();
  hub.client.connect();
  await hub.clock.advance(10_000);
  assert.equal(hub.client.state, 'waiting');
  assert.equal(hub.socket.readyState, 3);
});

test('addresses are tried in turn', async () => {
  const hub = stage({ addresses: ['ws://one/ws', 'ws://two/ws'] });
  hub.client.connect();
  await settle();
  for (const delay of [1000, 2000, 4000]) {
    await hub.socket.breaks();
    await hub.clock.advance(delay);
  }
  assert.deepEqual(hub.sockets.map(({ url }) => url), ['ws://one/ws', 'ws://two/ws', 'ws://one/ws', 'ws://two/ws']);
});

test('the session is presented when coming back', async () => {
  const hub = stage();
  await hub.open();
  assert.deepEqual(hub.sockets[0].protocols, ['verb.v1']);
  await hub.socket.breaks();
  await hub.clock.advance(1000);
  assert.deepEqual(hub.socket.protocols, ['verb.v1', 'session.s-1']);
});

test('a kept session is presented at once', async () => {
  const hub = stage({ session: 'kept' });
  await hub.open();
  assert.deepEqual(hub.socket.protocols, ['verb.v1', 'session.kept']);
});

test('disconnect closes with 1000 and nothing comes back', async () => {
  const hub = stage();
  await hub.open();
  hub.client.disconnect();
  assert.equal(hub.socket.closedWith, 1000);
  assert.equal(hub.client.state, 'closed');
  await hub.clock.advance(60_000);
  assert.equal(hub.sockets.length, 1);
  assert.equal(hub.clock.timers, 0);
});

test('disconnect while waiting ends the waiting', async () => {
  const hub = stage();
  await hub.open();
  await hub.socket.breaks();
  hub.client.disconnect();
  await hub.clock.advance(60_000);
  assert.equal(hub.sockets.length, 1);
  assert.equal(hub.client.state, 'closed');
});

test('retryNow tries without waiting, and only once', async () => {
  const hub = stage();
  await hub.open();
  await hub.socket.breaks();
  hub.client.retryNow();
  await settle();
  assert.equal(hub.sockets.length, 2);
  await hub.socket.greets();
  await hub.clock.advance(5_000);
  assert.equal(hub.sockets.length, 2);
});

test('a client that was disconnected can connect again', async () => {
  const hub = stage();
  await hub.open();
  hub.client.disconnect();
  await hub.open();
  assert.equal(hub.client.state, 'open');
  assert.equal(hub.sockets.length, 2);
});

test('what an abandoned socket still says is not heard', async () => {
  const hub = stage();
  await hub.open();
  const old = hub.socket;
  await hub.clock.advance(35_000);
  assert.equal(hub.client.state, 'waiting');
  await old.says({ type: 'error', code: 'INTERNAL', message: 'late' });
  await old.closes(1006);
  assert.equal(hub.of('error').length, 0);
  assert.equal(hub.of('state').filter(({ state }) => state === 'waiting').length, 1);
});

test('a socket that cannot be made counts as a failed try', async () => {
  const hub = stage({ createSocket: () => { throw new SyntaxError('bad address'); } });
  hub.client.connect().catch(() => {});
  await settle();
  assert.equal(hub.client.state, 'waiting');
  assert.match(hub.of('state').at(-1).reason, /bad address/);
});

test('a name that was set is set again where the hub has forgotten it', async () => {
  const hub = stage({ username: 'Ada' });
  await hub.open();
  assert.equal(hub.socket.last('set_username').username, 'Ada');
  await hub.socket.breaks();
  await hub.clock.advance(1000);
  await hub.socket.greets({ user: { id: 'c1', username: 'Ada', role: 'anonymous' } });
  assert.equal(hub.socket.last('set_username'), undefined);
});
