/** Time that moves only when told. */
export class FakeClock {
  #now = 1_790_000_000_000;
  #timers = new Map();
  #next = 1;

  /** What a hidden page's timers wait for beyond their time: the next full multiple of this. */
  aligned = 1;

  now = () => this.#now;

  setTimeout = (callback, milliseconds) => {
    const handle = this.#next++;
    this.#timers.set(handle, { callback, due: Math.ceil((this.#now + milliseconds) / this.aligned) * this.aligned });
    return handle;
  };

  clearTimeout = (handle) => this.#timers.delete(handle);

  get timers() {
    return this.#timers.size;
  }

  /** Moves on and runs nothing, as while a page is frozen: what fell due meanwhile is late. */
  sleep(milliseconds) {
    this.#now += milliseconds;
  }

  /** Moves on, running what falls due in its order. */
  async advance(milliseconds) {
    const end = this.#now + milliseconds;
    await settle();
    for (;;) {
      const [handle, timer] = [...this.#timers].filter(([, { due }]) => due <= end).sort(([, one], [, other]) => one.due - other.due)[0] ?? [];
      if (!timer) break;
      this.#timers.delete(handle);
      this.#now = Math.max(this.#now, timer.due);
      timer.callback();
      await settle();
    }
    this.#now = end;
  }
}

/** Lets everything that is ready run: promises, and what they start. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));
