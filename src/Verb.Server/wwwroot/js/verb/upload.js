import { VerbError } from './errors.js';

const CHUNK = 64 * 1024;
/** Little enough that a ping behind it arrives in time on a slow line. */
const HIGH_WATER = 256 * 1024;
const LOOK_AGAIN = 25;

/**
 * @typedef {object} Progress
 * @property {number} sent bytes that have left for the hub
 * @property {number} size
 *
 * @typedef {object} UploadHow
 * @property {string} [roomId] the room that is told
 * @property {(progress: Progress) => void} [onProgress]
 * @property {AbortSignal} [signal]
 *
 * @typedef {object} UploadPort what an upload needs of the connection
 * @property {(type: string, fields: object) => Promise<any>} request
 * @property {(uploadId: string) => void} abandon ends an upload that is not complete
 * @property {(bytes: Uint8Array) => boolean} sendBinary
 * @property {() => number} buffered bytes the socket still holds
 * @property {() => number} connection a number that changes with each connection
 * @property {import('./clock.js').Clock} clock
 */

/**
 * Sends a file in chunks, no faster than the socket takes them.
 * @param {UploadPort} port
 * @param {File} file
 * @param {UploadHow} how
 * @returns {Promise<import('./types.js').UploadedFile>}
 */
export async function upload(port, file, { roomId, onProgress = () => {}, signal }) {
  throwIfAborted(signal);
  const mimeType = file.type || 'application/octet-stream';
  const { uploadId, chunkSize = CHUNK } = await port.request('file_start', { name: file.name, size: file.size, mimeType, roomId });
  const connection = port.connection();
  const report = (/** @type {number} */ end) => onProgress({ sent: Math.max(0, end - port.buffered()), size: file.size });

  for (let index = 0; index * chunkSize < file.size; index++) {
    const start = index * chunkSize;
    const end = Math.min(start + chunkSize, file.size);
    const frame = chunk(index, await file.slice(start, end).arrayBuffer());
    await roomInBuffer(port, () => report(start));
    if (signal?.aborted) {
      port.abandon(uploadId);
      throwIfAborted(signal);
    }
    if (connection !== port.connection() || !port.sendBinary(frame)) {
      throw new VerbError('CONNECTION_LOST', 'The connection was lost during the upload.');
    }
    report(end);
  }

  const uploaded = await port.request('file_end', { uploadId });
  throwIfAborted(signal);
  onProgress({ sent: file.size, size: file.size });
  return uploaded;
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

/**
 * @param {UploadPort} port
 * @param {() => void} waiting
 */
async function roomInBuffer(port, waiting) {
  while (port.buffered() > HIGH_WATER) {
    waiting();
    await new Promise((resolve) => port.clock.setTimeout(() => resolve(undefined), LOOK_AGAIN));
  }
}

/** @param {AbortSignal | undefined} signal */
function throwIfAborted(signal) {
  if (signal?.aborted) throw new VerbError('ABORTED', 'The upload was cancelled.');
}
