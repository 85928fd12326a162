import { guarded } from './guard.js';

/** @typedef {(event: any) => unknown} Handler */

/** Many handlers per event type. A handler that throws, or whose promise rejects, is reported and disturbs no other. */
export class Handlers {
  /** @type {Map<string, Set<Handler>>} */
  #byType = new Map();
  #report;

  /** @param {(error: unknown) => void} [report] */
  constructor(report = (error) => console.error(error)) {
    this.#report = report;
  }

  /**
   * @param {string} type an event type, or `*` for all of them
   * @param {Handler} handler
   * @returns {() => void} takes the handler off again
   */
  on(type, handler) {
    if (typeof handler !== 'function') throw new TypeError('A handler must be a function.');
    const handlers = this.#byType.get(type) ?? new Set();
    this.#byType.set(type, handlers.add(handler));
    return () => this.off(type, handler);
  }

  /**
   * @param {string} type
   * @param {Handler} handler
   */
  off(type, handler) {
    const handlers = this.#byType.get(type);
    if (handlers?.delete(handler) && handlers.size === 0) this.#byType.delete(type);
  }

  /**
   * @param {string} type
   * @param {any} event
   */
  emit(type, event) {
    for (const handlers of [this.#byType.get(type), this.#byType.get('*')]) {
      for (const handler of [...(handlers ?? [])]) guarded(handler, this.#report)(event);
    }
  }
}
