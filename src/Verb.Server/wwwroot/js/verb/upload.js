import { VerbError } from './errors.js';

const CHUNK = 64 * 1024;
/** So little that on a slow line a message between two chunks does not wait for long. */
const ASKED_CHUNK = 16 * 1024;
/** How often the end is asked for again. */
const MOST_TRIES = 10;
/** After a question was refused it goes on so much later, in milliseconds: many refusals would end the connection. */
const REFUSED = 250;
/** With these a question was not asked, or its answer will not come. */
const LOST = new Set(['CONNECTION_LOST', 'CLOSED', 'QUEUE_FULL']);

/**
 * @typedef {object} Progress
 * @property {number} sent bytes that have arrived at the hub
 * @property {number} size
 *
 * @typedef {object} UploadHow
 * @property {string} [roomId] the room that is told
 * @property {(progress: Progress) => void} [onProgress]
 * @property {AbortSignal} [signal]
 *
 * @typedef {object} UploadPort what an upload needs of the connection
 * @property {(type: string, fields?: object) => Promise<any>} request
 * @property {(uploadId: string) => void} abandon ends an upload that is not complete
 * @property {(bytes: Uint8Array) => boolean} sendBinary
 * @property {(handler: (error: any) => void) => () => void} onError hears the event `error`; gives back what ends that
 * @property {() => number} connection a number that changes with each connection
 * @property {import('./clock.js').Clock} clock
 * @property {() => import('./send-window.js').SendWindow} window what may be on its way over this connection
 */

/**
 * Sends a file in chunks, no faster than the hub confirms them.
 * @param {UploadPort} port
 * @param {File} file
 * @param {UploadHow} how
 * @returns {Promise<import('./types.js').UploadedFile>}
 */
export async function upload(port, file, { roomId, onProgress = () => {}, signal }) {
  throwIfAborted(signal);
  const mimeType = file.type || 'application/octet-stream';
  const start = { name: file.name, size: file.size, mimeType, roomId, chunkSize: ASKED_CHUNK };
  const { uploadId, chunkSize = CHUNK } = await port.request('file_start', start);
  const sending = new Sending(port, { file, chunkSize, onProgress, signal });
  try {
    await sending.run().catch((error) => {
      if (!sending.isOver) port.abandon(uploadId);
      throw error;
    });
    const uploaded = await end(port, uploadId);
    throwIfAborted(signal);
    onProgress({ sent: file.size, size: file.size });
    return uploaded;
  } finally {
    sending.dispose();
  }
}

/** The chunks of one file on their way. A ping behind them asks how far the hub is: it reads in order, so its answer confirms what came before. */
class Sending {
  /** Whether the hub has ended the upload itself, or lost it with the connection. */
  isOver = false;
  #port;
  #file;
  #chunkSize;
  #signal;
  #window;
  #connection;
  /** @type {unknown} */
  #problem = null;
  #wake = () => {};
  #dispose;

  /**
   * @param {UploadPort} port
   * @param {{file: File, chunkSize: number, onProgress: (progress: Progress) => void, signal?: AbortSignal}} what
   */
  constructor(port, { file, chunkSize, onProgress, signal }) {
    this.#port = port;
    this.#file = file;
    this.#chunkSize = chunkSize;
    this.#signal = signal;
    this.#connection = port.connection();
    const window = this.#window = port.window();
    const before = window.sent;
    window.moved = () => {
      this.#wake();
      if (window.confirmed > before) onProgress({ sent: window.confirmed - before, size: file.size });
    };
    const aborted = () => this.#wake();
    signal?.addEventListener('abort', aborted);
    const deaf = port.onError((error) => { if (error.command === 'file_start') this.#ended(VerbError.from(error)); });
    this.#dispose = () => {
      window.moved = () => {};
      signal?.removeEventListener('abort', aborted);
      deaf();
    };
  }

  dispose() {
    this.#dispose();
  }

  async run() {
    const { size } = this.#file;
    if (this.#window.sent === 0) this.#ask(); // Of the empty line, to know how long its way is.
    for (let start = 0, index = 0; start < size; start += this.#chunkSize, index++) {
      const end = Math.min(start + this.#chunkSize, size);
      const frame = chunk(index, await this.#file.slice(start, end).arrayBuffer());
      await this.#turn(end - start);
      if (!this.#port.sendBinary(frame)) throw this.#lost();
      this.#window.left(end - start);
      if (this.#window.isTimeToAsk) this.#ask();
    }
  }

  /**
   * Waits until so many bytes more may be on their way.
   * @param {number} bytes
   */
  async #turn(bytes) {
    for (;;) {
      throwIfAborted(this.#signal);
      if (this.#problem) throw this.#problem;
      if (this.#connection !== this.#port.connection()) throw this.#lost();
      if (this.#window.takes(bytes)) return;
      if (this.#window.unasked > 0) this.#ask();
      await new Promise((resolve) => { this.#wake = () => resolve(undefined); });
    }
  }

  #ask() {
    const question = this.#window.ask();
    const answered = () => this.#window.answered(question);
    this.#port.request('ping').then(answered, ({ code, retryAfter = 0 }) => {
      if (LOST.has(code)) this.#ended(this.#lost());
      else if (code === 'TIMEOUT') this.#window.unanswered();
      else this.#port.clock.setTimeout(answered, Math.max(REFUSED, retryAfter)); // A refusal is an answer, too.
    });
  }

  #lost() {
    this.isOver = true;
    return new VerbError('CONNECTION_LOST', 'The connection was lost during the upload.');
  }

  /** @param {unknown} error */
  #ended(error) {
    this.isOver = true;
    this.#failed(error);
  }

  /** @param {unknown} error */
  #failed(error) {
    this.#problem ??= error;
    this.#wake();
  }
}

/**
 * Asks for the end until there is an answer, over the next connection where need be: the hub finds what it has stored.
 * @param {UploadPort} port
 * @param {string} uploadId
 */
async function end(port, uploadId) {
  /** @type {VerbError | null} */
  let unanswered = null;
  for (let tries = 1; ; tries++) {
    try {
      return await port.request('file_end', { uploadId });
    } catch (error) {
      const { code } = /** @type {VerbError} */ (error);
      if (code === 'NOT_FOUND' && unanswered) throw new VerbError(unanswered.code, 'The upload was lost on its way; nothing of it is stored.');
      if ((code !== 'TIMEOUT' && code !== 'CONNECTION_LOST') || tries === MOST_TRIES) throw error;
      unanswered = /** @type {VerbError} */ (error);
    }
  }
}

/**
 * A chunk's frame: its index in four bytes, the highest first, then its bytes.
 * @param {number} index
 * @param {ArrayBuffer} bytes
 */
export function chunk(index, bytes) {
  const frame = new Uint8Array(4 + bytes.byteLength);
  new DataView(frame.buffer).setUint32(0, index);
  frame.set(new Uint8Array(bytes), 4);
  return frame;
}

/** @param {AbortSignal | undefined} signal */
function throwIfAborted(signal) {
  if (signal?.aborted) throw new VerbError('ABORTED', 'The upload was cancelled.');
}
