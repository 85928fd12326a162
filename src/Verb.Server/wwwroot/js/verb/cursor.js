/**
 * @typedef {import('./types.js').RoomMessage} RoomMessage
 * @typedef {'reset' | 'gap' | null} Break `reset`: the history is another one; `gap`: some messages will never come
 */

/** How far one room has been read: what to ask for after a reconnect, and which messages are new. */
export class Cursor {
  /** @type {string | null} */
  epoch = null;
  seq = 0;
  #synced = false;
  #target = 0;

  /** Where to go on reading, once a first history has been read to its end. */
  get since() {
    return this.#synced ? { epoch: this.epoch, seq: this.seq } : undefined;
  }

  /**
   * The room has been joined; its history follows.
   * @param {{epoch: string, seq: number, recovered?: boolean}} joined
   * @returns {Break}
   */
  joined({ epoch, seq, recovered }) {
    const hadRead = this.epoch !== null;
    const other = this.#enter(epoch) || seq < this.seq;
    if (seq < this.seq) this.seq = 0;
    if (recovered !== true) this.#synced = false;
    this.#target = recovered === true ? 0 : seq;
    if (hadRead && other) return 'reset';
    return hadRead && recovered === false ? 'gap' : null;
  }

  /**
   * A page of history.
   * @param {{epoch: string, messages: RoomMessage[], recovered?: boolean, more?: boolean}} page
   * @returns {{fresh: RoomMessage[], broken: Break}}
   */
  history({ epoch, messages, recovered, more }) {
    const behind = this.#synced && recovered === false;
    const broken = this.#enter(epoch) ? 'reset' : behind ? 'gap' : null;
    const fresh = messages.filter(({ seq }) => this.#advance(seq));
    if (!more) {
      this.#advance(this.#target);
      this.#synced = true;
    }
    return { fresh, broken };
  }

  /**
   * A message that came live.
   * @param {{epoch: string, seq: number}} message
   * @returns {{fresh: boolean, broken: Break}}
   */
  live({ epoch, seq }) {
    const broken = this.#enter(epoch) ? 'reset' : null;
    return { fresh: this.#advance(seq), broken };
  }

  /**
   * The place of a message of one's own. It may be an old place: the message was posted before, and its reply was lost.
   * @param {{epoch: string, seq: number}} reply
   */
  own({ epoch, seq }) {
    if (epoch === this.epoch) this.#advance(seq);
  }

  /** @param {string} epoch */
  #enter(epoch) {
    if (epoch === this.epoch) return false;
    const other = this.epoch !== null;
    this.epoch = epoch;
    this.seq = 0;
    return other;
  }

  /** @param {number} seq */
  #advance(seq) {
    if (seq <= this.seq) return false;
    this.seq = seq;
    return true;
  }
}
