/** Close codes after which the client stays away: the user, the token or the client itself has to change first. */
const STAYS_AWAY = new Map([
  [1000, 'The connection was closed normally.'],
  [1008, 'The hub closed the connection for flooding it.'],
  [4001, 'The hub asks for a token.'],
  [4002, 'The token is invalid or has expired.'],
  [4003, 'This user has too many connections.'],
  [4004, 'An administrator removed this connection.'],
]);

const COMES_BACK = new Map([
  [1001, 'The hub is going away.'],
  [1002, 'The hub reported a protocol error.'],
  [1006, 'The connection was lost.'],
  [1007, 'The hub received text that is not UTF-8.'],
  [1009, 'The hub received a message that is too big.'],
  [1011, 'The hub had an internal error.'],
  [1012, 'The hub is restarting.'],
  [1013, 'The hub is at capacity.'],
  [4005, 'This client was too slow for its send buffer.'],
]);

/**
 * Whether the protocol's table lets a client come back after this close code. A code the table does not name
 * is treated as a lost connection.
 * @param {number} code
 */
export function comesBack(code) {
  return !STAYS_AWAY.has(code);
}

/**
 * A sentence for people.
 * @param {number} code
 */
export function describeClose(code) {
  return STAYS_AWAY.get(code) ?? COMES_BACK.get(code) ?? `The connection was closed with code ${code}.`;
}
