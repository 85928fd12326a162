import { Conversations } from './conversations.js';
import { entryKey } from './posting.js';
import { toast } from './toasts.js';

/** Conversations with one person. */
export class PrivateMessages {
  #conversations;

  /**
   * @param {import('../verb/verb.js').VerbClient} client
   * @param {import('./conversations.js').Conversations} conversations
   */
  constructor(client, conversations) {
    this.#conversations = conversations;
    client.on('private_message', (event) => this.#came(event));
  }

  /** @param {{id: string, username: string}} user */
  open(user) {
    this.#conversations.open('private', user.id, user.username);
    this.#conversations.activate(Conversations.person(user.id));
  }

  /** @param {any} event */
  #came({ messageId, from, message, timestamp }) {
    const conversation = this.#conversations.open('private', from.id, from.username);
    conversation.title = from.username;
    this.#conversations.add(conversation, { key: entryKey(from.id, messageId), kind: 'message', user: from, message, timestamp }, { counts: true });
    if (conversation !== this.#conversations.active) toast(`${from.username}, privately`, typeof message === 'string' ? message : '');
  }
}
