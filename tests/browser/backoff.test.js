import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoff, noSoonerThan } from '../../src/Verb.Server/wwwroot/js/verb/backoff.js';

const middle = () => 0.5;

test('waits double from one second up to thirty', () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7].map((attempt) => backoff(attempt, middle)), [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
});

test('each wait has jitter of a fifth either way, and none exceeds thirty seconds', () => {
  assert.equal(backoff(3, () => 0), 3200);
  assert.equal(backoff(3, () => 0.999999), 4800);
  assert.equal(backoff(9, () => 0.999999), 30000);
});

test('the wait the hub asked for is never shortened', () => {
  assert.equal(noSoonerThan(3000, () => 0), 3000);
  assert.equal(noSoonerThan(3000, () => 0.5), 3300);
});
