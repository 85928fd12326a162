/**
 * Makes something of the application's safe to call: what it throws, or its promise rejects with, is reported and goes no further.
 * @template {any[]} A
 * @param {(...args: A) => unknown} callback
 * @param {(error: unknown) => void} report
 * @returns {(...args: A) => void}
 */
export function guarded(callback, report) {
  return (...args) => {
    try {
      const result = /** @type {any} */ (callback(...args));
      if (typeof result?.then === 'function') result.then(undefined, report);
    } catch (error) {
      report(error);
    }
  };
}
