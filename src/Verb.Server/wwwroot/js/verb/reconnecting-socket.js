import { backoff, noSoonerThan } from './backoff.js';
import { describeClose } from './close-codes.js';
import { patient } from './patience.js';

/** A connection lost so soon after the page woke was lost while it slept; Chromium takes the sockets of a page that it freezes. */
const JUST_WOKEN = 2_000;

/** `WebSocket.OPEN` */
const OPEN = 1;

/**
 * @typedef {import('./types.js').SocketLike} SocketLike
 * @typedef {object} Listener
 * @property {(address: string) => Promise<{url: string, protocols: string[]}>} handshake
 * @property {(data: string | ArrayBuffer) => void} received
 * @property {(code: number) => boolean} comesBack whether to try again after this close code
 * @property {() => void} lost an open or opening socket is gone
 * @property {(change: import('./types.js').StateChange) => void} changed
 */

/** One socket at a time, replaced by the protocol's rules when it is lost. */
export class ReconnectingSocket {
  #clock;
  #deadlines;
  #random;
  #createSocket;
  #addresses;
  #attempts;
  #connectTimeout;
  #listener;
  /** @type {SocketLike | null} */
  #socket = null;
  #running = false;
  #turn = 0;
  #try = 0;
  #generation = 0;
  #written = 0;
  /** @type {number | null} */
  #askedDelay = null;
  /** The wait for the next try: until when, and whether the hub asked for it. @type {{due: number, asked: boolean} | null} */
  #wait = null;
  #wokeAt = -Infinity;
  /** @type {unknown} */
  #timer;
  /** @type {unknown} */
  #deadline;

  /**
   * @param {object} setup
   * @param {import('./clock.js').Clock} setup.clock
   * @param {() => number} setup.random
   * @param {(url: string, protocols: string[]) => SocketLike} setup.createSocket
   * @param {string[]} setup.addresses
   * @param {number} setup.attempts 0: never gives up
   * @param {number} setup.connectTimeout
   * @param {Listener} setup.listener
   */
  constructor({ clock, random, createSocket, addresses, attempts, connectTimeout, listener }) {
    this.#clock = clock;
    this.#deadlines = patient(clock);
    this.#random = random;
    this.#createSocket = createSocket;
    this.#addresses = addresses;
    this.#attempts = attempts;
    this.#connectTimeout = connectTimeout;
    this.#listener = listener;
  }

  get address() {
    return this.#addresses[this.#turn % this.#addresses.length];
  }

  /** Bytes that were given to sockets. */
  get written() {
    return this.#written;
  }

  /** Bytes that have left for the hub; the others still wait in the browser. */
  get left() {
    return this.#written - (this.#socket?.bufferedAmount ?? 0);
  }

  start() {
    if (this.#running) return;
    this.#running = true;
    this.#try = 0;
    this.#open();
  }

  /** The hub has greeted: somebody is there. */
  greeted() {
    this.#askedDelay = null;
    this.#deadlines.clearTimeout(this.#deadline);
  }

  /** The hub has let this client in: the tries begin anew when the connection is lost. */
  settled() {
    this.#try = 0;
  }

  /**
   * The hub asked to be left alone this long before the next try.
   * @param {number | undefined} milliseconds
   */
  comeBackAfter(milliseconds) {
    if (Number.isFinite(milliseconds)) this.#askedDelay = Math.max(0, /** @type {number} */ (milliseconds));
  }

  /** While waiting: try at once. */
  retryNow() {
    if (this.#wait) this.#open();
  }

  /** The page may have slept: does not wait for a timer that runs late. What the hub asked for is waited for all the same. */
  woke() {
    this.#wokeAt = this.#clock.now();
    if (this.#wait && (!this.#wait.asked || this.#clock.now() >= this.#wait.due)) this.#open();
  }

  /** The peer has fallen silent: give this socket up without waiting for a close that may never come. */
  giveUpOn() {
    const socket = this.#socket;
    this.#ended({ code: 1006, reason: '' });
    socket?.close();
  }

  /** @param {{code: number, reason?: string}} close */
  stop({ code, reason = '' }) {
    if (!this.#running) return;
    this.#running = false;
    const socket = this.#release();
    socket?.close(code, reason);
    this.#listener.lost();
    this.#listener.changed({ state: 'closed', code, reason });
  }

  /**
   * @param {string | Uint8Array} data
   * @returns {boolean} false where no open socket takes it
   */
  send(data) {
    const socket = this.#socket;
    if (socket?.readyState !== OPEN) return false;
    const before = socket.bufferedAmount;
    socket.send(data);
    this.#written += socket.bufferedAmount - before;
    return true;
  }

  async #open() {
    this.#release();
    const generation = this.#generation;
    const address = this.address;
    this.#listener.changed({ state: 'connecting', address, attempt: this.#try });
    this.#deadline = this.#deadlines.setTimeout(() => this.giveUpOn(), this.#connectTimeout);
    let socket;
    try {
      const { url, protocols } = await this.#listener.handshake(address);
      if (generation !== this.#generation) return;
      socket = this.#createSocket(url, protocols);
    } catch (error) {
      if (generation === this.#generation) this.#ended({ code: 1006, reason: String(error) });
      return;
    }
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => { if (socket === this.#socket) this.#listener.received(data); };
    socket.onclose = (close) => { if (socket === this.#socket) this.#ended(close); };
    socket.onerror = () => {};
  }

  /** @param {{code: number, reason: string}} close */
  #ended({ code, reason: said }) {
    if (!this.#running) return;
    this.#release();
    this.#listener.lost();
    const reason = said || describeClose(code);
    const comesBack = this.#listener.comesBack(code);
    const gaveUp = comesBack && this.#attempts > 0 && this.#try >= this.#attempts;
    if (gaveUp || !comesBack) {
      this.#running = false;
      this.#listener.changed({ state: 'closed', code, reason, gaveUp });
      return;
    }
    this.#try++;
    this.#turn++;
    if (this.#try === 1 && this.#askedDelay === null && this.#clock.now() - this.#wokeAt <= JUST_WOKEN) return void this.#open();
    const asked = this.#askedDelay !== null;
    const delay = this.#askedDelay === null ? backoff(this.#try, this.#random) : noSoonerThan(this.#askedDelay, this.#random);
    this.#askedDelay = null;
    this.#wait = { due: this.#clock.now() + delay, asked };
    this.#timer = this.#clock.setTimeout(() => this.#open(), delay);
    this.#listener.changed({ state: 'waiting', attempt: this.#try, delay, code, reason });
  }

  #release() {
    const socket = this.#socket;
    this.#clock.clearTimeout(this.#timer);
    this.#deadlines.clearTimeout(this.#deadline);
    this.#socket = null;
    this.#wait = null;
    this.#generation++;
    return socket;
  }
}
