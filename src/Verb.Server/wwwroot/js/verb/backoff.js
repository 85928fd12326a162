const FIRST = 1_000;
const LIMIT = 30_000;
const JITTER = 0.2;

/**
 * How long to wait before a try: 1, 2, 4, 8, 16 s and so on up to 30 s, each up to a fifth shorter or longer.
 * @param {number} attempt 1 for the first try
 * @param {() => number} random a number from 0 to below 1
 * @returns {number} milliseconds
 */
export function backoff(attempt, random) {
  const delay = Math.min(FIRST * 2 ** (attempt - 1), LIMIT);
  return Math.round(Math.min(delay * (1 - JITTER + 2 * JITTER * random()), LIMIT));
}

/**
 * The wait the hub asked for, never shorter and up to a fifth longer, so that its clients do not return all at once.
 * @param {number} milliseconds
 * @param {() => number} random
 */
export function noSoonerThan(milliseconds, random) {
  return Math.round(milliseconds * (1 + JITTER * random()));
}
