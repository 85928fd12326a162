import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './fake-clock.js';
import { ADA, GRACE, stage } from './fake-hub.js';

const SEEDS = 150;
const STEPS = 80;

test('whatever breaks and whenever, each message is delivered once, in order, and each post is taken once', async () => {
  for (let seed = 1; seed <= SEEDS; seed++) await play(seed);
});

/** A room as the hub keeps it, and what it does with a client that loses connections, replies and pages at random. */
async function play(seed) {
  const random = mulberry32(seed);
  const chance = (likelihood) => random() < likelihood;
  const room = { messages: [], inRoom: false, read: 0, timedOut: new Set() };
  const hub = stage({ attempts: 0 });
  const posted = [];
  const context = `seed ${seed}`;

  const commit = (user, messageId, message) => {
    const known = room.messages.find((one) => one.user === user && one.messageId === messageId);
    if (known) return known;
    room.messages.push({ seq: room.messages.length + 1, messageId, user, message, timestamp: 1 });
    return room.messages.at(-1);
  };
  const handle = async (command, { unheard = false } = {}) => {
    if (command.type === 'join_room') {
      room.inRoom = true;
      if (!unheard) await join(command);
    } else if (command.type === 'chat') {
      const times = chance(0.15);
      if (times && chance(0.5)) return unheard || hub.socket.refuses(command, 'TIMEOUT');
      const taken = commit(ADA, command.messageId, command.message);
      if (unheard) return;
      if (times) {
        room.timedOut.add(taken.seq);
        await hub.socket.refuses(command, 'TIMEOUT');
      } else {
        await hub.socket.replies(command, { roomId: 'r', seq: taken.seq, epoch: 'e', messageId: taken.messageId, timestamp: 1 });
      }
    }
  };
  const join = async (command) => {
    const joined = { roomId: 'r', userCount: 2, epoch: 'e', seq: room.messages.length, recovered: command.since ? true : undefined };
    await hub.socket.replies(command, joined);
    await hub.socket.says({ type: 'joined_room', ...joined });
    const missed = room.messages.slice(command.since?.seq ?? 0);
    do {
      const page = missed.splice(0, 1 + Math.floor(random() * 4));
      await hub.socket.says({ type: 'message_history', roomId: 'r', epoch: 'e', recovered: joined.recovered, more: missed.length > 0 || undefined, messages: page });
      if (missed.length > 0 && chance(0.2)) return lose();
    } while (missed.length > 0);
  };
  const readOne = async (how) => {
    const command = hub.socket.sent[room.read];
    if (!command) return false;
    room.read++;
    await handle(command, how);
    return true;
  };
  const lose = async () => {
    while (chance(0.5) && (await readOne({ unheard: true })));
    room.inRoom = false;
    room.read = 0;
    await hub.socket.breaks();
    await hub.clock.advance(hub.of('state').at(-1).delay);
    await hub.socket.greets();
  };

  await hub.open();
  hub.client.joinRoom('r');
  await readToEnd();
  for (let step = 0; step < STEPS; step++) {
    const dice = random();
    if (dice < 0.25) posted.push(hub.client.sendMessage('r', `mine ${step}`));
    else if (dice < 0.5) {
      const taken = commit(GRACE, `g${step}`, `hers ${step}`);
      if (room.inRoom) await hub.socket.says({ type: 'chat', roomId: 'r', epoch: 'e', ...taken });
    } else if (dice < 0.58) await lose();
    else if (dice < 0.65) await hub.clock.advance(1000);
    else await readOne();
  }
  await readToEnd();

  async function readToEnd() {
    for (let round = 0; round < 40; round++) {
      while (await readOne());
      await hub.clock.advance(4000);
      await hub.socket.says({ type: 'pong' });
    }
    await settle();
  }

  const delivered = hub.of('message');
  const inOrder = delivered.map(({ seq }) => seq).filter((seq) => !room.timedOut.has(seq));
  assert.deepEqual(delivered.map(({ seq }) => seq).sort((one, other) => one - other), room.messages.map(({ seq }) => seq), context);
  assert.deepEqual(inOrder, inOrder.toSorted((one, other) => one - other), context);
  const places = (await Promise.all(posted)).map(({ seq }) => seq);
  assert.equal(new Set(places).size, places.length, context);
  assert.deepEqual(places.map((seq) => room.messages[seq - 1].user.id), places.map(() => ADA.id), context);
  assert.deepEqual(hub.errors, [], context);
}

function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
