import { element } from './element.js';
import { initial, size, time, tint, wholeTime } from './format.js';

/**
 * One line of a conversation.
 * @param {import('./conversations.js').Entry} entry
 * @param {{retry: (entry: import('./conversations.js').Entry) => void, hub: () => string, follows: boolean}} how `hub`: the socket route in
 *   use; `follows`: the line before is by the same person
 */
export function messageLine(entry, { retry, hub, follows }) {
  if (entry.kind === 'note') return element('li', { class: 'note', testid: 'note', 'data-key': entry.key }, element('span', { text: entry.text }));
  const { user, own, status = 'sent' } = entry;
  return element('li', {
    class: `message ${own ? 'own' : ''} ${follows ? 'follows' : ''} ${status}`, testid: 'message', 'data-key': entry.key, 'data-status': status,
  },
  element('span', { class: `avatar ${tint(user.id)}`, 'aria-hidden': 'true', text: initial(user.username) }),
  element('div', { class: 'bubble' },
    element('p', { class: 'byline' },
      element('span', { class: 'author', testid: 'author', text: own && user.id ? `${user.username} (you)` : user.username }),
      element('time', { datetime: new Date(entry.timestamp).toISOString(), title: wholeTime(entry.timestamp), text: time(entry.timestamp) })),
    content(entry.message, hub),
    state(entry, retry)));
}

/**
 * @param {any} message
 * @param {() => string} hub
 */
function content(message, hub) {
  if (message?.kind === 'file') return fileLink(message, hub);
  const text = typeof message === 'string' ? message : typeof message?.text === 'string' ? message.text : JSON.stringify(message, null, 2);
  return element('p', { class: typeof message === 'string' ? 'text' : 'text data', testid: 'message-text', text });
}

/**
 * @param {{filename: string, size: number, url: string}} file
 * @param {() => string} hub
 */
function fileLink({ filename, size: bytes, url }, hub) {
  const name = typeof filename === 'string' && filename ? filename : 'A file';
  const label = [element('span', { class: 'file-name', text: name }), element('span', { class: 'quiet', text: Number.isFinite(bytes) ? size(bytes) : '' })];
  const path = pathInHub(url, location.href);
  // The page's own node may be gone by the time of the click; any node has the file.
  const toNodeInUse = (/** @type {any} */ { currentTarget }) => { currentTarget.href = fileAddress(/** @type {string} */ (path), hub()); };
  return path
    ? element('a', { class: 'file-link', testid: 'file-link', href: path, download: name, rel: 'noopener', on: { click: toNodeInUse } }, ...label)
    : element('p', { class: 'file-link refused', testid: 'file-refused', title: 'This link does not lead to a file of this hub.' }, ...label);
}

/**
 * A link someone posted leads to this hub's files or nowhere. A hub below a path of its proxy may not know of that path: its links have it or not.
 * @param {unknown} url
 * @param {string} page where the page is from, beside which the hub's files are
 * @returns {string | null} a path that begins with `./`
 */
export function pathInHub(url, page) {
  if (typeof url !== 'string' || !URL.canParse(url, page)) return null;
  const { origin, pathname, search } = new URL(url, page);
  const base = new URL('.', page);
  if (origin !== base.origin) return null;
  return `./${pathname.slice(pathname.startsWith(base.pathname) ? base.pathname.length : 1)}${search}`;
}

/**
 * Where the node in use has a file.
 * @param {string} path in the hub, as `pathInHub` gives it
 * @param {string} hub a socket route, beside which its files are
 */
export function fileAddress(path, hub) {
  return new URL(path, hub.replace(/^ws/, 'http')).href;
}

/**
 * @param {import('./conversations.js').Entry} entry
 * @param {(entry: import('./conversations.js').Entry) => void} retry
 */
function state(entry, retry) {
  if (entry.status === 'pending') return element('p', { class: 'quiet state', text: 'Sending…' });
  if (entry.status !== 'failed') return entry.problem ? element('p', { class: 'quiet state', text: entry.problem }) : null;
  return element('p', { class: 'problem state' },
    element('span', { text: `Not sent: ${entry.problem} ` }),
    element('button', { type: 'button', class: 'link', testid: 'retry', text: 'Send again', on: { click: () => retry(entry) } }));
}
