import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './fake-clock.js';
import { ADA, GRACE, chat, said, stage } from './fake-hub.js';

const seqs = (hub) => hub.of('message').map(({ seq }) => seq);

test('history, live messages and one\'s own come as one sequence', async () => {
  const hub = await inLobby({ seq: 2, messages: [said(1), said(2)] });
  await hub.socket.says(chat('lobby', 3));
  hub.client.sendMessage('lobby', 'mine');
  await hub.socket.replies(hub.socket.last('chat'), { roomId: 'lobby', seq: 4, epoch: 'e1', messageId: 'm1', timestamp: 9 });
  await hub.socket.says(chat('lobby', 5));
  assert.deepEqual(seqs(hub), [1, 2, 3, 4, 5]);
  assert.deepEqual(hub.of('message').map(({ own, replayed }) => [own, replayed]), [[false, true], [false, true], [false, false], [true, false], [false, false]]);
});

test('a message that comes twice is passed on once', async () => {
  const hub = await inLobby();
  await hub.socket.says(chat('lobby', 1));
  await hub.socket.says(chat('lobby', 1));
  assert.deepEqual(seqs(hub), [1]);
  assert.equal(hub.of('chat').length, 1);
});

test('messages of two people under the same messageId are both passed on', async () => {
  const hub = await inLobby();
  await hub.socket.says(chat('lobby', 1, { messageId: 'same' }));
  await hub.socket.says(chat('lobby', 2, { messageId: 'same', user: { ...GRACE, id: 'c3' } }));
  assert.deepEqual(seqs(hub), [1, 2]);
});

test('an echo of one\'s own message is not delivered beside the reply', async () => {
  for (const replyFirst of [true, false]) {
    const hub = await inLobby();
    hub.client.sendMessage('lobby', 'mine');
    const reply = () => hub.socket.replies(hub.socket.last('chat'), { seq: 1, epoch: 'e1', messageId: 'm1' });
    const echo = () => hub.socket.says(chat('lobby', 1, { user: ADA, messageId: 'm1', message: 'mine' }));
    await (replyFirst ? reply() : echo());
    await (replyFirst ? echo() : reply());
    assert.deepEqual(seqs(hub), [1]);
  }
});

test('rooms are joined again from the last message seen', async () => {
  const hub = await inLobby({ seq: 1, messages: [said(1)] });
  await hub.socket.says(chat('lobby', 2));
  await back(hub);
  assert.deepEqual(hub.socket.last('join_room').since, { epoch: 'e1', seq: 2 });
  await hub.socket.joins('lobby', { seq: 4, recovered: true, messages: [said(2), said(3), said(4)] });
  assert.deepEqual(seqs(hub), [1, 2, 3, 4]);
  assert.equal(hub.of('room_gap').length, 0);
});

test('recovery that breaks off in the middle goes on from there', async () => {
  const hub = await inLobby();
  await back(hub);
  await hub.socket.joins('lobby', { seq: 4, recovered: true, more: true, messages: [said(1), said(2)] });
  await back(hub);
  assert.deepEqual(hub.socket.last('join_room').since, { epoch: 'e1', seq: 2 });
  await hub.socket.joins('lobby', { seq: 4, recovered: true, messages: [said(3), said(4)] });
  assert.deepEqual(seqs(hub), [1, 2, 3, 4]);
});

test('a first join that breaks off before its history asks for the history again', async () => {
  const hub = stage();
  await hub.open();
  hub.client.joinRoom('lobby');
  await back(hub);
  assert.equal(hub.socket.last('join_room').since, undefined);
});

test('a room without replay goes on from where it was joined', async () => {
  const hub = await inLobby({ seq: 40, messages: [] });
  await back(hub);
  assert.deepEqual(hub.socket.last('join_room').since, { epoch: 'e1', seq: 40 });
});

test('where history no longer reaches back, the gap is told and the rest is shown', async () => {
  const hub = await inLobby({ seq: 1, messages: [said(1)] });
  await back(hub);
  await hub.socket.joins('lobby', { seq: 102, recovered: false, messages: [said(101), said(102)] });
  assert.equal(hub.of('room_gap').length, 1);
  assert.deepEqual(seqs(hub), [1, 101, 102]);
});

