import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './fake-clock.js';
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

/** A hub that answers every ping at once, for as long as it is there. */
function answering(hub) {
  const { socket } = hub;
  const send = socket.send.bind(socket);
  socket.send = (data) => {
    send(data);
    const command = JSON.parse(data);
    if (command.type === 'ping' && socket.readyState === 1) setImmediate(() => socket.onmessage({ data: JSON.stringify({ type: 'pong', timestamp: command.timestamp }) }));
  };
  return socket;
}

test('a page whose timers run once a minute keeps its connection', async () => {
  const hub = stage();
  hub.clock.aligned = 60_000;
  const connected = hub.client.connect();
  await settle();
  answering(hub);
  await hub.socket.greets();
  await connected;
  for (let minute = 0; minute < 30; minute++) await hub.clock.advance(60_000);
  assert.deepEqual(hub.of('state').map(({ state }) => state), ['connecting', 'open']);
  assert.ok(hub.socket.commands('ping').length >= 30);
});

test('a page whose timers run once a minute notices a dead connection all the same', async () => {
  const hub = stage();
  hub.clock.aligned = 60_000;
  await hub.open();
  await hub.clock.advance(4 * 60_000);
  assert.equal(hub.sockets[0].readyState, 3);
});

for (const frozen of [6_000, 36_000, 300_000, 8 * 3_600_000]) {
  for (const before of [100, 4_900, 9_000, 24_900, 25_100]) {
    test(`a page frozen for ${frozen / 1000} s, ${before / 1000} s after its greeting, asks before it judges`, async () => {
      const hub = stage();
      await hub.open();
      await hub.clock.advance(before);
      hub.clock.sleep(frozen);
      await hub.clock.advance(0); // Its timers go off before it hears what came meanwhile.
      assert.equal(hub.client.state, 'open');
      await hub.socket.says({ type: 'pong' });
      await hub.clock.advance(20_000);
      await hub.socket.says({ type: 'pong' });
      await hub.clock.advance(20_000);
      assert.equal(hub.client.state, 'open');
      assert.equal(hub.sockets.length, 1);
    });
  }
}

test('a page that wakes asks at once, and gives up where nobody answers', async () => {
  const hub = stage();
  await hub.open();
  await hub.socket.says({ type: 'pong' });
  hub.clock.sleep(300_000);
  await hub.wakes();
  assert.equal(hub.socket.commands('ping').length, 2);
  await hub.clock.advance(9_999);
  assert.equal(hub.client.state, 'open');
  await hub.clock.advance(1);
  assert.equal(hub.client.state, 'waiting');
});

test('a page frozen again and again keeps the connection that answers it', async () => {
  const hub = stage();
  await hub.open();
  for (let times = 0; times < 20; times++) {
    hub.clock.sleep(60_000 * (1 + (times % 7)));
    if (times % 2) await hub.wakes();
    await hub.clock.advance(0);
    await hub.socket.says({ type: 'pong' });
    await hub.clock.advance((times % 5) * 1_000);
  }
  assert.equal(hub.sockets.length, 1);
  assert.equal(hub.client.state, 'open');
});

test('turning to the page over and over does not keep a dead connection alive', async () => {
  const hub = stage();
  await hub.open();
  for (let times = 0; times < 36; times++) {
    await hub.wakes();
    await hub.clock.advance(1_000);
  }
  assert.notEqual(hub.client.state, 'open');
  assert.equal(hub.sockets[0].commands('ping').length, 2);
});

test('a page that comes back while it waits tries at once, but for what the hub asked to wait', async () => {
  const hub = stage();
  await hub.open();
  await hub.socket.breaks();
  await hub.wakes();
  assert.equal(hub.sockets.length, 2);
  await hub.socket.greets();
  await hub.socket.says({ type: 'server_shutdown', reconnectAfter: 20_000 });
  await hub.socket.closes(1001);
  await hub.wakes();
  assert.equal(hub.sockets.length, 2);
  hub.clock.sleep(25_000);
  await hub.wakes();
  assert.equal(hub.sockets.length, 3);
});

test('a connection that is found lost as the page wakes is replaced at once, and waited for like any other where that fails', async () => {
  const hub = stage();
  await hub.open();
  hub.clock.sleep(300_000);
  await hub.wakes();
  await hub.socket.breaks();
  assert.equal(hub.sockets.length, 2);
  await hub.socket.breaks();
  assert.equal(hub.sockets.length, 2);
  assert.equal(hub.client.state, 'waiting');
  await hub.clock.advance(2_000);
  assert.equal(hub.sockets.length, 3);
});

test('a page that wakes into a hub that shuts down waits as long as it is asked to', async () => {
  const hub = stage();
  await hub.open();
  hub.clock.sleep(300_000);
  await hub.wakes();
  await hub.socket.says({ type: 'server_shutdown', reconnectAfter: 5_000 });
  await hub.socket.closes(1001);
  assert.equal(hub.sockets.length, 1);
  assert.ok(hub.of('state').at(-1).delay >= 5_000);
});

test('a page that wakes while its token is fetched does not ask for another', async () => {
  let asked = 0;
  let give;
  const hub = stage({ token: () => new Promise((resolve) => { asked++; give = resolve; }) });
  hub.client.connect();
  await hub.wakes();
  await hub.wakes();
  give('t1');
  await settle();
  assert.equal(asked, 1);
  assert.equal(hub.sockets.length, 1);
});

test('who has left listens no longer for the page to wake', async () => {
  const hub = stage();
  await hub.open();
  await hub.client.connect();
  assert.equal(hub.wakers.size, 1);
  hub.client.disconnect();
  assert.equal(hub.wakers.size, 0);
  await hub.open();
  assert.equal(hub.wakers.size, 1);
});

test('a hub that pings more often is asked more often, and one that waits longer is waited for', async () => {
  const hub = stage();
  await hub.open({ heartbeat: { interval: 6_000, timeout: 20_000 } });
  await hub.socket.says({ type: 'pong' });
  await hub.clock.advance(5_000);
  assert.equal(hub.socket.commands('ping').length, 2);
  await hub.clock.advance(19_999);
  assert.equal(hub.client.state, 'open');
  await hub.clock.advance(1);
  assert.equal(hub.client.state, 'waiting');
});

for (const heartbeat of [undefined, {}, { interval: 0, timeout: 0 }, { interval: 3_600_000, timeout: 0 }]) {
  test(`a hub whose heartbeat is ${JSON.stringify(heartbeat)} is asked every twenty-five seconds`, async () => {
    const hub = stage();
    await hub.open({ heartbeat });
    await hub.socket.says({ type: 'pong' });
    await hub.clock.advance(24_999);
    assert.equal(hub.socket.commands('ping').length, 1);
    await hub.clock.advance(1);
    assert.equal(hub.socket.commands('ping').length, 2);
  });
}

test('a page frozen while it connects hears the greeting that came meanwhile', async () => {
  const hub = stage();
  hub.client.connect();
  await settle();
  hub.clock.sleep(60_000);
  await hub.clock.advance(0);
  await hub.socket.greets();
  await hub.clock.advance(5_000);
  assert.equal(hub.sockets.length, 1);
  assert.equal(hub.client.state, 'open');
});

test('a page frozen behind a command hears the reply that came meanwhile', async () => {
  const hub = stage();
  await hub.open();
  const topics = hub.client.topics();
  hub.clock.sleep(120_000);
  await hub.clock.advance(0);
  await hub.socket.replies(hub.socket.last('get_topics'), { topics: ['x'] });
  assert.deepEqual(await topics, ['x']);
});
