const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const exactClock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const money = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const signed = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'always' });
const rounded = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });

/** @param {number} timestamp */
export const time = (timestamp) => clock.format(timestamp);
/** @param {number} timestamp */
export const exactTime = (timestamp) => exactClock.format(timestamp);
/** @param {number} timestamp */
export const wholeTime = (timestamp) => whole.format(timestamp);
/** @param {number} value */
export const price = (value) => money.format(value);
/** @param {number} value */
export const plain = (value) => rounded.format(value);
/** @param {number} value */
export const change = (value) => signed.format(value);

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** One of eight colours, the same for the same id. @param {string} id */
export function tint(id) {
  let hash = 7;
  for (const character of id) hash = (hash * 31 + /** @type {number} */ (character.codePointAt(0))) >>> 0;
  return `tint-${hash % 8}`;
}

/** @param {string} name */
export const initial = (name) => [...name.replace(/^guest-/, '').trim()][0]?.toUpperCase() ?? '?';
