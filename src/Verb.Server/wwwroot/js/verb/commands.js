import { backoff } from './backoff.js';
import { VerbError } from './errors.js';

/**
 * @typedef {object} Pending
 * @property {string} id
 * @property {Record<string, unknown>} command
 * @property {boolean} resend keeps its `messageId`, so sending it again is harmless
 * @property {boolean} sent
 * @property {number} tries
 * @property {number | null} firstSent
 * @property {unknown} timer
 * @property {(value: any) => void} resolve
 * @property {(error: VerbError) => void} reject
 */

/** How often a command is looked after that still waits in the browser. */
const LOOK_AGAIN = 1000;

/** The hub remembers a `messageId` for at least this long; after it, sending again could post twice. */
const DEDUPE_WINDOW = 10 * 60_000;

/**
 * Commands that wait for their reply. While offline they queue, bounded and in order. When the connection is lost,
 * those that may be sent again go back to the queue; the others fail, their outcome open.
 */
export class Commands {
  /** @type {Map<string, Pending>} */
  #pending = new Map();
  #open = false;
  #nextId = 1;
  #clock;
  #random;
  #timeout;
  #bound;
  #write;
  #written;
  #left;

  /**
   * @param {object} setup
   * @param {import('./clock.js').Clock} setup.clock
   * @param {() => number} setup.random
   * @param {number} setup.timeout milliseconds for a reply
   * @param {number} setup.bound commands that may wait while offline
   * @param {(command: Record<string, unknown>) => void} setup.write
   * @param {() => number} setup.written bytes that were given to the socket
   * @param {() => number} setup.left bytes that have left it
   */
  constructor({ clock, random, timeout, bound, write, written, left }) {
    this.#clock = clock;
    this.#random = random;
    this.#timeout = timeout;
    this.#bound = bound;
    this.#write = write;
    this.#written = written;
    this.#left = left;
  }

  /** Commands that have not been sent yet. */
  get queued() {
    let count = 0;
    for (const pending of this.#pending.values()) if (!pending.sent) count++;
    return count;
  }

  /**
   * Sends a command, now or once the connection is open.
   * @param {Record<string, unknown>} command
   * @param {{resend?: boolean}} [how]
   * @returns {Promise<any>} the reply's `data`
   */
  submit(command, { resend = false } = {}) {
    if (!this.#open && this.queued >= this.#bound) {
      return Promise.reject(new VerbError('QUEUE_FULL', `${this.#bound} commands are already waiting for the connection.`));
    }
    return new Promise((resolve, reject) => {
      const id = String(this.#nextId++);
      /** @type {Pending} */
      const pending = { id, command, resend, sent: false, tries: 0, firstSent: null, timer: undefined, resolve, reject };
      this.#pending.set(id, pending);
      if (this.#open) this.#send(pending);
    });
  }

  /** The connection takes commands; those submitted from now on go out at once, ahead of the queue. */
  opened() {
    this.#open = true;
  }

  /** Sends what has queued up, in order. */
  flush() {
    for (const pending of [...this.#pending.values()]) if (!pending.sent && this.#open) this.#send(pending);
  }

  /** The connection is gone. */
  lost() {
    this.#open = false;
    for (const pending of [...this.#pending.values()]) {
      this.#clock.clearTimeout(pending.timer);
      if (!pending.sent) continue;
      if (pending.resend) pending.sent = false;
      else this.#fail(pending, new VerbError('CONNECTION_LOST', 'The connection was lost before the reply came.'));
    }
  }

  /**
   * @param {{id: string, success: boolean, data?: any, error?: any}} reply
   * @returns {Record<string, unknown> | undefined} the command a successful reply answers
   */
  match(reply) {
    return reply.success ? this.#pending.get(reply.id)?.command : undefined;
  }

  /** @param {{id: string, success: boolean, data?: any, error?: any}} reply */
  answered(reply) {
    const pending = this.#pending.get(reply.id);
    if (!pending) return;
    if (!reply.success) return this.#refused(pending, VerbError.from(reply.error));
    this.#forget(pending);
    pending.resolve(reply.data);
  }

  /**
   * Ends what waits.
   * @param {VerbError} error
   * @param {{keepResends: boolean}} how whether messages stay for a later connection
   */
  fail(error, { keepResends }) {
    for (const pending of [...this.#pending.values()]) if (!(keepResends && pending.resend)) this.#fail(pending, error);
  }

  /** @param {Pending} pending */
  #send(pending) {
    const now = this.#clock.now();
    pending.firstSent ??= now;
    if (now - pending.firstSent > DEDUPE_WINDOW) {
      return this.#fail(pending, new VerbError('TIMEOUT', 'No reply came in time; whether the message was taken is unknown.'));
    }
    pending.sent = true;
    pending.tries++;
    // The id first: of a command that is too large the hub reads only the beginning.
    try {
      this.#write(Object.assign({ id: '' }, pending.command, { id: pending.id }));
    } catch (error) {
      this.#fail(pending, /** @type {any} */ (error)); // What is given has no JSON.
      return;
    }
    this.#awaitAnswer(pending, this.#written());
  }

  /**
   * The time for an answer begins when the question has left.
   * @param {Pending} pending
   * @param {number} end where the question ends
   */
  #awaitAnswer(pending, end) {
    pending.timer = this.#left() < end
      ? this.#clock.setTimeout(() => this.#awaitAnswer(pending, end), LOOK_AGAIN)
      : this.#clock.setTimeout(() => this.#refused(pending, new VerbError('TIMEOUT', 'Request timeout')), this.#timeout);
  }

  /**
   * @param {Pending} pending
   * @param {VerbError} error
   */
  #refused(pending, error) {
    if (!pending.resend || !error.retryable) return this.#fail(pending, error);
    this.#clock.clearTimeout(pending.timer);
    const delay = Math.max(error.retryAfter ?? 0, backoff(pending.tries, this.#random));
    pending.timer = this.#clock.setTimeout(() => { if (this.#open) this.#send(pending); }, delay);
  }

  /**
   * @param {Pending} pending
   * @param {VerbError} error
   */
  #fail(pending, error) {
    this.#forget(pending);
    pending.reject(error);
  }

  /** @param {Pending} pending */
  #forget(pending) {
    this.#clock.clearTimeout(pending.timer);
    this.#pending.delete(pending.id);
  }
}
