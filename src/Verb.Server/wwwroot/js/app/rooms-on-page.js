import { Conversations } from './conversations.js';
import { plural } from './format.js';
import { OWN, entryKey } from './posting.js';
import { toast } from './toasts.js';

/** Carries what rooms say into the conversations: messages, people coming and going, and what was missed. */
export class RoomsOnPage {
  #client;
  #conversations;
  #typing;
  #notes = 0;
  /** @type {Set<string>} */
  #recovering = new Set();

  /**
   * @param {import('../verb/verb.js').VerbClient} client
   * @param {import('./conversations.js').Conversations} conversations
   * @param {import('./typing-line.js').TypingLine} typing
   */
  constructor(client, conversations, typing) {
    this.#client = client;
    this.#conversations = conversations;
    this.#typing = typing;
    const handlers = {
      message: (/** @type {any} */ event, /** @type {any} */ room) => this.#message(event, room),
      message_history: (/** @type {any} */ event, /** @type {any} */ room) => this.#history(event, room),
      joined_room: (/** @type {any} */ event, /** @type {any} */ room) => this.#joined(event, room),
      user_joined: (/** @type {any} */ event, /** @type {any} */ room) => this.#came(event, room),
      user_left: (/** @type {any} */ event, /** @type {any} */ room) => this.#left(event, room),
      room_presence: (/** @type {any} */ event, /** @type {any} */ room) => this.#conversations.present(room, { userCount: event.userCount }),
      user_typing: (/** @type {any} */ event, /** @type {any} */ room) => this.#typing.typing(room.key, event.user),
      room_gap: (/** @type {any} */ _, /** @type {any} */ room) => this.#note(room, 'Some messages are no longer in the history.'),
      room_reset: (/** @type {any} */ _, /** @type {any} */ room) => this.#note(room, 'The history of this room began anew.'),
      room_lost: (/** @type {any} */ { error }, /** @type {any} */ room) => this.#refused(room, error),
    };
    for (const [type, handle] of Object.entries(handlers)) {
      client.on(type, (event) => {
        const room = conversations.get(Conversations.room(event.roomId));
        if (room) handle(event, room);
      });
    }
  }

  /**
   * @param {string} roomId
   * @param {{look?: boolean}} [how] whether to look at it at once
   */
  async join(roomId, { look = true } = {}) {
    if (!roomId) return;
    const room = this.#conversations.open('room', roomId, roomId);
    if (look) this.#conversations.activate(room.key);
    try {
      await this.#client.joinRoom(roomId);
    } catch (error) {
      if (/** @type {any} */ (error).code !== 'CLOSED' && /** @type {any} */ (error).code !== 'ABORTED') this.#refused(room, error);
    }
  }

  /** @param {string} roomId */
  leave(roomId) {
    this.#client.leaveRoom(roomId).catch(() => {});
    this.#conversations.close(Conversations.room(roomId));
  }

  /**
   * @param {any} room
   * @param {any} error
   */
  #refused(room, error) {
    toast(`#${room.title}`, error.message);
    this.#conversations.close(room.key);
  }

  /**
   * @param {import('../verb/types.js').DeliveredMessage} event
   * @param {any} room
   */
  #message({ user, messageId, message, timestamp, own, replayed }, room) {
    this.#typing.stopped(room.key, user);
    this.#conversations.add(room, { key: entryKey(own ? OWN : user.id, messageId), kind: 'message', user, message, timestamp, own, status: 'sent' }, { counts: !own && (!replayed || this.#recovering.has(room.key)) });
    const known = room.people.get(user.id);
    if (known && known.username !== user.username) {
      room.people.set(user.id, user);
      this.#conversations.present(room, {});
    }
  }

  /**
   * @param {any} event
   * @param {any} room
   */
  #history({ recovered, messages }, room) {
    // What was missed is news; the history a newcomer is shown is not.
    if (recovered) this.#recovering.add(room.key);
    else this.#recovering.delete(room.key);
    if (recovered && messages.length > 0) this.#note(room, `Back again: ${plural(messages.length, 'message')} recovered.`);
  }

  /**
   * @param {any} event
   * @param {any} room
   */
  async #joined({ userCount }, room) {
    this.#conversations.present(room, { userCount });
    try {
      const { members, userCount: count } = await this.#client.members(room.id);
      this.#conversations.present(room, { people: members, userCount: count });
    } catch {
      // The count stands; the next join brings the names.
    }
  }

  /**
   * @param {any} event
   * @param {any} room
   */
  #came({ user, userCount }, room) {
    room.people.set(user.id, user);
    this.#conversations.present(room, { userCount });
    this.#note(room, `${user.username} joined.`);
  }

  /**
   * @param {any} event
   * @param {any} room
   */
  #left({ user, userCount }, room) {
    room.people.delete(user.id);
    this.#typing.stopped(room.key, user);
    this.#conversations.present(room, { userCount });
    this.#note(room, `${user.username} left.`);
  }

  /**
   * @param {any} room
   * @param {string} text
   */
  #note(room, text) {
    this.#conversations.add(room, { key: `note ${++this.#notes}`, kind: 'note', text, timestamp: Date.now() });
  }
}
