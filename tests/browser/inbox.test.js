import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GRACE, stage } from './fake-hub.js';

const notice = (seq) => ({ type: 'notification', messageId: `n${seq}`, seq, message: `notice ${seq}`, timestamp: seq });
const letter = (seq, from = GRACE) => ({ type: 'private_message', messageId: 'same', seq, from, message: 'psst', timestamp: seq });

test('items are acknowledged together, with the highest seq', async () => {
  const hub = stage();
  await hub.open();
  for (const seq of [1, 2, 3]) await hub.socket.says(notice(seq));
  await hub.clock.advance(200);
  assert.deepEqual(hub.socket.commands('inbox_ack'), [{ type: 'inbox_ack', seq: 3 }]);
});

test('an item that comes again is not shown again, but acknowledged again', async () => {
  const hub = stage();
  await hub.open();
  await hub.socket.says(notice(1));
  await hub.socket.breaks();
  await hub.clock.advance(1000);
  await hub.socket.greets();
  await hub.socket.says(notice(1));
  await hub.clock.advance(200);
  assert.equal(hub.of('notification').length, 1);
  assert.equal(hub.socket.last('inbox_ack').seq, 1);
});

test('an old item that comes again does not take the acknowledgement back', async () => {
  const hub = stage();
  await hub.open();
  for (const seq of [1, 2, 1]) await hub.socket.says(notice(seq));
  await hub.clock.advance(200);
  assert.equal(hub.socket.last('inbox_ack').seq, 2);
});

test('private messages of two people under the same messageId are both shown', async () => {
  const hub = stage();
  await hub.open();
  await hub.socket.says(letter(1));
  await hub.socket.says(letter(2, { ...GRACE, id: 'c3' }));
  assert.equal(hub.of('private_message').length, 2);
});

test('acknowledging can be left to the application', async () => {
  const hub = stage({ ackInbox: false });
  await hub.open();
  await hub.socket.says(notice(1));
  await hub.clock.advance(5000);
  assert.equal(hub.socket.commands('inbox_ack').length, 0);
});
