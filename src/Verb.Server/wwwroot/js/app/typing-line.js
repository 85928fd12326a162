import { byId } from './element.js';

const FADES_AFTER = 3_500;

/** Who is writing in the room that is looked at. */
export class TypingLine {
  #conversations;
  /** @type {Map<string, Map<string, {name: string, timer: any}>>} */
  #byConversation = new Map();

  /** @param {import('./conversations.js').Conversations} conversations */
  constructor(conversations) {
    this.#conversations = conversations;
    conversations.addEventListener('active', () => this.#show());
  }

  /**
   * @param {string} key
   * @param {{id: string, username: string}} user
   */
  typing(key, user) {
    this.stopped(key, user);
    const writers = this.#byConversation.get(key) ?? new Map();
    this.#byConversation.set(key, writers.set(user.id, { name: user.username, timer: setTimeout(() => this.stopped(key, user), FADES_AFTER) }));
    this.#show();
  }

  /**
   * @param {string} key
   * @param {{id: string}} user
   */
  stopped(key, user) {
    const writers = this.#byConversation.get(key);
    clearTimeout(writers?.get(user.id)?.timer);
    if (writers?.delete(user.id)) this.#show();
  }

  #show() {
    const writers = this.#byConversation.get(this.#conversations.active?.key ?? '');
    const names = [...(writers?.values() ?? [])].map(({ name }) => name);
    const text = names.length === 0 ? ''
      : names.length === 1 ? `${names[0]} is typing…`
      : names.length === 2 ? `${names[0]} and ${names[1]} are typing…`
      : `${names.length} people are typing…`;
    const line = byId('typing');
    if (line.textContent !== text) line.textContent = text;
  }
}
