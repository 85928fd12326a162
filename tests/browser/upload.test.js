import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './fake-clock.js';
import { stage } from './fake-hub.js';

const CHUNK = 64 * 1024;
const DONE = { uploadId: 'u1', filename: 'a.bin', size: 150_000, sha256: 'x', url: '/files/1' };

test('a file goes out in chunks of the hub\'s size, each behind its index, as fast as the hub confirms them', async () => {
  const hub = stage();
  await hub.open();
  const uploaded = hub.client.upload(file(150_000), { roomId: 'lobby' });
  await started(hub);
  const { id, ...start } = hub.socket.last('file_start');
  assert.deepEqual(start, { type: 'file_start', name: 'a.bin', size: 150_000, mimeType: 'application/octet-stream', roomId: 'lobby', chunkSize: 16 * 1024 });
  assert.equal(hub.socket.chunks.length, 1);
  await confirmed(hub);
  assert.deepEqual(hub.socket.chunks.map((chunk) => [...chunk.subarray(0, 4)]), [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 2]]);
  assert.deepEqual(hub.socket.chunks.map((chunk) => chunk.length - 4), [CHUNK, CHUNK, 150_000 - 2 * CHUNK]);
  assert.equal(hub.socket.chunks[1][4], CHUNK % 251);
  assert.equal(hub.socket.last('file_end').uploadId, 'u1');
  await hub.socket.replies(hub.socket.last('file_end'), DONE);
  assert.deepEqual(await uploaded, DONE);
});

test('small chunks are kept to, and not each of them is asked about', async () => {
  const hub = stage();
  await hub.open();
  hub.client.upload(file(250));
  await started(hub, { chunkSize: 100 });
  await confirmed(hub);
  assert.deepEqual(hub.socket.chunks.map((chunk) => chunk.length - 4), [100, 100, 50]);
  assert.equal(asked(hub).length, 1);
});

test('an empty file has no chunks', async () => {
  const hub = stage();
  await hub.open();
  hub.client.upload(file(0));
  await started(hub);
  assert.equal(hub.socket.chunks.length, 0);
  assert.equal(hub.socket.commands('file_end').length, 1);
});

test('chunks wait until the hub confirms those before them, however much the browser would take', async () => {
  const hub = stage();
  await hub.open();
  const progress = [];
  hub.client.upload(file(3 * CHUNK), { onProgress: ({ sent }) => progress.push(sent) });
  await started(hub);
  await hub.clock.advance(20_000);
  assert.equal(hub.socket.chunks.length, 1);
  await confirmed(hub);
  assert.equal(hub.socket.chunks.length, 3);
  await hub.socket.replies(hub.socket.last('file_end'), DONE);
  assert.equal(progress[0], CHUNK);
  assert.equal(progress.at(-1), 3 * CHUNK);
  assert.deepEqual(progress, progress.toSorted((one, other) => one - other));
});

test('a question the hub refuses is answered; one without an answer is asked again', async () => {
  const hub = stage({ requestTimeout: 10_000 });
  await hub.open();
  hub.client.upload(file(8 * CHUNK));
  await started(hub);
  await hub.socket.refuses(asked(hub)[0], 'RATE_LIMITED');
  await hub.socket.refuses(asked(hub)[1], 'RATE_LIMITED');
  assert.equal(hub.socket.chunks.length, 1);
  await hub.clock.advance(250);
  assert.equal(hub.socket.chunks.length, 3);
  const before = asked(hub).length;
  await hub.clock.advance(10_000);
  assert.equal(hub.socket.chunks.length, 3);
  assert.ok(asked(hub).length > before);
  await confirmed(hub);
  assert.equal(hub.socket.commands('file_end').length, 1);
});

test('progress ends at the whole size', async () => {
  const hub = stage();
  await hub.open();
  const progress = [];
  const uploaded = hub.client.upload(file(10), { onProgress: (step) => progress.push(step) });
  await started(hub);
  await hub.socket.replies(hub.socket.last('file_end'), DONE);
  await uploaded;
  assert.deepEqual(progress.at(-1), { sent: 10, size: 10 });
});

