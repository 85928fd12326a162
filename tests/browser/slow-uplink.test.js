import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from './fake-clock.js';
import { stage } from './fake-hub.js';
import { SlowSocket } from './slow-line.js';

const SIZE = 3 * 1024 * 1024;

for (const kilobits of [160, 300, 800]) {
  for (const queue of [0.2, 1]) {
    test(`a file of 3 MiB arrives over ${kilobits} kbit/s with a queue of ${queue} s, on one connection, and nothing said meanwhile waits for 2 s`, async () => {
      const hub = slow({ kilobits, queue });
      await hub.open();
      const began = hub.clock.now();
      let uploaded = null;
      hub.client.upload(file(SIZE)).then((data) => { uploaded = data; });
      for (let turn = 0; !uploaded && turn < 300; turn++) {
        await hub.clock.advance(1000);
        hub.client.sendMessage('lobby', `turn ${turn}`);
        if (turn % 3 === 0) hub.client.request('ping');
      }

      assert.equal(uploaded?.size, SIZE);
      assert.equal(hub.sockets.length, 1);
      assert.equal(hub.socket.arrived.length, Math.ceil(SIZE / (hub.socket.arrived[0].length - 4)));
      const longest = Math.max(...hub.socket.waits.map(({ milliseconds }) => milliseconds));
      assert.ok(longest < 2000, `a command waited for ${longest} ms`);
      const seconds = (hub.clock.now() - began) / 1000;
      const atBest = SIZE / hub.socket.bytesPerSecond;
      assert.ok(seconds < 1.25 * atBest + 1, `it took ${seconds} s where the line needs ${atBest} s`);
    });
  }
}

test('a fast line is used', async () => {
  const hub = slow({ kilobits: 100_000, queue: 0.2 });
  await hub.open();
  const began = hub.clock.now();
  const uploaded = hub.client.upload(file(10 * 1024 * 1024)).then(() => hub.clock.now() - began);
  await hub.clock.advance(10_000);
  assert.ok(await uploaded < 5000, `it took ${await uploaded} ms`);
  assert.ok(hub.socket.commands('ping').length <= 100, `${hub.socket.commands('ping').length} questions`);
});

test('a line that becomes slow meanwhile fills for a moment only', async () => {
  const hub = slow({ kilobits: 2000, queue: 0.2 });
  await hub.open();
  let uploaded = false;
  hub.client.upload(file(2 * 1024 * 1024)).then(() => { uploaded = true; });
  await hub.clock.advance(3000);
  hub.socket.bytesPerSecond = 20_000;
  await hub.clock.advance(15_000);
  hub.socket.waits.length = 0;
  for (let turn = 0; !uploaded && turn < 200; turn++) await hub.clock.advance(1000);
  assert.ok(uploaded);
  assert.equal(hub.sockets.length, 1);
  assert.ok(Math.max(...hub.socket.waits.map(({ milliseconds }) => milliseconds)) < 2000);
});

test('a file whose beginning compresses to nothing, and its end not at all, does not cost the connection', async () => {
  const silence = 1.5 * 1024 * 1024;
  const compressed = (frame) => (typeof frame !== 'string' && new DataView(frame.buffer).getUint32(0) * (frame.length - 4) < silence ? 0.001 : 1);
  const hub = slow({ kilobits: 160, queue: 1, compressed });
  await hub.open();
  let uploaded = false;
  hub.client.upload(file(SIZE)).then(() => { uploaded = true; });
  for (let turn = 0; !uploaded && turn < 300; turn++) {
    await hub.clock.advance(1000);
    hub.client.request('ping');
    if (turn === 40) hub.socket.waits.length = 0;
  }

  assert.ok(uploaded);
  assert.equal(hub.sockets.length, 1);
  assert.ok(Math.max(...hub.socket.waits.map(({ milliseconds }) => milliseconds)) < 2000);
});

function slow(line) {
  const clock = new FakeClock();
  let last;
  const sockets = [];
  const hub = stage({ clock, createSocket: (url, protocols) => sockets[sockets.push(last = new SlowSocket(url, protocols, { clock, ...line })) - 1] });
  return {
    client: hub.client, clock, sockets,
    get socket() { return last; },
    async open() {
      const connected = hub.client.connect();
      await clock.advance(0);
      await last.greets();
      await connected;
    },
  };
}

function file(size) {
  return { name: 'a.bin', size, type: '', slice: (start, end) => ({ arrayBuffer: async () => new ArrayBuffer(end - start) }) };
}
