import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileAddress } from '../../src/Verb.Server/wwwroot/js/app/message-line.js';

test('a file is fetched from the node in use, whichever served the page', () => {
  assert.equal(fileAddress('http://127.0.0.1:3001/files/f1?name=a%20b', 'ws://127.0.0.1:3002/ws'), 'http://127.0.0.1:3002/files/f1?name=a%20b');
  assert.equal(fileAddress('https://one.example/files/f1', 'wss://two.example/ws'), 'https://two.example/files/f1');
});