test('an upload whose connection breaks fails, and nothing of it goes to the next one', async () => {
  const hub = stage();
  await hub.open();
  const lost = assert.rejects(hub.client.upload(file(3 * CHUNK)), { code: 'CONNECTION_LOST' });
  await started(hub);
  await hub.socket.breaks();
  hub.client.retryNow();
  await settle();
  await hub.socket.greets();
  await lost;
  assert.equal(hub.socket.chunks.length, 0);
});

test('one upload at a time: the next begins when the last has ended, however it ended', async () => {
  const hub = stage();
  await hub.open();
  const refused = assert.rejects(hub.client.upload(file(10)), { code: 'PAYLOAD_TOO_LARGE' });
  hub.client.upload(file(10));
  await settle();
  assert.equal(hub.socket.commands('file_start').length, 1);
  await hub.socket.refuses(hub.socket.last('file_start'), 'PAYLOAD_TOO_LARGE');
  await refused;
  await settle();
  assert.equal(hub.socket.commands('file_start').length, 2);
});

test('a cancelled upload stops, and ends what the hub holds open', async () => {
  const hub = stage();
  await hub.open();
  const abort = new AbortController();
  const cancelled = assert.rejects(hub.client.upload(file(3 * CHUNK), { signal: abort.signal }), { code: 'ABORTED' });
  await started(hub);
  abort.abort();
  await cancelled;
  assert.equal(hub.socket.chunks.length, 1);
  assert.equal(hub.socket.commands('file_end').length, 1);
});

test('the upload after a cancelled one begins when the hub has thrown that one away', async () => {
  const hub = stage();
  await hub.open();
  const abort = new AbortController();
  const cancelled = assert.rejects(hub.client.upload(file(3 * CHUNK), { signal: abort.signal }), { code: 'ABORTED' });
  hub.client.upload(file(10));
  await started(hub);
  abort.abort();
  await cancelled;
  assert.equal(hub.socket.commands('file_start').length, 1);
  await hub.socket.refuses(hub.socket.last('file_end'), 'INVALID_MESSAGE');
  await settle();
  assert.equal(hub.socket.commands('file_start').length, 2);
});

test('an upload that is cancelled while the hub finishes it counts as cancelled', async () => {
  const hub = stage();
  await hub.open();
  const abort = new AbortController();
  const cancelled = assert.rejects(hub.client.upload(file(10), { signal: abort.signal }), { code: 'ABORTED' });
  await started(hub);
  abort.abort();
  await hub.socket.replies(hub.socket.last('file_end'), DONE);
  await cancelled;
});

test('what the hub says of a chunk ends the upload, and nothing more is sent', async () => {
  const hub = stage();
  await hub.open();
  const full = assert.rejects(hub.client.upload(file(3 * CHUNK)), { code: 'OVERLOADED', message: 'There is no space left.' });
  await started(hub);
  await hub.socket.says({ type: 'error', code: 'OVERLOADED', message: 'There is no space left.', command: 'file_start' });
  await full;
  await confirmed(hub);
  assert.equal(hub.socket.chunks.length, 1);
  assert.equal(hub.socket.commands('file_end').length, 0);
});

test('an error that has nothing to do with it does not end an upload', async () => {
  const hub = stage();
  await hub.open();
  hub.client.upload(file(2 * CHUNK));
  await started(hub);
  await hub.socket.says({ type: 'error', code: 'NOT_IN_ROOM', message: 'no', command: 'typing' });
  await confirmed(hub);
  assert.equal(hub.socket.commands('file_end').length, 1);
});

