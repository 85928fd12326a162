import { byId, element } from './element.js';
import { exactTime } from './format.js';
import { toast } from './toasts.js';

const EVERYONE = '*';
const KEPT = 100;

/** Notifications and broadcasts: a toast, a list with a count, and a form that sends one by HTTP. */
export class Notifications {
  #unseen = 0;
  #panel = byId('notifications');

  /** @param {import('../verb/verb.js').VerbClient} client */
  constructor(client) {
    client.on('notification', (event) => this.#came('Notification', event));
    client.on('broadcast', (event) => this.#came('To everyone', event));
    byId('notify').addEventListener('submit', (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#notify();
    });
  }

  seen() {
    this.#unseen = 0;
    this.#showCount();
  }

  /**
   * Whom one can be sent to.
   * @param {any} me
   * @param {any[]} people
   */
  offer(me, people) {
    const list = byId('notify-to');
    const chosen = list.value;
    const options = [
      ...(me ? [[me.id, `${me.username} (you)`]] : []),
      ...people.filter(({ id }) => id !== me?.id).map(({ id, username }) => [id, username]),
      [EVERYONE, 'Everyone (broadcast)'],
    ];
    list.replaceChildren(...options.map(([value, text]) => element('option', { value, text })));
    if (options.some(([value]) => value === chosen)) list.value = chosen;
  }

  /**
   * @param {string} title
   * @param {any} event
   */
  #came(title, event) {
    const text = wording(event);
    byId('notices-empty').hidden = true;
    const list = byId('notices');
    list.prepend(element('li', { class: 'notice', testid: 'notice' },
      element('p', {}, element('strong', { text: title }), ' ', element('time', { class: 'quiet', text: exactTime(event.timestamp) })),
      element('p', { testid: 'notice-text', text })));
    while (list.childElementCount > KEPT) list.lastElementChild.remove();
    toast(title, text);
    if (this.#panel.hidden) this.#unseen++;
    this.#showCount();
  }

  #showCount() {
    byId('notifications-count').textContent = String(this.#unseen);
    byId('notifications-count').hidden = this.#unseen === 0;
  }

  async #notify() {
    const to = byId('notify-to').value;
    const key = byId('notify-key').value.trim();
    const result = byId('notify-result');
    result.textContent = 'Sending…';
    try {
      const response = await fetch(to === EVERYONE ? './api/broadcast' : `./api/notify/${encodeURIComponent(to)}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...(key ? { 'X-Api-Key': key } : {}) },
        body: JSON.stringify({ message: byId('notify-text').value }),
      });
      result.textContent = response.ok ? 'Sent.' : `The hub answered ${response.status}: ${await reason(response)}`;
      if (response.ok) byId('notify-text').value = '';
    } catch {
      result.textContent = 'The hub could not be reached.';
    }
  }
}

/** @param {Response} response */
async function reason(response) {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text);
    return error?.message ?? error ?? text;
  } catch {
    return text || response.statusText;
  }
}

/** @param {any} event */
function wording(event) {
  const { type, messageId, seq, timestamp, ...body } = event;
  const said = [body.title, body.message ?? body.text].filter((part) => typeof part === 'string');
  return said.length > 0 ? said.join(': ') : JSON.stringify(body);
}
