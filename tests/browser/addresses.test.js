import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressesOf, inTurn } from '../../src/Verb.Server/wwwroot/js/app/addresses.js';

const page = (search = '') => ({ href: `http://127.0.0.1:3002/${search}`, search });
const NODES = ['http://127.0.0.1:3001', 'http://127.0.0.1:3002', 'http://127.0.0.1:3003'];
const answers = (body, ok = true) => async () => ({ ok, json: async () => body });
const never = async () => assert.fail('nobody is to be asked');

test('a page tries its own node first and then the others from its place on', async () => {
  assert.deepEqual(await addressesOf(page(), answers({ addresses: NODES })),
    ['ws://127.0.0.1:3002/ws', 'ws://127.0.0.1:3003/ws', 'ws://127.0.0.1:3001/ws']);
});

test('the nodes of the query go before those of the hub, as addresses or as host and port', async () => {
  assert.deepEqual(await addressesOf(page('?nodes=127.0.0.1:3001,https://hub.example&nodes=ws://other/sockets'), never),
    ['ws://127.0.0.1:3002/ws', 'ws://127.0.0.1:3001/ws', 'wss://hub.example/ws', 'ws://other/sockets']);
});

test('a page whose own node is not among those named tries it first all the same', () => {
  assert.deepEqual(inTurn('https://hub.example/?x=1', ['a:1', 'b:2']), ['wss://hub.example/ws', 'wss://a:1/ws', 'wss://b:2/ws']);
});

for (const [href, own] of [
  ['https://hub.example/hub/', 'wss://hub.example/hub/ws'],
  ['https://hub.example/hub/index.html?room=a/b#x', 'wss://hub.example/hub/ws'],
  ['http://hub.example:8080/apps/a%20b/', 'ws://hub.example:8080/apps/a%20b/ws'],
  ['http://hub.example/index.html', 'ws://hub.example/ws'],
]) {
  test(`a page at ${href} has its socket beside it`, () => {
    assert.deepEqual(inTurn(href, []), [own]);
  });
}

test('a page below a path asks for the nodes there, and a node may be below a path, too', async () => {
  const asked = [];
  const get = async (path) => {
    asked.push(path);
    return { ok: true, json: async () => ({ addresses: ['https://one.example/hub/', 'https://two.example/hub/', 'https://three.example/hub/sockets'] }) };
  };
  assert.deepEqual(await addressesOf({ href: 'https://two.example/hub/?x=1', search: '?x=1' }, get),
    ['wss://two.example/hub/ws', 'wss://three.example/hub/sockets', 'wss://one.example/hub/ws']);
  assert.deepEqual(asked, ['https://two.example/hub/demo.json']);
});

test('what is no address is left out', () => {
  assert.deepEqual(inTurn(page().href, ['not an address', '127.0.0.1:3001']), ['ws://127.0.0.1:3002/ws', 'ws://127.0.0.1:3001/ws']);
});

test('a hub that names no nodes leaves the page with its own', async () => {
  const own = ['ws://127.0.0.1:3002/ws'];
  assert.deepEqual(await addressesOf(page(), answers({}, false)), own);
  assert.deepEqual(await addressesOf(page(), answers({ addresses: 'one' })), own);
  assert.deepEqual(await addressesOf(page(), async () => { throw new TypeError('unreachable'); }), own);
});
