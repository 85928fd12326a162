import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conversations } from '../../src/Verb.Server/wwwroot/js/app/conversations.js';

const line = (key, more = {}) => ({ key, kind: 'message', user: { id: 'x' }, message: key, timestamp: 1, ...more });

test('lines count as unread where nobody looks, and are read once looked at', () => {
  const { conversations, lobby, other } = two();
  conversations.add(lobby, line('1'), { counts: true });
  conversations.add(other, line('2'), { counts: true });
  conversations.add(other, line('3'));
  assert.deepEqual([lobby.unread, other.unread, conversations.unread], [0, 1, 1]);
  conversations.activate(other.key);
  assert.equal(conversations.unread, 0);
});

test('lines that wait for their answer stay below those that have their place', () => {
  const { conversations, lobby } = two();
  conversations.add(lobby, line('mine 1', { status: 'pending' }));
  conversations.add(lobby, line('mine 2', { status: 'pending' }));
  conversations.add(lobby, line('theirs'));
  conversations.add(lobby, line('mine 1', { status: 'sent' }));
  assert.deepEqual(lobby.entries.map(({ key }) => key), ['theirs', 'mine 1', 'mine 2']);
});

test('a conversation that is closed leads back to the one looked at before', () => {
  const { conversations, lobby, other } = two();
  conversations.activate(other.key);
  const refused = conversations.open('room', 'staff', 'staff');
  conversations.activate(refused.key);
  conversations.close(refused.key);
  assert.equal(conversations.active, other);
  conversations.close(lobby.key);
  assert.equal(conversations.active, other);
  conversations.close(other.key);
  assert.equal(conversations.active, null);
});

test('a conversation keeps its last five hundred lines', () => {
  const { conversations, lobby } = two();
  for (let index = 0; index < 510; index++) conversations.add(lobby, line(String(index)));
  assert.deepEqual([lobby.entries.length, lobby.entries[0].key], [500, '10']);
});

test('a room and a person of the same name are two conversations', () => {
  const { conversations } = two();
  conversations.open('private', 'lobby', 'lobby');
  assert.equal(conversations.list('room').length, 2);
  assert.equal(conversations.list('private').length, 1);
});

test('closing what is looked at turns to another', () => {
  const { conversations, lobby, other } = two();
  conversations.close(lobby.key);
  assert.equal(conversations.active, other);
  conversations.close(other.key);
  assert.equal(conversations.active, null);
});

function two() {
  const conversations = new Conversations();
  const lobby = conversations.open('room', 'lobby', 'lobby');
  const other = conversations.open('room', 'other', 'other');
  conversations.activate(lobby.key);
  return { conversations, lobby, other };
}
