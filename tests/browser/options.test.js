import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withDefaults } from '../../src/Verb.Server/wwwroot/js/verb/options.js';

for (const [base, given, address] of [
  ['https://hub.example/', undefined, 'https://hub.example/ws'],
  ['https://hub.example/hub/', undefined, 'https://hub.example/ws'],
  ['https://hub.example/hub/', './ws', 'https://hub.example/hub/ws'],
  ['https://hub.example/hub/index.html?x=/', './ws', 'https://hub.example/hub/ws'],
  ['https://hub.example/apps/chat/', '../hub/ws', 'https://hub.example/apps/hub/ws'],
  ['http://hub.example:8080/chat', '/hub/ws', 'http://hub.example:8080/hub/ws'],
  ['https://hub.example/hub/', 'wss://other.example/ws', 'wss://other.example/ws'],
]) {
  test(`on a page at ${base} the address ${given} is ${address}`, (context) => {
    globalThis.document = { baseURI: base };
    context.after(() => delete globalThis.document);
    assert.deepEqual(withDefaults({ addresses: given }).addresses, [address]);
  });
}

test('what is neither an address nor a path is refused', () => {
  for (const address of ['ws', 'hub.example', 'localhost:3000', 'ftp://hub.example/ws', '.ws']) {
    assert.throws(() => withDefaults({ addresses: address }), TypeError, address);
  }
});
