import { byId, element } from './element.js';

/** The lists of rooms and private conversations, with unread counts. */
export class ConversationList {
  #conversations;

  /** @param {import('./conversations.js').Conversations} conversations */
  constructor(conversations) {
    this.#conversations = conversations;
    conversations.addEventListener('list', () => this.#show());
  }

  #show() {
    this.#fill('rooms', 'room');
    this.#fill('privates', 'private');
    byId('privates-empty').hidden = this.#conversations.list('private').length > 0;
    const { unread } = this.#conversations;
    document.title = unread ? `(${unread}) Verb` : 'Verb';
  }

  /**
   * @param {string} listId
   * @param {'room' | 'private'} kind
   */
  #fill(listId, kind) {
    const list = byId(listId);
    const focused = list.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.key : null;
    list.replaceChildren(...this.#conversations.list(kind).map((conversation) => this.#item(conversation)));
    if (focused) [...list.querySelectorAll('button')].find((button) => button.dataset.key === focused)?.focus();
  }

  /** @param {import('./conversations.js').Conversation} conversation */
  #item({ key, kind, id, title, unread }) {
    const current = this.#conversations.active?.key === key;
    return element('li', {},
      element('button', {
        type: 'button', class: 'conversation-item', testid: `${kind}-item`, 'data-id': id, 'data-key': key, 'aria-current': current ? 'true' : null,
        on: { click: () => this.#conversations.activate(key) },
      },
      element('span', { class: 'sigil', 'aria-hidden': 'true', text: kind === 'room' ? '#' : '@' }),
      element('span', { class: 'conversation-name', text: title }),
      unread > 0 ? element('span', { class: 'count', testid: 'unread', text: String(unread), 'aria-label': `${unread} unread` }) : null));
  }
}
