import { backoff } from './backoff.js';

/**
 * @typedef {object} Wish
 * @property {string} key
 * @property {() => Record<string, unknown>} command made anew for each connection
 * @property {number} tries
 * @property {unknown} timer
 * @property {{resolve: (value: any) => void, reject: (error: any) => void}[]} waiting
 */

/** What is wanted for longer than one connection lives, a room joined or a topic subscribed: asked for on every connection. */
export class Wishes {
  /** @type {Map<string, Wish>} */
  #wishes = new Map();
  #open = false;
  #clock;
  #random;
  #submit;
  #refused;

  /**
   * @param {object} setup
   * @param {import('./clock.js').Clock} setup.clock
   * @param {() => number} setup.random
   * @param {(command: Record<string, unknown>) => Promise<any>} setup.submit
   * @param {(key: string, error: import('./errors.js').VerbError) => void} setup.refused the hub said no for good, and nobody waits to hear it
   */
  constructor({ clock, random, submit, refused }) {
    this.#clock = clock;
    this.#random = random;
    this.#submit = submit;
    this.#refused = refused;
  }

  keys() {
    return [...this.#wishes.keys()];
  }

  /** @param {string} key */
  has(key) {
    return this.#wishes.has(key);
  }

  /**
   * @param {string} key
   * @param {() => Record<string, unknown>} command
   * @returns {Promise<any>} the data of the first successful reply
   */
  want(key, command) {
    const wish = this.#wishes.get(key) ?? { key, command, tries: 0, timer: undefined, waiting: [] };
    wish.command = command;
    this.#wishes.set(key, wish);
    const answer = new Promise((resolve, reject) => wish.waiting.push({ resolve, reject }));
    if (this.#open) this.#ask(wish);
    return answer;
  }

  /**
   * No longer wanted. Whoever still waited for it is told.
   * @param {string} key
   * @param {import('./errors.js').VerbError} error
   */
  drop(key, error) {
    const wish = this.#wishes.get(key);
    if (!wish) return false;
    this.#clock.clearTimeout(wish.timer);
    this.#wishes.delete(key);
    for (const { reject } of wish.waiting.splice(0)) reject(error);
    return true;
  }

  opened() {
    this.#open = true;
    for (const wish of [...this.#wishes.values()]) this.#ask(wish);
  }

  lost() {
    this.#open = false;
    for (const wish of this.#wishes.values()) this.#clock.clearTimeout(wish.timer);
  }

  /**
   * Nobody waits any longer; the wishes stay for a later connection.
   * @param {import('./errors.js').VerbError} error
   */
  fail(error) {
    for (const wish of this.#wishes.values()) for (const { reject } of wish.waiting.splice(0)) reject(error);
  }

  /** @param {Wish} wish */
  async #ask(wish) {
    this.#clock.clearTimeout(wish.timer);
    wish.tries++;
    try {
      const data = await this.#submit(wish.command());
      wish.tries = 0;
      for (const { resolve } of wish.waiting.splice(0)) resolve(data);
    } catch (error) {
      this.#answeredNo(wish, /** @type {import('./errors.js').VerbError} */ (error));
    }
  }

  /**
   * @param {Wish} wish
   * @param {import('./errors.js').VerbError} error
   */
  #answeredNo(wish, error) {
    if (this.#wishes.get(wish.key) !== wish || error.code === 'CONNECTION_LOST' || error.code === 'CLOSED') return;
    if (error.retryable && this.#open) {
      const delay = Math.max(error.retryAfter ?? 0, backoff(wish.tries, this.#random));
      wish.timer = this.#clock.setTimeout(() => this.#ask(wish), delay);
      return;
    }
    if (error.retryable) return;
    if (wish.waiting.length === 0) this.#refused(wish.key, error);
    this.drop(wish.key, error);
  }
}
