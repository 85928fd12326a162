import { byId, element } from './element.js';
import { change as asChange, exactTime, price as asPrice } from './format.js';

const SVG = 'http://www.w3.org/2000/svg';
const POINTS = 40;
const RATE_OVER = 10_000;
const stillness = matchMedia('(prefers-reduced-motion: reduce)');

/** @typedef {{item: HTMLElement, toggle: HTMLElement, price: HTMLElement, change: HTMLElement, note: HTMLElement, line: Element, followed: boolean, since: number, seq: number, skipped: number, prices: number[], ticks: number[]}} Row */

/** Live prices, of the symbols the hub offers: what ticks, how often, and how many updates were skipped because newer ones replaced them. */
export class StockBoard {
  #client;
  /** @type {Map<string, Row>} */
  #rows = new Map();

  /** @param {import('../verb/verb.js').VerbClient} client */
  constructor(client) {
    this.#client = client;
    client.on('stock_update', (update) => this.#updated(update));
    client.on('topic_lost', ({ topic, error }) => this.#refused(topic, error));
    client.on('state', ({ state }) => { if (state !== 'open') this.#interrupted(); });
    setInterval(() => this.#showRates(), 1_000);
  }

  /** @param {string} symbol */
  add(symbol) {
    if (this.#rows.has(symbol)) return;
    const row = makeRow(symbol, () => this.#follow(symbol, !row.followed));
    this.#rows.set(symbol, row);
    byId('stocks').append(row.item);
    byId('stocks-card').hidden = false;
    this.#follow(symbol, true);
  }

  /**
   * @param {string} symbol
   * @param {boolean} followed
   */
  async #follow(symbol, followed) {
    const row = /** @type {Row} */ (this.#rows.get(symbol));
    Object.assign(row, { followed, since: performance.now(), ticks: [], seq: 0, skipped: 0 });
    row.toggle.setAttribute('aria-pressed', String(followed));
    row.item.classList.toggle('off', !followed);
    row.note.textContent = followed ? 'waiting' : 'not followed';
    try {
      await (followed ? this.#client.subscribeSymbol(symbol) : this.#client.unsubscribeSymbol(symbol));
    } catch (error) {
      if (row.followed && followed) row.note.textContent = /** @type {Error} */ (error).message;
    }
  }

  /** @param {{symbol: string, price: number, change: number, seq: number, timestamp: number}} update */
  #updated({ symbol, price, change, seq, timestamp }) {
    const row = this.#rows.get(symbol);
    if (!row?.followed) return;
    if (row.seq > 0 && seq > row.seq + 1) row.skipped += seq - row.seq - 1;
    row.seq = seq;
    row.ticks.push(performance.now());
    const last = row.prices.at(-1) ?? price;
    row.prices.push(price);
    if (row.prices.length > POINTS) row.prices.shift();
    row.price.textContent = asPrice(price);
    row.change.textContent = typeof change === 'number' ? asChange(change) : '';
    row.change.dataset.direction = change < 0 ? 'down' : 'up';
    row.item.title = `${symbol} at ${exactTime(timestamp)}, update ${seq}`;
    row.line.setAttribute('points', points(row.prices));
    flash(row.price, price < last ? 'down' : 'up');
    this.#showRate(row);
  }

  /** What was missed while the connection was lost is not conflation. */
  #interrupted() {
    for (const row of this.#rows.values()) {
      Object.assign(row, { seq: 0, ticks: [], since: performance.now() });
      if (row.followed) row.note.textContent = 'waiting';
    }
  }

  /**
   * @param {string} topic
   * @param {Error} error
   */
  #refused(topic, error) {
    const row = this.#rows.get(topic.replace(/^stocks\//, ''));
    if (row && topic.startsWith('stocks/')) row.note.textContent = error.message;
  }

  #showRates() {
    let rate = 0;
    for (const row of this.#rows.values()) if (row.followed && row.seq > 0) rate += this.#showRate(row);
    byId('stocks-rate').textContent = rate > 0 ? `${rate.toFixed(1)} updates/s` : '';
  }

  /** @param {Row} row */
  #showRate(row) {
    const now = performance.now();
    while (row.ticks.length > 0 && row.ticks[0] < now - RATE_OVER) row.ticks.shift();
    const rate = row.ticks.length / (Math.min(RATE_OVER, Math.max(1_000, now - row.since)) / 1_000);
    row.note.textContent = `${rate.toFixed(1)}/s${row.skipped > 0 ? `, ${row.skipped} skipped` : ''}`;
    row.note.title = row.skipped > 0 ? 'Newer prices replaced these before they could be sent: the hub conflates.' : '';
    return rate;
  }
}

/**
 * @param {string} symbol
 * @param {() => void} toggled
 * @returns {Row}
 */
function makeRow(symbol, toggled) {
  const toggle = element('button', { type: 'button', class: 'symbol', testid: 'stock-toggle', 'aria-pressed': 'true', title: `Follow ${symbol} or not`, text: symbol, on: { click: toggled } });
  const price = element('span', { class: 'price', testid: 'stock-price', text: '–' });
  const change = element('span', { class: 'change', testid: 'stock-change' });
  const note = element('span', { class: 'quiet rate', testid: 'stock-note' });
  const chart = document.createElementNS(SVG, 'svg');
  const line = document.createElementNS(SVG, 'polyline');
  chart.setAttribute('viewBox', '0 0 80 24');
  chart.setAttribute('preserveAspectRatio', 'none');
  chart.setAttribute('aria-hidden', 'true');
  chart.classList.add('spark');
  chart.append(line);
  const item = element('li', { class: 'stock', testid: 'stock', 'data-symbol': symbol }, toggle, chart, price, change, note);
  return { item, toggle, price, change, note, line, followed: true, since: 0, seq: 0, skipped: 0, prices: [], ticks: [] };
}

/** @param {number[]} prices */
function points(prices) {
  const low = Math.min(...prices);
  const span = Math.max(...prices) - low || 1;
  return prices.map((price, index) => `${(80 - ((prices.length - 1 - index) * 80) / (POINTS - 1)).toFixed(1)},${(22 - ((price - low) / span) * 20).toFixed(1)}`).join(' ');
}

/**
 * @param {HTMLElement} target
 * @param {'up' | 'down'} direction
 */
function flash(target, direction) {
  target.dataset.flash = direction;
  if (stillness.matches) return;
  target.animate([{ backgroundColor: `color-mix(in srgb, var(--${direction}) 35%, transparent)` }, {}], { duration: 900, easing: 'ease-out' });
}
