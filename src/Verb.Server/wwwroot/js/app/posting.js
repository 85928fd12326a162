/** Stands for this page's user in the keys of lines, whatever id the hub gives. */
export const OWN = 'me';

/** Posts to rooms and people: the line stands at once, and says so where it could not be sent. */
export class Posting {
  #client;
  #conversations;

  /**
   * @param {import('../verb/verb.js').VerbClient} client
   * @param {import('./conversations.js').Conversations} conversations
   */
  constructor(client, conversations) {
    this.#client = client;
    this.#conversations = conversations;
  }

  /**
   * @param {import('./conversations.js').Conversation} conversation
   * @param {any} message
   * @param {string} [messageId]
   */
  async post(conversation, message, messageId = newMessageId()) {
    const user = this.#client.user ?? { id: '', username: 'You' };
    const key = entryKey(OWN, messageId);
    this.#conversations.add(conversation, { key, kind: 'message', user, message, timestamp: Date.now(), own: true, status: 'pending' });
    try {
      await this.#submit(conversation, key, message, messageId);
    } catch (error) {
      this.#conversations.change(conversation, key, { status: 'failed', problem: /** @type {Error} */ (error).message });
    }
  }

  /** Sends a line that failed once more, under the same id. @param {import('./conversations.js').Entry} entry */
  again(entry) {
    const { active } = this.#conversations;
    if (active) this.post(active, entry.message, entry.key.slice(entry.key.indexOf(' ') + 1));
  }

  /**
   * @param {import('./conversations.js').Conversation} conversation
   * @param {string} key
   * @param {any} message
   * @param {string} messageId
   */
  async #submit(conversation, key, message, messageId) {
    if (conversation.kind === 'room') {
      await this.#client.sendMessage(conversation.id, message, { messageId });
      this.#conversations.change(conversation, key, { status: 'sent' });
      return;
    }
    const { status } = await this.#client.sendPrivate(conversation.id, message, { messageId });
    this.#conversations.change(conversation, key, { status: 'sent', problem: status === 'queued' ? 'Not online: waits in the inbox.' : '' });
  }
}

/**
 * @param {string} userId
 * @param {string} messageId
 */
export function entryKey(userId, messageId) {
  return `${userId} ${messageId}`;
}

function newMessageId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
