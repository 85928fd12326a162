import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comesBack, describeClose } from '../../src/Verb.Server/wwwroot/js/verb/close-codes.js';
import { stage } from './fake-hub.js';

const COMES_BACK = [1001, 1002, 1005, 1006, 1007, 1009, 1011, 1012, 1013, 4005];
const STAYS_AWAY = [1000, 1008, 4001, 4002, 4003, 4004];

for (const code of COMES_BACK) {
  test(`a client closed with ${code} comes back`, async () => {
    const { client, socket, clock, sockets } = await opened();
    await socket.closes(code);
    assert.equal(client.state, 'waiting');
    await clock.advance(1000);
    assert.equal(sockets.length, 2);
  });
}

for (const code of STAYS_AWAY) {
  test(`a client closed with ${code} stays away`, async () => {
    const { client, socket, clock, sockets } = await opened();
    await socket.closes(code);
    assert.equal(client.state, 'closed');
    await clock.advance(120_000);
    assert.equal(sockets.length, 1);
    assert.equal(clock.timers, 0);
  });
}

test('a code the table does not name counts as a lost connection', () => {
  assert.equal(comesBack(4999), true);
  assert.match(describeClose(4999), /4999/);
});

async function opened() {
  const hub = stage();
  await hub.open();
  return { ...hub, socket: hub.socket };
}
