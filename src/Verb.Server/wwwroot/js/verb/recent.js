/** The last so many keys, to drop what comes a second time. */
export class Recent {
  /** @type {Set<string>} */
  #keys = new Set();
  #bound;

  /** @param {number} bound */
  constructor(bound) {
    this.#bound = bound;
  }

  /** @param {string} key */
  has(key) {
    return this.#keys.has(key);
  }

  /**
   * @param {string} key
   * @returns {boolean} false where the key was known
   */
  add(key) {
    if (this.#keys.has(key)) return false;
    this.#keys.add(key);
    if (this.#keys.size > this.#bound) this.#keys.delete(/** @type {string} */ (this.#keys.values().next().value));
    return true;
  }
}
