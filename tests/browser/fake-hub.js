import { VerbClient } from '../../src/Verb.Server/wwwroot/js/verb/verb.js';
import { FakeClock, settle } from './fake-clock.js';

export const ADA = { id: 'c1', username: 'guest-ada1', role: 'anonymous' };
export const GRACE = { id: 'c2', username: 'Grace', role: 'anonymous' };

/** The hub's end of one socket; the test says what it sends. */
export class FakeSocket {
  readyState = 0;
  bufferedAmount = 0;
  sent = [];
  chunks = [];
  closedWith = null;

  constructor(url, protocols) {
    Object.assign(this, { url, protocols });
  }

  send(data) {
    if (typeof data === 'string') this.sent.push(JSON.parse(data));
    else this.chunks.push(data);
  }

  close(code) {
    this.readyState = 3;
    this.closedWith = code ?? null;
  }

  /** What the client sent of one type. */
  commands(type) {
    return this.sent.filter((command) => command.type === type);
  }

  last(type) {
    return this.commands(type).at(-1);
  }

  async says(event) {
    this.onmessage({ data: typeof event === 'object' && !(event instanceof ArrayBuffer) ? JSON.stringify(event) : event });
    await settle();
  }

  async greets({ user = ADA, ...more } = {}) {
    this.readyState = 1;
    this.onopen?.({});
    await this.says({ type: 'connected', clientId: ADA.id, session: 's-1', node: 'n1', serverTime: 1, user, heartbeat: { interval: 30000, timeout: 10000 }, ...more });
  }

  async replies(command, data = {}) {
    await this.says({ type: 'reply', id: command.id, success: true, data });
  }

  async refuses(command, code, more = {}) {
    await this.says({ type: 'reply', id: command.id, success: false, error: { code, message: `Refused: ${code}`, ...more } });
  }

  /** Answers a join as the hub does: reply, event, history. */
  async joins(roomId, { epoch = 'e1', seq = 0, recovered, messages = [], more } = {}) {
    const joined = { roomId, userCount: 1, epoch, seq, recovered };
    await this.replies(this.commands('join_room').findLast((command) => command.roomId === roomId), joined);
    await this.says({ type: 'joined_room', ...joined });
    await this.says({ type: 'message_history', roomId, epoch, recovered, more, messages });
  }

  async closes(code, reason = '') {
    this.readyState = 3;
    this.onclose({ code, reason });
    await settle();
  }

  /** The connection breaks without a close frame. */
  async breaks() {
    await this.closes(1006);
  }
}

/** A client before a hub that the test plays. */
export function stage(options = {}) {
  const clock = new FakeClock();
  const sockets = [];
  const events = [];
  const errors = [];
  const wakers = new Set();
  let id = 0;
  const client = new VerbClient({
    addresses: 'ws://hub/ws',
    clock,
    random: () => 0.5,
    newId: () => `m${++id}`,
    report: (error) => errors.push(error),
    onWaking: (woke) => {
      wakers.add(woke);
      return () => wakers.delete(woke);
    },
    createSocket: (url, protocols) => sockets[sockets.push(new FakeSocket(url, protocols)) - 1],
    ...options,
  });
  for (const type of ['state', 'message', 'message_history', 'chat', 'room_gap', 'room_reset', 'room_lost', 'topic_lost', 'stock_update', 'data', 'notification', 'private_message', 'latency', 'auth_required', 'error']) {
    client.on(type, (event) => events.push({ event: type, ...event }));
  }
  return {
    client, clock, sockets, events, errors, wakers,
    get socket() { return sockets.at(-1); },
    /** The page is shown again, resumes, or has its network back. */
    async wakes() {
      for (const woke of wakers) woke();
      await settle();
    },
    of: (type) => events.filter(({ event }) => event === type),
    async open(more) {
      const connected = client.connect();
      await settle();
      await sockets.at(-1).greets(more);
      return connected;
    },
  };
}

export const said = (seq, { user = GRACE, messageId = `g${seq}`, message = `text ${seq}` } = {}) => ({ seq, messageId, user, message, timestamp: 1000 + seq });
export const chat = (roomId, seq, { epoch = 'e1', ...more } = {}) => ({ type: 'chat', roomId, epoch, ...said(seq, more) });
