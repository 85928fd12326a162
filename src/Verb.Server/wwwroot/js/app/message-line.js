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
  const safe = ownHostOnly(url);
  // The page's own node may be gone by the time of the click; any node has the file.
  const toNodeInUse = (/** @type {any} */ { currentTarget }) => { currentTarget.href = fileAddress(safe, hub()); };
  return safe
    ? element('a', { class: 'file-link', testid: 'file-link', href: safe, download: name, rel: 'noopener', on: { click: toNodeInUse } }, ...label)
    : element('p', { class: 'file-link refused', testid: 'file-refused', title: 'This link does not lead to a file of this hub.' }, ...label);
}

/**
 * Where the node in use has a file that this host was named for.
 * @param {string} file
 * @param {string} hub a socket route
 */
export function fileAddress(file, hub) {
  const address = new URL(file);
  const { protocol, host } = new URL(hub);
  return `${protocol.replace('ws', 'http')}//${host}${address.pathname}${address.search}`;
}

/** A link someone posted leads to this host's files or nowhere. @param {unknown} url */
function ownHostOnly(url) {
  if (typeof url !== 'string' || !URL.canParse(url, location.href)) return null;
  const { origin, href } = new URL(url, location.href);
  return origin === location.origin ? href : null;
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