test('another epoch begins anew', async () => {
  const hub = await inLobby({ seq: 9, messages: [said(9)] });
  await back(hub);
  await hub.socket.joins('lobby', { epoch: 'e2', seq: 2, recovered: false, messages: [said(1), said(2)] });
  assert.equal(hub.of('room_reset').length, 1);
  assert.deepEqual(seqs(hub), [9, 1, 2]);
  await back(hub);
  assert.deepEqual(hub.socket.last('join_room').since, { epoch: 'e2', seq: 2 });
});

test('a room that is behind what was seen begins anew', async () => {
  const hub = await inLobby({ seq: 9, messages: [said(9)] });
  await back(hub);
  await hub.socket.joins('lobby', { seq: 3, recovered: false, messages: [said(3)] });
  assert.equal(hub.of('room_reset').length, 1);
  await hub.socket.says(chat('lobby', 4));
  assert.deepEqual(seqs(hub), [9, 3, 4]);
});

test('a slow client\'s replay fills in without doubles, or tells the gap', async () => {
  const hub = await inLobby({ seq: 1, messages: [said(1)] });
  await hub.socket.says({ type: 'message_history', roomId: 'lobby', epoch: 'e1', recovered: true, messages: [said(1), said(2)] });
  assert.equal(hub.of('room_gap').length, 0);
  await hub.socket.says({ type: 'message_history', roomId: 'lobby', epoch: 'e1', recovered: false, messages: [said(50)] });
  assert.equal(hub.of('room_gap').length, 1);
  assert.deepEqual(seqs(hub), [1, 2, 50]);
});

test('rooms have places of their own', async () => {
  const hub = await inLobby({ seq: 5, messages: [said(5)] });
  hub.client.joinRoom('other');
  await hub.socket.joins('other', { epoch: 'o1', seq: 1, messages: [said(1)] });
  await back(hub);
  assert.deepEqual(hub.socket.commands('join_room').map(({ roomId, since }) => [roomId, since]), [['lobby', { epoch: 'e1', seq: 5 }], ['other', { epoch: 'o1', seq: 1 }]]);
});

test('a room that was left is not joined again and hears nothing', async () => {
  const hub = await inLobby();
  hub.client.leaveRoom('lobby');
  assert.equal(hub.socket.commands('leave_room').length, 1);
  await hub.socket.says(chat('lobby', 1));
  assert.deepEqual(seqs(hub), []);
  await back(hub);
  assert.equal(hub.socket.commands('join_room').length, 0);
});

test('a refused join fails and is forgotten', async () => {
  const hub = stage();
  await hub.open();
  const refused = assert.rejects(hub.client.joinRoom('staff'), { code: 'FORBIDDEN' });
  await hub.socket.refuses(hub.socket.last('join_room'), 'FORBIDDEN');
  await refused;
  assert.equal(hub.of('room_lost').length, 0);
  await back(hub);
  assert.equal(hub.socket.commands('join_room').length, 0);
});

test('a room that does not let the client in again is told as lost', async () => {
  const hub = await inLobby();
  await back(hub);
  await hub.socket.refuses(hub.socket.last('join_room'), 'FORBIDDEN');
  assert.deepEqual(hub.of('room_lost').map(({ roomId, error }) => [roomId, error.code]), [['lobby', 'FORBIDDEN']]);
});

test('a join the hub has no room for now is asked again', async () => {
  const hub = stage();
  await hub.open();
  const joined = hub.client.joinRoom('lobby');
  await hub.socket.refuses(hub.socket.last('join_room'), 'OVERLOADED', { retryAfter: 3000 });
  await hub.clock.advance(3000);
  await hub.socket.joins('lobby');
  assert.equal((await joined).roomId, 'lobby');
});

test('a join waits through a broken connection', async () => {
  const hub = stage();
  const joined = hub.client.joinRoom('lobby', { echo: true });
  await hub.open();
  await back(hub);
  assert.equal(hub.socket.last('join_room').echo, true);
  await hub.socket.joins('lobby');
  assert.equal((await joined).epoch, 'e1');
});

async function inLobby(how) {
  const hub = stage();
  await hub.open();
  hub.client.joinRoom('lobby').catch(() => {});
  await hub.socket.joins('lobby', how);
  return hub;
}

async function back(hub) {
  await hub.socket.breaks();
  await hub.clock.advance(1000);
  await hub.socket.greets();
  await settle();
}
