/** It begins with this many bytes, and is never smaller. */
const LEAST = 16 * 1024;
/**
 * So little that no line stands still for it until the connection counts as dead: a file that compresses well at its beginning makes a slow line
 * look fast.
 */
const LARGEST = 256 * 1024;
/** What may wait on the line, in milliseconds, beside the time a message takes there and back: whatever is said meanwhile waits as long. */
const QUEUED = 750;
/** A line that seems slower than this, in milliseconds there and back, is one that others have filled. */
const LONGEST_WAY = 1000;
/** Where answers come within so many milliseconds, one question a window will do. */
const PROMPT = 100;
/** What was learnt of a line holds for so many milliseconds. */
const FRESH = 10_000;

/**
 * @typedef {object} Question
 * @property {number} upTo the bytes that stand before it
 * @property {number} underWay those of them that were not confirmed when it was asked
 * @property {number} at when it was asked
 */

/**
 * How many bytes of uploads may be on their way: what the line carries within a short while, learnt from how long the hub takes to confirm. Where
 * nothing is on its way one chunk may always go.
 */
export class SendWindow {
  sent = 0;
  confirmed = 0;
  /** Called when the hub has confirmed something. */
  moved = () => {};
  #now;
  #size = LEAST;
  #asked = 0;
  #way = LONGEST_WAY;
  #took = LONGEST_WAY;
  #freshUntil;

  /** @param {() => number} now milliseconds */
  constructor(now) {
    this.#now = now;
    this.#freshUntil = now() + FRESH;
  }

  get isFresh() {
    return this.#now() < this.#freshUntil;
  }

  get #underWay() {
    return this.sent - this.confirmed;
  }

  /** Bytes behind the last question. */
  get unasked() {
    return this.sent - this.#asked;
  }

  /** Two questions a window, so that confirmations come before it is used up; not so many that they count for the hub. */
  get isTimeToAsk() {
    return this.#took > PROMPT && this.unasked >= this.#size / 2;
  }

  /** @param {number} bytes */
  takes(bytes) {
    return this.#underWay === 0 || this.#underWay + bytes <= this.#size;
  }

  /** @param {number} bytes */
  left(bytes) {
    this.sent += bytes;
  }

  /** @returns {Question} to be asked behind what has been sent so far */
  ask() {
    this.#asked = this.sent;
    return { upTo: this.sent, underWay: this.#underWay, at: this.#now() };
  }

  /**
   * The hub has read everything before this question.
   * @param {Question} question
   */
  answered({ upTo, underWay, at }) {
    const now = this.#now();
    this.confirmed = Math.max(this.confirmed, upTo);
    this.#freshUntil = now + FRESH;
    this.#learn(underWay, Math.max(1, now - at));
    this.moved();
  }

  /** No answer came: what has no answer is asked about again. */
  unanswered() {
    this.#asked = this.confirmed;
    this.moved();
  }

  /**
   * @param {number} underWay
   * @param {number} took
   */
  #learn(underWay, took) {
    this.#took = took;
    this.#way = Math.min(this.#way, took);
    const allowed = this.#way + QUEUED;
    const carried = (underWay * allowed) / took;
    if (took > allowed) this.#size = Math.max(LEAST, Math.min(this.#size, carried));
    else this.#size = Math.min(LARGEST, Math.max(this.#size, Math.min(carried, 2 * underWay)));
  }
}
