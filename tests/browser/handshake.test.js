import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handshake } from '../../src/Verb.Server/wwwroot/js/verb/handshake.js';
import { VerbClient } from '../../src/Verb.Server/wwwroot/js/verb/verb.js';

test('without token or session only the protocol is offered', () => {
  assert.deepEqual(handshake('ws://hub/ws', {}), { url: 'ws://hub/ws', protocols: ['verb.v1'] });
});

test('token and session travel as subprotocols beside the protocol', () => {
  assert.deepEqual(handshake('wss://hub/ws', { token: 'a.b-c_d', session: 'xyz' }).protocols, ['verb.v1', 'bearer.a.b-c_d', 'session.xyz']);
});

test('what is not fit for a subprotocol travels in the query', () => {
  const { url, protocols } = handshake('ws://hub/ws?x=1', { token: 'a b', session: 'p/q=' });
  assert.deepEqual(protocols, ['verb.v1']);
  assert.equal(url, 'ws://hub/ws?x=1&token=a+b&session=p%2Fq%3D');
});

test('an http address is dialled as a socket', () => {
  assert.equal(handshake('https://hub/ws', {}).url, 'wss://hub/ws');
});

for (const bad of ['', 'hub/ws', 'ftp://hub/ws', 'javascript:alert(1)']) {
  test(`the address '${bad}' is refused`, () => {
    assert.throws(() => new VerbClient({ addresses: bad }), TypeError);
  });
}
