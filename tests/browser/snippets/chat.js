import { VerbClient } from './verb/verb.js';

export async function chat(show, token) {
  const client = new VerbClient({ addresses: ['wss://hub.example.com/ws'], token });
  client.on('message', ({ seq, user, message }) => show(`#${seq} ${user.username}: ${message}`));
  client.on('room_gap', ({ roomId }) => show(`${roomId}: some messages are no longer in the history.`));
  client.on('state', ({ state, code, reason }) => {
    if (state === 'waiting') show(reason); // It comes back by itself.
    if (state === 'closed' && (code === 4001 || code === 4002)) show('Please sign in again.');
  });
  await client.connect();
  await client.joinRoom('lobby'); // And again after each reconnect, with `since`.
  await client.sendMessage('lobby', 'Hello'); // Sent again under the same messageId until the hub answers.
  return client;
}
