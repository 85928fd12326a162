import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chat, stage } from './fake-hub.js';

test('a type has as many handlers as are put on it, called in that order', async () => {
  const hub = stage();
  const heard = [];
  hub.client.on('broadcast', () => heard.push('first'));
  hub.client.on('broadcast', () => heard.push('second'));
  hub.client.on('*', ({ type }) => heard.push(`any ${type}`));
  await hub.open();
  heard.length = 0;
  await hub.socket.says({ type: 'broadcast', message: 'hi' });
  assert.deepEqual(heard, ['first', 'second', 'any broadcast']);
});

test('a handler that was taken off hears nothing more', async () => {
  const hub = stage();
  let heard = 0;
  const off = hub.client.on('broadcast', () => heard++);
  await hub.open();
  await hub.socket.says({ type: 'broadcast' });
  off();
  await hub.socket.says({ type: 'broadcast' });
  assert.equal(heard, 1);
});

test('a handler that throws is reported and disturbs no other', async () => {
  const hub = stage();
  let heard = 0;
  hub.client.on('chat', () => { throw new Error('mine'); });
  hub.client.on('chat', () => heard++);
  await hub.open();
  hub.client.joinRoom('lobby');
  await hub.socket.joins('lobby');
  await hub.socket.says(chat('lobby', 1));
  assert.equal(heard, 1);
  assert.equal(hub.errors[0].message, 'mine');
});

test('something that is no function is refused as a handler', () => {
  assert.throws(() => stage().client.on('chat', 'nothing'), TypeError);
});

test('an event named like a property of every object is passed on like any other', async () => {
  const hub = stage();
  const heard = [];
  hub.client.on('constructor', (event) => heard.push(event.x));
  await hub.open();
  await hub.socket.says({ type: 'constructor', x: 1 });
  assert.deepEqual(heard, [1]);
});

test('binary frames arrive as bytes', async () => {
  const hub = stage();
  const heard = [];
  hub.client.on('binary', ({ bytes }) => heard.push(bytes.byteLength));
  await hub.open();
  await hub.socket.says(new ArrayBuffer(3));
  assert.deepEqual(heard, [3]);
});
