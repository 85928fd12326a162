import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './fake-clock.js';
import { stage } from './fake-hub.js';

const USER = { id: 'u7', username: 'Ada', role: 'user' };

test('a token travels with the handshake, asked for anew each time', async () => {
  let asked = 0;
  const hub = stage({ token: async () => `t${++asked}` });
  await hub.open();
  await hub.socket.breaks();
  await hub.clock.advance(1000);
  assert.deepEqual(hub.sockets.map(({ protocols }) => protocols[1]), ['bearer.t1', 'bearer.t2']);
});

test('nothing but the token is sent until the hub knows the user', async () => {
  const hub = stage({ token: 'secret' });
  const connected = hub.client.connect();
  hub.client.joinRoom('lobby');
  await settle();
  await hub.socket.greets({ user: null });
  assert.deepEqual(hub.socket.sent, []);
  await hub.socket.says({ type: 'auth_required', timeout: 10000 });
  assert.deepEqual(hub.socket.sent, [{ type: 'auth', token: 'secret' }]);
  await hub.socket.says({ type: 'auth_success', user: USER });
  assert.deepEqual(await connected, USER);
  assert.equal(hub.socket.commands('join_room').length, 1);
});

test('without a token the application is asked, and may present one', async () => {
  const hub = stage();
  const connected = hub.client.connect();
  await settle();
  await hub.socket.greets({ user: null });
  await hub.socket.says({ type: 'auth_required', timeout: 10000 });
  assert.equal(hub.of('auth_required').length, 1);
  hub.client.authenticate('typed');
  await hub.socket.says({ type: 'auth_success', user: USER });
  assert.deepEqual(await connected, USER);
});

test('a refused token fails connect, and the client stays away', async () => {
  const hub = stage({ token: 'bad' });
  const refused = assert.rejects(hub.client.connect(), { code: 'CLOSED', message: 'Invalid token' });
  await settle();
  await hub.socket.greets({ user: null });
  await hub.socket.says({ type: 'auth_failed', message: 'Invalid token' });
  await hub.socket.closes(4002, 'Invalid token');
  await refused;
  assert.equal(hub.client.state, 'closed');
});

test('an expiring token is renewed where the application knows how', async () => {
  let asked = 0;
  const hub = stage({ token: () => `t${++asked}` });
  await hub.open({ user: USER });
  await hub.socket.says({ type: 'auth_expiring', expiresAt: 5 });
  assert.equal(hub.socket.last('auth').token, 't2');
});

test('a token that cannot be had counts as a failed try', async () => {
  const hub = stage({ token: () => Promise.reject(new Error('no token today')) });
  hub.client.connect().catch(() => {});
  await settle();
  assert.equal(hub.client.state, 'waiting');
  assert.match(hub.of('state').at(-1).reason, /no token today/);
});

const AGAIN = [1_000, 2_000, 4_000, 8_000, 16_000];

/** A token function that fails so often, in the way given, before it gives one. */
function failing(times, fail) {
  const asked = { count: 0 };
  asked.token = () => (asked.count++ === 0 || asked.count > times + 1 ? `t${asked.count}` : fail());
  return asked;
}

const failures = {
  throws: () => { throw new Error('no token now'); },
  rejects: () => Promise.reject(new Error('no token now')),
  'rejects with nothing': () => Promise.reject(),
  'gives none': () => null,
};

for (const [how, fail] of Object.entries(failures)) {
  test(`a token function that ${how} as its token expires is asked again, later and later`, async () => {
    const asked = failing(4, fail);
    const hub = stage({ token: asked.token });
    await hub.open({ user: USER });
    await hub.socket.says({ type: 'auth_expiring', expiresAt: 5 });
    for (const [index, delay] of AGAIN.slice(0, 4).entries()) {
      await hub.socket.says({ type: 'pong' });
      assert.equal(asked.count, index + 2);
      assert.equal(hub.socket.last('auth'), undefined);
      await hub.clock.advance(delay);
    }
    assert.equal(hub.socket.last('auth').token, 't6');
    await hub.clock.advance(20_000);
    assert.equal(asked.count, 6);
    assert.equal(hub.errors.length, how === 'gives none' ? 0 : 4);
  });

  test(`a token function that ${how} when the hub wants a token is asked again`, async () => {
    const asked = failing(1, fail);
    const hub = stage({ token: asked.token });
    const connected = hub.client.connect();
    await settle();
    await hub.socket.greets({ user: null });
    await hub.socket.says({ type: 'auth_required', timeout: 10000 });
    assert.deepEqual(hub.socket.sent, []);
    await hub.clock.advance(1_000);
    assert.deepEqual(hub.socket.sent, [{ type: 'auth', token: 't3' }]);
    await hub.socket.says({ type: 'auth_success', user: USER });
    assert.deepEqual(await connected, USER);
  });
}

