import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './fake-clock.js';
import { stage } from './fake-hub.js';

const CHUNK = 64 * 1024;
const DONE = { uploadId: 'u1', filename: 'a.bin', size: 150_000, sha256: 'x', url: '/files/1' };

test('a file goes out in chunks of 64 KiB, each behind its index', async () => {
  const hub = stage();
  await hub.open();
  const uploaded = hub.client.upload(file(150_000), { roomId: 'lobby' });
  await started(hub);
  const { id, ...start } = hub.socket.last('file_start');
  assert.deepEqual(start, { type: 'file_start', name: 'a.bin', size: 150_000, mimeType: 'application/octet-stream', roomId: 'lobby' });
  assert.deepEqual(hub.socket.chunks.map((chunk) => [...chunk.subarray(0, 4)]), [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 2]]);
  assert.deepEqual(hub.socket.chunks.map((chunk) => chunk.length - 4), [CHUNK, CHUNK, 150_000 - 2 * CHUNK]);
  assert.equal(hub.socket.chunks[1][4], CHUNK % 251);
  assert.equal(hub.socket.last('file_end').uploadId, 'u1');
  await hub.socket.replies(hub.socket.last('file_end'), DONE);
  assert.deepEqual(await uploaded, DONE);
});

test('the hub\'s chunk size is kept to', async () => {
  const hub = stage();
  await hub.open();
  hub.client.upload(file(250));
  await started(hub, { chunkSize: 100 });
  assert.deepEqual(hub.socket.chunks.map((chunk) => chunk.length - 4), [100, 100, 50]);
});

test('an empty file has no chunks', async () => {
  const hub = stage();
  await hub.open();
  hub.client.upload(file(0));
  await started(hub);
  assert.equal(hub.socket.chunks.length, 0);
  assert.equal(hub.socket.commands('file_end').length, 1);
});

test('chunks wait while the socket holds more than 256 KiB', async () => {
  const hub = stage();
  await hub.open();
  const progress = [];
  hub.client.upload(file(3 * CHUNK), { onProgress: ({ sent }) => progress.push(sent) });
  hub.socket.bufferedAmount = 2 * 1024 * 1024;
  await started(hub);
  await hub.clock.advance(1000);
  assert.equal(hub.socket.chunks.length, 0);
  hub.socket.bufferedAmount = 0;
  await hub.clock.advance(25);
  assert.equal(hub.socket.chunks.length, 3);
  assert.deepEqual(progress.slice(-3), [CHUNK, 2 * CHUNK, 3 * CHUNK]);
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
  hub.socket.bufferedAmount = 2 * 1024 * 1024;
  await started(hub);
  await hub.socket.breaks();
  hub.client.retryNow();
  await settle();
  await hub.socket.greets();
  await hub.clock.advance(25);
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
  hub.socket.bufferedAmount = 2 * 1024 * 1024;
  await started(hub);
  abort.abort();
  hub.socket.bufferedAmount = 0;
  await hub.clock.advance(25);
  await cancelled;
  assert.equal(hub.socket.chunks.length, 0);
  assert.equal(hub.socket.commands('file_end').length, 1);
});

test('the upload after a cancelled one begins when the hub has thrown that one away', async () => {
  const hub = stage();
  await hub.open();
  const abort = new AbortController();
  const cancelled = assert.rejects(hub.client.upload(file(3 * CHUNK), { signal: abort.signal }), { code: 'ABORTED' });
  hub.client.upload(file(10));
  hub.socket.bufferedAmount = 2 * 1024 * 1024;
  await started(hub);
  abort.abort();
  hub.socket.bufferedAmount = 0;
  await hub.clock.advance(25);
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

async function started(hub, { chunkSize = CHUNK } = {}) {
  await settle();
  await hub.socket.replies(hub.socket.last('file_start'), { uploadId: 'u1', chunkSize });
  await settle();
}

function file(size) {
  const bytes = Uint8Array.from({ length: size }, (_, index) => index % 251);
  return { name: 'a.bin', size, type: '', slice: (start, end) => ({ arrayBuffer: async () => bytes.slice(start, end).buffer }) };
}
