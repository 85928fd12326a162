/** The browser client of a Verb hub. */
export { VerbClient } from './client.js';
export { VerbError } from './errors.js';
export { comesBack, describeClose } from './close-codes.js';
export { handshake, SUBPROTOCOL } from './handshake.js';