test('a token function that fails until the token has expired brings the client back by itself once it works', async () => {
  let broken = false;
  let asked = 0;
  const hub = stage({ token: async () => { if (broken) throw new Error('down'); return `t${++asked}`; } });
  await hub.open({ user: USER });
  const joining = hub.client.joinRoom('lobby');
  await hub.socket.joins('lobby');
  await joining;
  broken = true;
  await hub.socket.says({ type: 'auth_expiring', expiresAt: 5 });
  await hub.clock.advance(20_000);
  await hub.socket.closes(4002, 'Token expired');
  assert.equal(hub.client.state, 'waiting');
  await hub.clock.advance(1_000);
  assert.equal(hub.client.state, 'waiting');
  broken = false;
  await hub.clock.advance(2_000);
  assert.deepEqual(hub.socket.protocols.slice(0, 2), ['verb.v1', 'bearer.t2']);
  await hub.socket.greets({ user: USER });
  assert.equal(hub.client.state, 'open');
  assert.equal(hub.socket.commands('join_room').length, 1);
});

test('an expired token brings the client back with a new one where the token is a function', async () => {
  let asked = 0;
  const hub = stage({ token: () => `t${++asked}` });
  await hub.open({ user: USER });
  await hub.socket.closes(4002, 'Token expired');
  await hub.clock.advance(1_000);
  await hub.socket.greets({ user: USER });
  assert.equal(hub.client.state, 'open');
  assert.ok(hub.socket.protocols.includes('bearer.t2'));
});

test('an expired token that is a text leaves the client away', async () => {
  const hub = stage({ token: 'once' });
  await hub.open({ user: USER });
  await hub.socket.closes(4002, 'Token expired');
  assert.equal(hub.client.state, 'closed');
  assert.equal(hub.clock.timers, 0);
});

test('a token function whose tokens are all refused uses up the attempts, although the hub greets each time', async () => {
  let asked = 0;
  const hub = stage({ token: () => `t${++asked}`, attempts: 3 });
  const refused = assert.rejects(hub.client.connect(), { code: 'CLOSED', message: 'Invalid token' });
  for (const delay of [1_000, 2_000, 4_000]) {
    await settle();
    await hub.socket.greets({ user: null });
    await hub.socket.says({ type: 'auth_failed', message: 'Invalid token' });
    await hub.socket.closes(4002, 'Invalid token');
    assert.equal(hub.of('state').at(-1).delay, delay);
    await hub.clock.advance(delay);
  }
  await hub.socket.greets({ user: null });
  await hub.socket.closes(4002, 'Invalid token');
  await refused;
  assert.equal(asked, 4);
  assert.deepEqual([hub.client.state, hub.of('state').at(-1).code], ['closed', 4002]);
});

test('a hub that waited in vain for a token function that fails sees the client again, and not where the function has none', async () => {
  for (const [how, state] of [[failures.throws, 'waiting'], [failures.rejects, 'waiting'], [failures['gives none'], 'closed']]) {
    let asked = 0;
    const hub = stage({ token: () => (asked++ === 0 ? null : how()) });
    hub.client.connect().catch(() => {});
    await settle();
    await hub.socket.greets({ user: null });
    await hub.socket.says({ type: 'auth_required', timeout: 10000 });
    await hub.socket.closes(4001, 'Authentication required');
    assert.equal(hub.client.state, state);
  }
});

test('a renewal that comes too late is not sent over the next connection', async () => {
  const gives = [];
  const hub = stage({ token: () => new Promise((resolve) => gives.push(resolve)) });
  const connected = hub.client.connect();
  await settle();
  gives[0]('t1');
  await settle();
  await hub.socket.greets({ user: USER });
  await connected;
  await hub.socket.says({ type: 'auth_expiring', expiresAt: 5 });
  await hub.socket.breaks();
  await hub.clock.advance(1_000);
  gives[2]('t3');
  await settle();
  await hub.socket.greets({ user: USER });
  gives[1]('t2');
  await settle();
  assert.equal(hub.socket.last('auth'), undefined);
});

test('who leaves while a token is wanted is not asked for it any more', async () => {
  const asked = failing(9, failures.throws);
  const hub = stage({ token: asked.token });
  await hub.open({ user: USER });
  await hub.socket.says({ type: 'auth_expiring', expiresAt: 5 });
  hub.client.disconnect();
  assert.equal(hub.clock.timers, 0);
});
