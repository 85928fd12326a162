/**
 * Time as the client sees it; tests hand in their own.
 * @typedef {object} Clock
 * @property {() => number} now milliseconds that only ever go forward, whatever becomes of the machine's clock; Unix time when the page began
 * @property {(callback: () => void, milliseconds: number) => unknown} setTimeout
 * @property {(handle: any) => void} clearTimeout
 */

const BEGAN = performance.timeOrigin;

/** @type {Clock} */
export const systemClock = {
  now: () => Math.floor(BEGAN + performance.now()),
  setTimeout: (callback, milliseconds) => {
    const timer = { handle: setTimeout(() => unchained(() => { if (!timer.cleared) callback(); }), milliseconds), cleared: false };
    return timer;
  },
  clearTimeout: (timer) => {
    if (!timer) return;
    timer.cleared = true;
    clearTimeout(timer.handle);
  },
};

/** @type {(() => void)[]} */
const due = [];
/** @type {MessageChannel | undefined} */
let channel;

/**
 * Runs what a timer was set for in a task of its own. A browser lets the timers of a hidden page run once a minute where each was set by
 * the one before, and once a second where a message set them.
 * @param {() => void} callback
 */
function unchained(callback) {
  if (typeof document === 'undefined') return callback();
  if (!channel) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => due.shift()?.();
  }
  due.push(callback);
  channel.port2.postMessage(null);
}
