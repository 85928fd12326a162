import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileAddress, pathInHub } from '../../src/Verb.Server/wwwroot/js/app/message-line.js';

test('a file is fetched from the node in use, whichever served the page, below whatever path each of them is', () => {
  assert.equal(fileAddress('./files/f1?name=a%20b', 'ws://127.0.0.1:3002/ws'), 'http://127.0.0.1:3002/files/f1?name=a%20b');
  assert.equal(fileAddress('./files/f1', 'wss://two.example/ws'), 'https://two.example/files/f1');
  assert.equal(fileAddress('./files/f1', 'wss://two.example/apps/hub/ws'), 'https://two.example/apps/hub/files/f1');
});

test('a link is found in the hub, whether or not the hub knows below which path of a proxy it is', () => {
  for (const page of ['https://one.example/', 'https://one.example/index.html', 'https://one.example/?name=Ada&room=lobby']) {
    assert.equal(pathInHub('/files/f1', page), './files/f1');
    assert.equal(pathInHub('https://one.example/files/f1?x=1', page), './files/f1?x=1');
  }
  for (const page of ['https://one.example/hub/', 'https://one.example/hub/index.html', 'https://one.example/hub/?name=Ada']) {
    assert.equal(pathInHub('/files/f1', page), './files/f1');
    assert.equal(pathInHub('/hub/files/f1', page), './files/f1');
    assert.equal(pathInHub('./files/f1', page), './files/f1');
  }
  assert.equal(pathInHub('/a/b/files/f1', 'https://one.example/a/b/'), './files/f1');
});

test('a link leads out of the hub by no trick', () => {
  for (const page of ['https://one.example/', 'https://one.example/hub/']) {
    for (const url of ['javascript:alert(1)', 'data:text/html,x', 'https://two.example/files/f1', '//two.example/files/f1', 'https://one.example:8443/files/f1', 'http://one.example/files/f1', 7, null]) {
      assert.equal(pathInHub(url, page), null);
    }
    for (const url of ['/javascript:alert(1)', '/%2F/two.example', 'https://one.example//two.example/x', '/../other/x', '/hub/../other', '/\\two.example', '/.//two.example/x']) {
      const path = pathInHub(url, page);
      if (path === null) continue;
      const address = new URL(path, page);
      assert.equal(address.origin, 'https://one.example');
      assert.ok(address.pathname.startsWith(new URL(page).pathname), `${url} at ${page}: ${address}`);
    }
  }
});
