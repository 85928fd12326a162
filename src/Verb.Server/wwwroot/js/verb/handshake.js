/** What RFC 6455 allows in a subprotocol's name. */
const NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

/** The subprotocol the hub selects. */
export const SUBPROTOCOL = 'verb.v1';

/**
 * The address and subprotocols of one try. Token and session travel as subprotocols, which stay out of access logs;
 * one that is not fit for a subprotocol's name travels in the query instead.
 * @param {string} address `ws://`, `wss://`, `http://` or `https://`
 * @param {{token?: string | null, session?: string | null}} identity
 * @returns {{url: string, protocols: string[]}}
 */
export function handshake(address, { token, session }) {
  const url = new URL(address);
  url.protocol = url.protocol.replace('http', 'ws');
  url.hash = '';
  const protocols = [SUBPROTOCOL];
  for (const [prefix, query, value] of [['bearer', 'token', token], ['session', 'session', session]]) {
    if (!value) continue;
    if (NAME.test(value)) protocols.push(`${prefix}.${value}`);
    else url.searchParams.set(/** @type {string} */ (query), value);
  }
  return { url: url.href, protocols };
}
