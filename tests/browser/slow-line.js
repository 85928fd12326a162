import { FakeSocket } from './fake-hub.js';

/** What the system takes from the browser before the line does; the browser does not count it. */
const SYSTEM = 1024 * 1024;
/** Milliseconds from one end to the other when nothing else is on the line. */
const WAY = 40;

/** A socket whose bytes go to the hub one after the other, as fast as the line is, and the hub behind it, which answers what an upload asks. */
export class SlowSocket extends FakeSocket {
  /** Milliseconds that each question on this socket waited for its answer, by its type. */
  waits = [];
  arrived = [];
  bytesPerSecond;
  #clock;
  #queue;
  #compressed;
  #freeAt = 0;
  #asked = new Map();

  /**
   * @param {string} url
   * @param {string[]} protocols
   * @param {{clock: import('./fake-clock.js').FakeClock, kilobits: number, queue: number, compressed?: (frame: any) => number}} line
   *   `queue`: seconds of bytes that it takes from the sender; `compressed`: the part of a frame that is left on the line
   */
  constructor(url, protocols, { clock, kilobits, queue, compressed = () => 1 }) {
    super(url, protocols);
    this.#clock = clock;
    this.#queue = queue;
    this.#compressed = compressed;
    this.bytesPerSecond = (kilobits * 1000) / 8;
    Object.defineProperty(this, 'bufferedAmount', { get: () => Math.max(0, this.#waiting - SYSTEM - this.#queue * this.bytesPerSecond) });
  }

  send(data) {
    super.send(data);
    const command = typeof data === 'string' ? JSON.parse(data) : null;
    if (command?.id) this.#asked.set(command.id, { type: command.type, at: this.#clock.now() });
    const size = data.length * this.#compressed(data);
    this.#freeAt = Math.max(this.#freeAt, this.#clock.now()) + (size / this.bytesPerSecond) * 1000;
    this.#clock.setTimeout(() => this.#arrives(command, data), this.#freeAt - this.#clock.now() + WAY);
  }

  async says(event) {
    const asked = this.#asked.get(event.type === 'reply' ? event.id : '');
    if (asked) this.waits.push({ type: asked.type, milliseconds: this.#clock.now() - asked.at });
    if (this.readyState === 1) await super.says(event);
  }

  get #waiting() {
    return (Math.max(0, this.#freeAt - this.#clock.now()) / 1000) * this.bytesPerSecond;
  }

  #arrives(command, data) {
    if (!command) this.arrived.push(data);
    else this.#clock.setTimeout(() => this.#answer(command), WAY);
  }

  #answer(command) {
    if (command.type === 'ping') this.says({ type: 'pong', timestamp: command.timestamp });
    if (command.id) this.replies(command, this.#data(command));
  }

  #data(command) {
    switch (command.type) {
      case 'file_start': return { uploadId: 'u1', chunkSize: Math.min(64 * 1024, command.chunkSize ?? 64 * 1024) };
      case 'file_end': return { uploadId: 'u1', filename: 'a.bin', size: this.arrived.reduce((sum, chunk) => sum + chunk.length - 4, 0), sha256: 'x', url: '/files/u1' };
      default: return {};
    }
  }
}
