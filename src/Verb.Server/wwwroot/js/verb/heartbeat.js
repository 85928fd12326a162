const PING_EVERY = 25_000;
const CHECK_EVERY = 5_000;
const DEAD_AFTER = 35_000;

/** Notices a connection that has died without a word, and measures how long a ping takes. */
export class Heartbeat {
  #clock;
  #ping;
  #dead;
  #lastHeard = 0;
  #lastPing = 0;
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

  start() {
    this.stop();
    this.#lastHeard = this.#clock.now();
    this.#beat();
    this.#arm();
  }

  stop() {
    this.#clock.clearTimeout(this.#timer);
  }

  /** Anything heard is a sign of life. */
  heard() {
    this.#lastHeard = this.#clock.now();
  }

  /**
   * @param {number} timestamp as sent with the ping
   * @returns {number} milliseconds there and back
   */
  latency(timestamp) {
    return Math.max(0, this.#clock.now() - timestamp);
  }

  #arm() {
    this.#timer = this.#clock.setTimeout(() => {
      const now = this.#clock.now();
      if (now - this.#lastHeard >= DEAD_AFTER) return this.#dead();
      if (now - this.#lastPing >= PING_EVERY) this.#beat();
      this.#arm();
    }, CHECK_EVERY);
  }

  #beat() {
    this.#lastPing = this.#clock.now();
    this.#ping(this.#lastPing);
  }
}
