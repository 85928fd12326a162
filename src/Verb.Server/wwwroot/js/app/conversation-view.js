import { byId } from './element.js';
import { messageLine } from './message-line.js';
import { plural } from './format.js';

const NEAR = 80;
const SAME_BREATH = 5 * 60_000;

/** The conversation that is looked at: its lines, and whether the reader is at the end of them. */
export class ConversationView {
  #conversations;
  #actions;
  #messages = byId('messages');
  #scroll = byId('scroll');

  /**
   * @param {import('./conversations.js').Conversations} conversations
   * @param {{retry: (entry: import('./conversations.js').Entry) => void, hub: () => string}} actions `hub`: the socket route in use
   */
  constructor(conversations, actions) {
    this.#conversations = conversations;
    this.#actions = actions;
    conversations.addEventListener('active', () => this.#showAll());
    conversations.addEventListener('people', () => this.#showHead());
    conversations.addEventListener('entry', (/** @type {any} */ { detail }) => this.#added(detail));
    conversations.addEventListener('entry-changed', (/** @type {any} */ { detail }) => this.#changed(detail));
    byId('jump').addEventListener('click', () => this.#toEnd());
    this.#scroll.addEventListener('scroll', () => { if (this.#atEnd) byId('jump').hidden = true; });
  }

  get #atEnd() {
    return this.#scroll.scrollHeight - this.#scroll.scrollTop - this.#scroll.clientHeight < NEAR;
  }

  #showAll() {
    const { active } = this.#conversations;
    this.#showHead();
    // A conversation that is opened is not read out as if each of its lines had just come.
    this.#scroll.setAttribute('aria-live', 'off');
    this.#messages.replaceChildren(...(active?.entries ?? []).map((/** @type {any} */ entry, /** @type {number} */ index) => this.#line(entry, active?.entries[index - 1])));
    this.#scroll.setAttribute('aria-live', 'polite');
    this.#toEnd();
  }

  #showHead() {
    const { active } = this.#conversations;
    byId('conversation-title').textContent = active ? (active.kind === 'room' ? `# ${active.title}` : active.title) : 'No room joined';
    byId('conversation-note').textContent = !active ? '' : active.kind === 'room' ? (active.userCount > 0 ? plural(active.userCount, 'person', 'people') : '') : 'Only the two of you see this.';
    byId('leave').hidden = !active;
    byId('leave').textContent = active?.kind === 'room' ? 'Leave' : 'Close';
    this.#messages.dataset.empty = active ? 'Nothing here yet. Say hello.' : 'Join a room to begin.';
  }

  /** @param {{conversation: any, entry: any}} detail */
  #added({ conversation, entry }) {
    if (conversation !== this.#conversations.active) return;
    const follow = this.#atEnd || (entry.own && entry.status === 'pending');
    const at = conversation.entries.indexOf(entry);
    const below = conversation.entries[at + 1];
    this.#find(entry.key)?.remove();
    this.#messages.insertBefore(this.#line(entry, conversation.entries[at - 1]), (below && this.#find(below.key)) ?? null);
    if (below) this.#find(below.key)?.replaceWith(this.#line(below, entry));
    while (this.#messages.childElementCount > conversation.entries.length) this.#messages.firstElementChild.remove();
    if (follow) this.#toEnd();
    else byId('jump').hidden = false;
  }

  /** @param {{conversation: any, entry: any}} detail */
  #changed({ conversation, entry }) {
    if (conversation !== this.#conversations.active) return;
    const index = conversation.entries.indexOf(entry);
    this.#find(entry.key)?.replaceWith(this.#line(entry, conversation.entries[index - 1]));
  }

  /**
   * @param {import('./conversations.js').Entry} entry
   * @param {import('./conversations.js').Entry | undefined} before
   */
  #line(entry, before) {
    const follows = before?.kind === 'message' && before.user?.id === entry.user?.id && entry.timestamp - before.timestamp < SAME_BREATH;
    return messageLine(entry, { ...this.#actions, follows });
  }

  /** @param {string} key */
  #find(key) {
    return [...this.#messages.children].findLast((line) => line.dataset.key === key);
  }

  #toEnd() {
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
    byId('jump').hidden = true;
  }
}