test('a file that can no longer be read fails its upload and leaves none open', async () => {
  const hub = stage();
  await hub.open();
  const gone = { ...file(3 * CHUNK), slice: () => ({ arrayBuffer: async () => { throw new RangeError('gone'); } }) };
  const failed = assert.rejects(hub.client.upload(gone), RangeError);
  await started(hub);
  await confirmed(hub);
  await failed;
  assert.equal(hub.socket.commands('file_end').length, 1);
});

test('an end whose answer was lost with the connection is asked for over the next one', async () => {
  const hub = stage();
  await hub.open();
  const uploaded = hub.client.upload(file(10));
  await started(hub);
  assert.equal(hub.socket.commands('file_end').length, 1);
  await hub.socket.breaks();
  hub.client.retryNow();
  await settle();
  await hub.socket.greets();
  assert.equal(hub.socket.last('file_end').uploadId, 'u1');
  await hub.socket.replies(hub.socket.last('file_end'), DONE);
  assert.deepEqual(await uploaded, DONE);
});

for (const [code, lose] of [
  ['CONNECTION_LOST', async (hub) => { await hub.socket.breaks(); hub.client.retryNow(); await settle(); await hub.socket.greets(); }],
  ['TIMEOUT', (hub) => hub.socket.refuses(hub.socket.last('file_end'), 'TIMEOUT')],
]) {
  test(`an upload whose end the hub knows nothing of after ${code} failed with that`, async () => {
    const hub = stage();
    await hub.open();
    const lost = assert.rejects(hub.client.upload(file(10)), { code, message: /nothing of it is stored/ });
    await started(hub);
    await lose(hub);
    await hub.socket.refuses(hub.socket.last('file_end'), 'NOT_FOUND');
    await lost;
  });
}

test('an end the hub has no time for is asked for again, but not for ever', async () => {
  const hub = stage();
  await hub.open();
  const failed = assert.rejects(hub.client.upload(file(10)), { code: 'TIMEOUT' });
  await started(hub);
  for (let tries = 1; tries <= 10; tries++) {
    assert.equal(hub.socket.commands('file_end').length, tries);
    await hub.socket.refuses(hub.socket.last('file_end'), 'TIMEOUT');
  }

  await failed;
  assert.equal(hub.socket.commands('file_end').length, 10);
});

test('an end that is refused is not asked for again', async () => {
  const hub = stage();
  await hub.open();
  const failed = assert.rejects(hub.client.upload(file(10)), { code: 'INTERNAL' });
  await started(hub);
  await hub.socket.refuses(hub.socket.last('file_end'), 'INTERNAL');
  await failed;
  assert.equal(hub.socket.commands('file_end').length, 1);
});

test('many small files ask no more than the first few would', async () => {
  const hub = stage();
  await hub.open();
  for (let i = 0; i < 20; i++) {
    hub.client.upload(file(200_000));
    await started(hub);
    await confirmed(hub);
    await hub.socket.replies(hub.socket.last('file_end'), DONE);
  }

  assert.equal(hub.socket.commands('file_end').length, 20);
  assert.ok(asked(hub).length < 40, `${asked(hub).length} questions`);
});

async function started(hub, { chunkSize = CHUNK } = {}) {
  await settle();
  await hub.socket.replies(hub.socket.last('file_start'), { uploadId: 'u1', chunkSize });
  await settle();
}

function file(size) {
  const bytes = Uint8Array.from({ length: size }, (_, index) => index % 251);
  return { name: 'a.bin', size, type: '', slice: (start, end) => ({ arrayBuffer: async () => bytes.slice(start, end).buffer }) };
}

/** The questions how far the hub is; those without an id are the heartbeat's. */
const asked = (hub) => hub.socket.commands('ping').filter(({ id }) => id);

/** The hub answers every question, and those that follow. */
async function confirmed(hub) {
  const answered = (hub.socket.confirmed ??= new Set());
  for (let open; (open = asked(hub).find(({ id }) => !answered.has(id))); await settle()) {
    answered.add(open.id);
    await hub.socket.replies(open);
  }
}
