const LATE = 2_000;
const TURN = 2_000;

/**
 * A clock for deadlines. One that passed while the page was frozen or throttled ends a moment later, because what came in time has to be
 * heard first.
 * @param {import('./clock.js').Clock} clock
 * @returns {import('./clock.js').Clock}
 */
export function patient(clock) {
  return {
    now: () => clock.now(),
    setTimeout: (callback, milliseconds) => {
      const due = clock.now() + milliseconds;
      const deadline = {
        timer: clock.setTimeout(() => {
          if (clock.now() - due <= LATE) callback();
          else deadline.timer = clock.setTimeout(callback, TURN);
        }, milliseconds),
      };
      return deadline;
    },
    clearTimeout: (deadline) => clock.clearTimeout(deadline?.timer),
  };
}
