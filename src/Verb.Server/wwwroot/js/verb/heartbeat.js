const PING_EVERY = 25_000;
const ANSWER_WITHIN = 10_000;
const SOONEST = 1_000;
/** Than the hub, whose pings a page does not see. */
const OFTENER = 5 / 6;
/** Looks at the time this often between two pings. */
const LOOKS = 5;
const LATE = 2_000;

/**
 * Notices a connection that has died without a word, and measures how long a ping takes. Silence alone says nothing: a page that was frozen,
 * or whose timers run late, has asked nobody. The connection is dead once a ping of a page that is awake has gone unanswered.
 */
export class Heartbeat {
  #clock;
  #ping;
  #dead;
  #pingEvery = PING_EVERY;
  #answerWithin = ANSWER_WITHIN;
  #lastHeard = 0;
  #lastPing = 0;
  /** @type {number | null} since when a ping is unanswered */
  #asked = null;
  #due = 0;
  #overslept = false;
  #beats = false;
  /** @type {unknown} */
  #timer;

  /**
   * @param {object} setup
   * @param {import('./clock.js').Clock} setup.clock
   * @param {(timestamp: number) => void} setup.ping
   * @param {() => void} setup.dead
   */
  constructor({ clock, ping, dead }) {
    this.#clock = clock;
    this.#ping = ping;
    this.#dead = dead;
  }

  /** @param {{interval?: number, timeout?: number}} [hub] its own heartbeat in milliseconds, as it greeted */
  start({ interval, timeout } = {}) {
    this.stop();
    this.#pingEvery = interval ? Math.max(SOONEST, Math.min(interval * OFTENER, PING_EVERY)) : PING_EVERY;
    this.#answerWithin = timeout ? Math.max(SOONEST, timeout) : ANSWER_WITHIN;
    this.#beats = true;
    this.heard();
    this.#beat();
    this.#arm();
  }

  stop() {
    this.#beats = false;
    this.#clock.clearTimeout(this.#timer);
  }

  /** Anything heard is a sign of life. */
  heard() {
    this.#lastHeard = this.#clock.now();
    this.#asked = null;
    this.#overslept = false;
  }

  /** The page may have slept: asks at once. */
  woke() {
    if (!this.#beats) return;
    if (this.#isLate) {
      this.#asked = null;
      this.#clock.clearTimeout(this.#timer);
      this.#arm();
    }
    if (this.#asked === null) this.#beat();
  }

  /**
   * @param {number} timestamp as sent with the ping
   * @returns {number} milliseconds there and back
   */
  latency(timestamp) {
    return Math.max(0, this.#clock.now() - timestamp);
  }

  get #isLate() {
    return this.#clock.now() - this.#due > Math.max(LATE, this.#pingEvery / LOOKS);
  }

  get #isDead() {
    const now = this.#clock.now();
    return this.#asked !== null && now - this.#asked >= this.#answerWithin && now - this.#lastHeard >= this.#pingEvery + this.#answerWithin;
  }

  #arm() {
    const next = this.#pingEvery / LOOKS;
    this.#due = this.#clock.now() + next;
    this.#timer = this.#clock.setTimeout(() => this.#look(), next);
  }

  #look() {
    const overslept = this.#isLate;
    // Late once: asks again, because an answer may be waiting to be heard. Late twice without a word: this page's timers are always late.
    if (overslept && !this.#overslept) this.#asked = null;
    else if (this.#isDead) return this.#dead();
    this.#overslept = overslept;
    if (overslept || this.#clock.now() - this.#lastPing >= this.#pingEvery) this.#beat();
    this.#arm();
  }

  #beat() {
    this.#lastPing = this.#clock.now();
    this.#asked ??= this.#lastPing;
    this.#ping(this.#lastPing);
  }
}
