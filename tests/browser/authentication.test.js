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
