/**
 * @typedef {object} Entry one line of a conversation
 * @property {string} key
 * @property {'message' | 'note'} kind
 * @property {any} [user]
 * @property {any} [message]
 * @property {string} [text] of a note
 * @property {number} timestamp
 * @property {boolean} [own]
 * @property {'pending' | 'failed' | 'sent'} [status]
 * @property {string} [problem]
 *
 * @typedef {object} Conversation
 * @property {string} key
 * @property {'room' | 'private'} kind
 * @property {string} id room id or user id
 * @property {string} title
 * @property {Entry[]} entries
 * @property {Map<string, any>} people
 * @property {number} userCount
 * @property {number} unread
 * @property {string} draft
 */

const LINES = 500;

/** The rooms and private conversations on the page, and which one is looked at. */
export class Conversations extends EventTarget {
  /** @type {Map<string, Conversation>} */
  #all = new Map();
  /** @type {Conversation | null} */
  active = null;
  /** @type {Set<string>} the keys of what was looked at, the last one last */
  #looked = new Set();

  /** @param {string} roomId */
  static room(roomId) {
    return `room ${roomId}`;
  }

  /** @param {string} userId */
  static person(userId) {
    return `private ${userId}`;
  }

  /** @param {'room' | 'private'} [kind] */
  list(kind) {
    return [...this.#all.values()].filter((conversation) => !kind || conversation.kind === kind);
  }

  /** @param {string} key */
  get(key) {
    return this.#all.get(key);
  }

  /** Everyone seen in any conversation. */
  everyone() {
    const partners = this.list('private').map(({ id, title }) => ({ id, username: title }));
    const people = this.list('room').flatMap((room) => [...room.people.values()]);
    return [...new Map([...partners, ...people].map((person) => [person.id, person])).values()];
  }

  get unread() {
    return this.list().reduce((sum, { unread }) => sum + unread, 0);
  }

  /**
   * @param {'room' | 'private'} kind
   * @param {string} id
   * @param {string} title
   */
  open(kind, id, title) {
    const key = kind === 'room' ? Conversations.room(id) : Conversations.person(id);
    const known = this.#all.get(key);
    if (known) return known;
    /** @type {Conversation} */
    const made = { key, kind, id, title, entries: [], people: new Map(), userCount: 0, unread: 0, draft: '' };
    this.#all.set(key, made);
    this.#say('list');
    return made;
  }

  /** Whoever looked at it is led back to what they looked at before. @param {string} key */
  close(key) {
    this.#all.delete(key);
    this.#looked.delete(key);
    if (this.active?.key === key) this.activate([...this.#looked].at(-1) ?? [...this.#all.keys()][0]);
    this.#say('list');
  }

  /** @param {string | undefined} key */
  activate(key) {
    this.active = (key && this.#all.get(key)) || null;
    if (this.active) {
      this.active.unread = 0;
      this.#looked.delete(this.active.key);
      this.#looked.add(this.active.key);
    }
    this.#say('active');
    this.#say('list');
  }

  /**
   * Adds a line, or puts it in its place where one with its key stands already. Lines that wait for the hub's answer
   * have no place in the room's order yet: they stay below all that do.
   * @param {Conversation} conversation
   * @param {Entry} entry
   * @param {{counts?: boolean}} [how] whether it counts as unread
   */
  add(conversation, entry, { counts = false } = {}) {
    const at = conversation.entries.findIndex(({ key }) => key === entry.key);
    if (at >= 0) conversation.entries.splice(at, 1);
    const ordered = entry.status === 'pending' ? -1 : conversation.entries.findLastIndex(({ status }) => status !== 'pending') + 1;
    conversation.entries.splice(ordered < 0 ? conversation.entries.length : ordered, 0, entry);
    if (conversation.entries.length > LINES) conversation.entries.splice(0, conversation.entries.length - LINES);
    if (conversation !== this.active && counts) {
      conversation.unread++;
      this.#say('list');
    }
    this.#say('entry', { conversation, entry });
  }

  /**
   * Changes a line where it stands.
   * @param {Conversation} conversation
   * @param {string} key
   * @param {Partial<Entry>} changes
   */
  change(conversation, key, changes) {
    const entry = conversation.entries.find((candidate) => candidate.key === key);
    if (!entry) return;
    Object.assign(entry, changes);
    this.#say('entry-changed', { conversation, entry });
  }

  /**
   * @param {Conversation} conversation
   * @param {{people?: Iterable<any>, userCount?: number}} changes
   */
  present(conversation, { people, userCount }) {
    if (people) conversation.people = new Map([...people].map((person) => [person.id, person]));
    conversation.userCount = userCount ?? conversation.userCount;
    this.#say('people', { conversation });
    this.#say('list');
  }

  /**
   * @param {string} type
   * @param {any} [detail]
   */
  #say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
