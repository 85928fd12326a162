import { Recent } from './recent.js';

const ACK_DELAY = 200;

/** Notifications and private messages: each is passed on once and acknowledged once handled, many with one `inbox_ack`. */
export class Inbox {
  #known = new Recent(1_000);
  #clock;
  #ack;
  #highest = 0;
  /** @type {unknown} */
  #timer;

  /**
   * @param {object} setup
   * @param {import('./clock.js').Clock} setup.clock
   * @param {(seq: number) => void} setup.ack
   */
  constructor({ clock, ack }) {
    this.#clock = clock;
    this.#ack = ack;
  }

  /**
   * @param {any} item
   * @returns {boolean} false where it came before
   */
  isNew({ type, from, messageId }) {
    return this.#known.add(`${type} ${from?.id ?? ''} ${messageId}`);
  }

  /** @param {number} seq of an item that has been handled, now or before */
  handled(seq) {
    this.#highest = Math.max(this.#highest, seq);
    this.#timer ??= this.#clock.setTimeout(() => {
      this.#timer = undefined;
      this.#ack(this.#highest);
    }, ACK_DELAY);
  }

  /** The connection is gone; what was not acknowledged will come again. */
  lost() {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#highest = 0;
  }
}
