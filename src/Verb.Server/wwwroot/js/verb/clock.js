/**
 * Time as the client sees it; tests hand in their own.
 * @typedef {object} Clock
 * @property {() => number} now Unix milliseconds
 * @property {(callback: () => void, milliseconds: number) => unknown} setTimeout
 * @property {(handle: any) => void} clearTimeout
 */

/** @type {Clock} */
export const systemClock = {
  now: () => Date.now(),
  setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimeout: (handle) => clearTimeout(handle),
};
