import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../src/Verb.Server/wwwroot/js/verb/clock.js';
import { readdir, readFile } from 'node:fs/promises';
import { settle } from './fake-clock.js';
import { stage } from './fake-hub.js';

for (const [way, by] of [['back', -3_600_000], ['forward', 3_600_000], ['to the beginning of time', -Date.now()]]) {
  test(`the client's clock goes on as before where the machine's is set ${way}`, (context) => {
    const before = systemClock.now();
    const real = Date.now;
    context.mock.method(Date, 'now', () => real() + by);
    const after = systemClock.now();
    assert.ok(after >= before && after - before < 3_000_000);
  });
}

test('the time of a ping is Unix time in whole milliseconds', () => {
  const now = systemClock.now();
  assert.ok(Number.isInteger(now));
  assert.ok(Math.abs(now - Date.now()) < 60_000);
});

test('no part of the client and no duration of the page goes by a clock that can be set', async () => {
  const root = new URL('../../src/Verb.Server/wwwroot/js/', import.meta.url);
  const shown = ['app/event-log.js', 'app/posting.js', 'app/rooms-on-page.js']; // They show when something happened.
  for (const name of (await readdir(root, { recursive: true })).filter((file) => file.endsWith('.js') && !shown.includes(file))) {
    assert.doesNotMatch(await readFile(new URL(name, root), 'utf8'), /Date\.now|new Date\(\)|Date\(\)/, name);
  }
});

test('a timer that was cleared as it went off does nothing', async () => {
  let fired = 0;
  const timer = systemClock.setTimeout(() => fired++, 0);
  systemClock.clearTimeout(timer);
  systemClock.clearTimeout(timer);
  systemClock.clearTimeout(undefined);
  await new Promise((resolve) => systemClock.setTimeout(resolve, 0));
  assert.equal(fired, 0);
});

test('a message is not sent again once the hub may have forgotten it, though this machine slept and its clock stood still', async () => {
  const hub = stage();
  await hub.open({ serverTime: 1_000_000 });
  const outcome = assert.rejects(hub.client.sendMessage('lobby', 'hi'), { code: 'TIMEOUT' });
  await hub.socket.breaks();
  await hub.clock.advance(1_000);
  await hub.socket.greets({ serverTime: 1_000_000 + 11 * 60_000 });
  await outcome;
  assert.equal(hub.socket.commands('chat').length, 0);
});

test('a message is sent again within that time, though the hub\'s clock was set back', async () => {
  const hub = stage();
  await hub.open({ serverTime: 10_000_000 });
  const sent = hub.client.sendMessage('lobby', 'hi');
  await hub.socket.breaks();
  await hub.clock.advance(1_000);
  await hub.socket.greets({ serverTime: 5_000_000 });
  await hub.socket.replies(hub.socket.last('chat'), { roomId: 'lobby', seq: 1, epoch: 'e1', messageId: 'm1' });
  assert.equal((await sent).seq, 1);
  await settle();
});
