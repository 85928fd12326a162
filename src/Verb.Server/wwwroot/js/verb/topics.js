const SYMBOL = 'stocks/';

/** Which topic an update belongs to, and whether it is newer than the last one. */
export class Topics {
  /** @type {Map<string, number>} */
  #seqs = new Map();

  /**
   * @param {any} update a `data` or `stock_update`
   * @returns {boolean} false for one that this connection brought already
   */
  isNew(update) {
    const topic = update.topic ?? SYMBOL + update.symbol;
    if (update.seq <= (this.#seqs.get(topic) ?? 0)) return false;
    this.#seqs.set(topic, update.seq);
    return true;
  }

  /** @param {string} topic */
  forget(topic) {
    this.#seqs.delete(topic);
  }

  /** A new connection brings each topic's last value again. */
  lost() {
    this.#seqs.clear();
  }

  /** @param {string} symbol */
  static ofSymbol(symbol) {
    return SYMBOL + symbol;
  }
}
