/** How time passes at the hub, which goes on while this machine sleeps and its own clock stands still; never backwards. */
export class HubTime {
  #clock;
  /** @type {number | null} */
  #ahead = null;

  /** @param {import('./clock.js').Clock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /** @param {unknown} serverTime as the hub has just told it */
  told(serverTime) {
    if (typeof serverTime === 'number') this.#ahead = Math.max(this.#ahead ?? -Infinity, serverTime - this.#clock.now());
  }

  now() {
    return this.#clock.now() + (this.#ahead ?? 0);
  }
}
