import { Cursor } from './cursor.js';
import { Recent } from './recent.js';

/** Reads what comes from rooms: each message is passed on once, in order, whether it came live, from history or as the reply to one's own. */
export class Rooms {
  /** @type {Map<string, Cursor>} */
  #cursors = new Map();
  #own = new Recent(2_000);
  #emit;
  #me;

  /**
   * @param {object} setup
   * @param {(type: string, event: any) => void} setup.emit
   * @param {() => string | undefined} setup.me the id of this connection's user
   */
  constructor({ emit, me }) {
    this.#emit = emit;
    this.#me = me;
  }

  /** @param {string} roomId */
  since(roomId) {
    return this.#cursors.get(roomId)?.since;
  }

  /** @param {string} roomId */
  forget(roomId) {
    this.#cursors.delete(roomId);
  }

  /** @param {any} event a `joined_room` */
  joined(event) {
    this.#broken(event.roomId, this.#cursor(event.roomId).joined(event));
    this.#emit('joined_room', event);
  }

  /** @param {any} event a `message_history` */
  history(event) {
    const { fresh, broken } = this.#cursor(event.roomId).history(event);
    this.#broken(event.roomId, broken);
    this.#emit('message_history', { ...event, messages: fresh });
    for (const message of fresh) this.#deliver({ ...message, roomId: event.roomId, epoch: event.epoch }, true);
  }

  /** @param {any} event a `chat` */
  chat(event) {
    const { fresh, broken } = this.#cursor(event.roomId).live(event);
    this.#broken(event.roomId, broken);
    if (!fresh) return;
    this.#emit('chat', event);
    this.#deliver(event, false);
  }

  /**
   * One's own message has been taken; its reply stands where the message stands in the room's order.
   * @param {any} command the `chat` as sent
   * @param {import('./types.js').Published} reply
   * @param {import('./types.js').User | null} user
   */
  published(command, reply, user) {
    const { roomId, messageId, message } = command;
    this.#cursors.get(roomId)?.own(reply);
    if (!this.#own.has(`${roomId} ${messageId}`)) this.#deliver({ ...reply, roomId, messageId, message, user }, false);
  }

  /**
   * @param {any} message
   * @param {boolean} replayed
   */
  #deliver({ roomId, epoch, seq, messageId, user, message, timestamp }, replayed) {
    const own = user?.id === this.#me();
    if (own) this.#own.add(`${roomId} ${messageId}`);
    this.#emit('message', { roomId, epoch, seq, messageId, user, message, timestamp, own, replayed });
  }

  /**
   * @param {string} roomId
   * @param {import('./cursor.js').Break} broken
   */
  #broken(roomId, broken) {
    if (broken) this.#emit(broken === 'reset' ? 'room_reset' : 'room_gap', { roomId });
  }

  /** @param {string} roomId */
  #cursor(roomId) {
    const cursor = this.#cursors.get(roomId) ?? new Cursor();
    this.#cursors.set(roomId, cursor);
    return cursor;
  }
}
