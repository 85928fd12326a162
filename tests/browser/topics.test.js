import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stage } from './fake-hub.js';

const tick = (symbol, seq, price = seq) => ({ type: 'stock_update', symbol, price, change: 0, seq, timestamp: seq });

test('a symbol is short for its topic', async () => {
  const hub = stage();
  await hub.open();
  hub.client.subscribeSymbol('AAPL');
  assert.equal(hub.socket.last('subscribe').topic, 'stocks/AAPL');
});

test('topics are subscribed again on each connection, those given up are not', async () => {
  const hub = stage();
  await hub.open();
  for (const topic of ['news', 'weather']) {
    hub.client.subscribe(topic);
    await hub.socket.replies(hub.socket.last('subscribe'), { topic });
  }
  hub.client.unsubscribe('news');
  assert.equal(hub.socket.last('unsubscribe').topic, 'news');
  await back(hub);
  assert.deepEqual(hub.socket.commands('subscribe').map(({ topic }) => topic), ['weather']);
});

test('an update is passed on once, a skipped seq is no error', async () => {
  const hub = stage();
  await hub.open();
  for (const seq of [1, 1, 4, 3, 5]) await hub.socket.says(tick('AAPL', seq));
  await hub.socket.says(tick('MSFT', 1, 0));
  assert.deepEqual(hub.of('stock_update').map(({ symbol, seq }) => [symbol, seq]), [['AAPL', 1], ['AAPL', 4], ['AAPL', 5], ['MSFT', 1]]);
});

test('a new connection brings the last value again, whatever its seq', async () => {
  const hub = stage();
  await hub.open();
  await hub.socket.says({ type: 'data', topic: 'news', data: 'old', seq: 7, timestamp: 1 });
  await back(hub);
  await hub.socket.says({ type: 'data', topic: 'news', data: 'new', seq: 1, timestamp: 2 });
  assert.deepEqual(hub.of('data').map(({ data }) => data), ['old', 'new']);
});

test('a topic that is refused for good is told as lost', async () => {
  const hub = stage();
  await hub.open();
  hub.client.subscribe('news');
  await hub.socket.replies(hub.socket.last('subscribe'), { topic: 'news' });
  await back(hub);
  await hub.socket.refuses(hub.socket.last('subscribe'), 'FORBIDDEN');
  assert.equal(hub.of('topic_lost')[0].topic, 'news');
});

async function back(hub) {
  await hub.socket.breaks();
  await hub.clock.advance(1000);
  await hub.socket.greets();
}
