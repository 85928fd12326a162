import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './fake-clock.js';
import { chat, stage } from './fake-hub.js';

// The test runner fails a test behind which a promise rejects unheard: what is done here must not.
const failures = {
  throws: () => { throw new Error('mine'); },
  rejects: async () => { throw new Error('mine'); },
  'rejects with nothing': () => Promise.reject(),
  'gives a thenable that rejects': () => ({ then: (_, reject) => reject(new Error('mine')) }),
};

/** The client's life with a room, a lost connection and a return. */
async function live(hub) {
  await hub.open();
  hub.client.joinRoom('lobby');
  await hub.socket.joins('lobby');
  await hub.socket.says(chat('lobby', 1));
  await hub.socket.breaks();
  await hub.clock.advance(1_000);
  await hub.socket.greets();
  await hub.socket.joins('lobby', { seq: 1, recovered: true });
  await hub.socket.says({ type: 'pong', timestamp: hub.socket.last('ping').timestamp });
  await hub.socket.says({ type: 'notification', messageId: 'n1', seq: 1, text: 'hi', timestamp: 1 });
  await hub.clock.advance(1_000);
  assert.equal(hub.client.state, 'open');
  assert.deepEqual(hub.of('message').map(({ seq }) => seq), [1]);
  assert.equal(hub.socket.last('inbox_ack').seq, 1);
}

for (const [how, fail] of Object.entries(failures)) {
  test(`a handler that ${how} is reported and ends nothing, whatever it hears`, async () => {
    const hub = stage();
    for (const type of ['*', 'state', 'connected', 'message', 'joined_room', 'message_history', 'latency', 'pong', 'notification']) hub.client.on(type, fail);
    await live(hub);
    assert.ok(hub.errors.length > 10);
  });

  test(`a trace that ${how} ends nothing`, async () => {
    const hub = stage({ trace: fail });
    await live(hub);
    assert.ok(hub.errors.length > 5);
  });

  test(`a report that ${how} ends nothing`, async (context) => {
    const told = context.mock.method(console, 'error', () => {});
    const hub = stage({ report: fail });
    hub.client.on('*', failures.throws);
    await live(hub);
    assert.ok(told.mock.callCount() > 0);
  });

  test(`a progress handler that ${how} does not disturb its upload`, async () => {
    const hub = stage();
    await hub.open();
    const uploading = hub.client.upload(new File(['abc'], 'a.txt'), { onProgress: fail });
    await settle();
    await hub.socket.replies(hub.socket.last('file_start'), { uploadId: 'u1', chunkSize: 65536 });
    for (let turns = 0; turns < 100 && !hub.socket.last('file_end'); turns++) await settle();
    await hub.socket.replies(hub.socket.last('file_end'), { uploadId: 'u1', filename: 'a.txt', size: 3, url: '/files/u1' });
    assert.equal((await uploading).url, '/files/u1');
    await settle();
    assert.ok(hub.errors.length > 0);
  });
}

const circular = {};
circular.self = circular;
const noJson = {
  'a circle': circular,
  'a BigInt': { n: 1n },
  'a toJSON that throws': { toJSON() { throw new Error('mine'); } },
};

for (const [what, message] of Object.entries(noJson)) {
  test(`${what} given as a message fails alone, online and offline`, async () => {
    const hub = stage();
    const early = assert.rejects(hub.client.sendMessage('lobby', message));
    const behind = hub.client.sendMessage('lobby', 'fine');
    await hub.open();
    await early;
    await assert.rejects(hub.client.sendMessage('lobby', message));
    await hub.socket.replies(hub.socket.last('chat'), { roomId: 'lobby', seq: 1, epoch: 'e1', messageId: 'm2' });
    assert.equal((await behind).seq, 1);
    assert.equal(hub.client.queued, 0);
    await hub.socket.breaks();
    await hub.clock.advance(1_000);
    await hub.socket.greets();
    assert.equal(hub.client.state, 'open');
  });
}
