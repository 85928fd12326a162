import { systemClock } from './clock.js';
import { guarded } from './guard.js';
import { onWaking } from './waking.js';

/**
 * The options with their defaults filled in.
 * @param {import('./types.js').Options} options
 */
export function withDefaults(options) {
  const addresses = [options.addresses ?? '/ws'].flat().map((address) => address.trim()).filter(Boolean).map(absolute);
  if (addresses.length === 0) throw new TypeError('At least one address is needed.');
  for (const address of addresses) {
    if (!URL.canParse(address) || !/^(ws|http)s?:$/.test(new URL(address).protocol)) {
      throw new TypeError(`'${address}' is not the address of a socket: it should begin with ws:// or wss://.`);
    }
  }
  const report = guarded(options.report ?? ((/** @type {unknown} */ error) => console.error(error)), (error) => console.error(error));
  return {
    token: null,
    session: null,
    attempts: 5,
    connectTimeout: 10_000,
    requestTimeout: 30_000,
    queueBound: 100,
    ackInbox: true,
    createSocket: (/** @type {string} */ url, /** @type {string[]} */ protocols) => new WebSocket(url, protocols),
    clock: systemClock,
    onWaking,
    random: Math.random,
    newId,
    ...options,
    addresses,
    report,
    trace: guarded(options.trace ?? (() => {}), report),
  };
}

/** A path is one of the page's own host. @param {string} address */
function absolute(address) {
  const isPath = /^\.{0,2}\//.test(address);
  return isPath ? new URL(address, globalThis.document?.baseURI ?? globalThis.location?.href ?? 'http://localhost:3000').href : address;
}

/** 128 random bits; `crypto.randomUUID` is missing on pages that are not served securely. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
