import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';

const root = new URL('../../src/Verb.Server/wwwroot/', import.meta.url);
const page = await readFile(new URL('index.html', root), 'utf8');
const modules = await Promise.all((await readdir(new URL('js/', root), { recursive: true }))
  .filter((name) => name.endsWith('.js'))
  .map(async (name) => ({ name, text: await readFile(new URL(`js/${name}`, root), 'utf8') })));

test('what people write never becomes markup', () => {
  for (const { name, text } of modules) {
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|setHTMLUnsafe|\beval\(|new Function/, name);
  }
});

test('the page has no inline script, style or handler, so a strict content security policy fits it', () => {
  assert.doesNotMatch(page, /<script(?![^>]*\ssrc=)/);
  assert.doesNotMatch(page, /<style|\sstyle=|\son[a-z]+=|javascript:/i);
});

test('the page asks nothing of other hosts, and nothing outside the path below which it is', () => {
  for (const [, address] of page.matchAll(/(?:src|href)="([^"]+)"/g)) assert.match(address, /^(\.\/|#)(?!\/)/);
});

test('no script asks for a path that begins at the root of the host', () => {
  for (const { name, text } of modules) assert.doesNotMatch(text, /['"`]\/(?:api|files|demo|js|css|health|metrics)\b/, name);
});

test('every element the scripts look for is on the page, once', () => {
  const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const { name, text } of modules) {
    for (const [, id] of text.matchAll(/byId\('([^']+)'\)/g)) assert.ok(ids.includes(id), `${name} looks for '${id}'`);
  }
});

test('every field has a label', () => {
  for (const [field, id] of page.matchAll(/<(?:input|textarea|select)[^>]*\sid="([^"]+)"[^>]*>/g)) {
    const before = page.slice(0, page.indexOf(field));
    const wrapped = before.lastIndexOf('<label') > before.lastIndexOf('</label>');
    assert.ok(wrapped || page.includes(`for="${id}"`) || field.includes('aria-label'), id);
  }
});
