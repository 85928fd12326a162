/**
 * A refusal or a failure with a code: one of the protocol's error codes, or one of the client's own:
 * `CONNECTION_LOST` (the outcome is open), `QUEUE_FULL` (nothing was sent), `CLOSED` (the client was
 * disconnected or will not come back by itself) and `ABORTED` (the caller cancelled).
 */
export class VerbError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {number} [retryAfter] milliseconds the hub asks to wait before the next try
   */
  constructor(code, message, retryAfter) {
    super(message);
    this.name = 'VerbError';
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** True where nothing is decided yet, or where the hub asks to try again: the same command may be sent once more. */
  get retryable() {
    return RETRYABLE.has(this.code);
  }

  /**
   * The error in a reply or an `error` event.
   * @param {{code?: string, message?: string, retryAfter?: number} | undefined} error
   */
  static from(error) {
    return new VerbError(error?.code ?? 'INTERNAL', error?.message ?? 'The hub gave no reason.', error?.retryAfter);
  }
}

const RETRYABLE = new Set(['TIMEOUT', 'INTERNAL', 'RATE_LIMITED', 'OVERLOADED']);
