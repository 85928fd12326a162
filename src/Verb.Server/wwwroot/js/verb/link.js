import { backoff } from './backoff.js';
import { comesBack } from './close-codes.js';
import { Commands } from './commands.js';
import { VerbError } from './errors.js';
import { handshake } from './handshake.js';
import { Heartbeat } from './heartbeat.js';
import { HubTime } from './hub-time.js';
import { Inbox } from './inbox.js';
import { patient } from './patience.js';
import { ReconnectingSocket } from './reconnecting-socket.js';
import { Rooms } from './rooms.js';
import { Topics } from './topics.js';
import { Wishes } from './wishes.js';

const TOKEN_WANTED = 4001;
const TOKEN_REFUSED = 4002;

/** The client's end of the conversation with the hub: what each event means, what a new connection restores and a lost one ends. */
export class Link {
  /** @type {import('./types.js').State} */
  state = 'idle';
  /** @type {import('./types.js').User | null} */
  user = null;
  /** @type {string | null} */
  clientId = null;
  /** @type {string | null} */
  session;
  /** @type {string | null} */
  node = null;
  /** @type {number | null} */
  latency = null;
  /** Greeted, and authenticated where the hub demands it. */
  ready = false;
  /** Changes with every connection that comes or goes. */
  connection = 0;
  topics = new Topics();
  options;
  socket;
  commands;
  rooms;
  roomWishes;
  topicWishes;
  #emit;
  #heartbeat;
  #hubTime;
  #inbox;
  /** @type {unknown} */
  #tokenTimer;
  /** The last time it was asked for a token, the application failed. */
  #tokenFailed = false;
  /** @type {{interval?: number, timeout?: number} | undefined} */
  #hubHeartbeat;
  /** @type {() => void} */
  #sleepsOn = () => {};
  /** @type {{promise: Promise<any>, resolve: (user: any) => void, reject: (error: any) => void} | null} */
  #connecting = null;

  /**
   * @param {ReturnType<typeof import('./options.js').withDefaults>} options
   * @param {(type: string, event: any) => void} emit
   */
  constructor(options, emit) {
    this.options = options;
    this.session = options.session;
    this.#emit = emit;
    const { clock, random } = options;
    this.#hubTime = new HubTime(clock);
    this.commands = new Commands({
      // How long a message may be sent again, the hub's time says: its window does not stand still while this machine sleeps.
      clock: { ...patient(clock), now: () => this.#hubTime.now() },
      random, timeout: options.requestTimeout, bound: options.queueBound, write: (command) => this.write(command),
      written: () => this.socket.written, left: () => this.socket.left,
    });
    const submit = (/** @type {Record<string, unknown>} */ command) => this.commands.submit(command);
    this.roomWishes = new Wishes({ clock, random, submit, refused: (roomId, error) => emit('room_lost', { roomId, error }) });
    this.topicWishes = new Wishes({ clock, random, submit, refused: (topic, error) => emit('topic_lost', { topic, error }) });
    this.rooms = new Rooms({ emit, me: () => this.user?.id });
    this.#inbox = new Inbox({ clock, ack: (seq) => this.write({ type: 'inbox_ack', seq }) });
    this.#heartbeat = new Heartbeat({
      clock, ping: (timestamp) => this.write({ type: 'ping', timestamp }), dead: () => this.socket.giveUpOn(),
    });
    this.socket = new ReconnectingSocket({
      ...options,
      listener: {
        handshake: async (address) => handshake(address, { token: await this.#token(), session: this.session }),
        comesBack: (code) => comesBack(code) || this.#hasNewToken(code),
        received: (data) => this.#received(data),
        lost: () => this.#lost(),
        changed: (change) => this.#changed(change),
      },
    });
  }

  connect() {
    if (this.ready) return Promise.resolve(this.user);
    const connecting = (this.#connecting ??= deferred());
    this.#sleepsOn();
    this.#sleepsOn = this.options.onWaking(() => this.#woke());
    this.socket.start();
    return connecting.promise;
  }

  /** @param {Record<string, unknown>} command */
  write(command) {
    const sent = this.socket.send(JSON.stringify(command));
    if (sent) this.options.trace('out', command);
    return sent;
  }

  async #token() {
    const { token } = this.options;
    this.#tokenFailed = true;
    const given = typeof token === 'function' ? await token() : token;
    this.#tokenFailed = false;
    return given;
  }

  /** Whether the application may have what the hub closed for want of. @param {number} code */
  #hasNewToken(code) {
    return typeof this.options.token === 'function' && (code === TOKEN_REFUSED || (code === TOKEN_WANTED && this.#tokenFailed));
  }

  /** Presents a token on this connection. An application that has none now is asked again, for as long as the hub waits. */
  async #presentToken(tries = 1) {
    const { connection } = this;
    const { clock, random, report } = this.options;
    clock.clearTimeout(this.#tokenTimer);
    const token = await this.#token().catch(report);
    if (connection !== this.connection) return;
    if (token) this.write({ type: 'auth', token });
    else if (typeof this.options.token === 'function') {
      this.#tokenTimer = clock.setTimeout(() => this.#presentToken(tries + 1), backoff(tries, random));
    }
  }

  #woke() {
    this.#heartbeat.woke();
    this.socket.woke();
  }

  /** @param {string | ArrayBuffer} data */
  #received(data) {
    this.#heartbeat.heard();
    if (typeof data !== 'string') return this.#emit('binary', { bytes: data });
    const event = JSON.parse(data);
    this.options.trace('in', event);
    if (Object.hasOwn(this.#incoming, event.type)) this.#incoming[event.type](event);
    else this.#emit(event.type, event);
  }

  /** What the client itself does with an event; all others go straight to the handlers. @type {Record<string, (event: any) => void>} */
  #incoming = {
    connected: (event) => this.#greeted(event),
    auth_required: (event) => this.#authRequired(event),
    auth_success: (event) => this.#authenticated(event),
    auth_expiring: (event) => this.#authExpiring(event),
    username_set: (event) => this.#named(event),
    pong: (event) => this.#pong(event),
    reply: (event) => this.#replied(event),
    error: (event) => this.#error(event),
    server_shutdown: (event) => this.#shuttingDown(event),
    joined_room: (event) => { if (this.roomWishes.has(event.roomId)) this.rooms.joined(event); },
    message_history: (event) => { if (this.roomWishes.has(event.roomId)) this.rooms.history(event); },
    chat: (event) => { if (this.roomWishes.has(event.roomId)) this.rooms.chat(event); },
    data: (event) => { if (this.topics.isNew(event)) this.#emit('data', event); },
    stock_update: (event) => { if (this.topics.isNew(event)) this.#emit('stock_update', event); },
    notification: (event) => this.#inboxItem(event),
    private_message: (event) => this.#inboxItem(event),
  };

  /** @param {any} event */
  #greeted(event) {
    this.clientId = event.clientId;
    this.session = event.session ?? this.session;
    this.node = event.node ?? null;
    this.user = event.user ?? null;
    this.#hubTime.told(event.serverTime);
    this.#hubHeartbeat = event.heartbeat;
    this.socket.greeted();
    this.#emit('connected', event);
    if (event.user) this.#opened();
  }

  /** @param {any} event */
  #authRequired(event) {
    this.#emit('auth_required', event);
    this.#presentToken();
  }

  /** @param {any} event */
  #authenticated(event) {
    this.user = event.user;
    this.#emit('auth_success', event);
    if (!this.ready) this.#opened();
  }

  /** @param {any} event */
  #authExpiring(event) {
    this.#emit('auth_expiring', event);
    if (typeof this.options.token === 'function') this.#presentToken();
  }

  /** @param {any} event */
  #named(event) {
    if (this.user) this.user = { ...this.user, username: event.username };
    this.#emit('username_set', event);
  }

  #opened() {
    this.ready = true;
    this.connection++;
    this.socket.settled();
    this.commands.opened();
    const { username } = this.options;
    if (username && this.user?.role === 'anonymous' && this.user.username !== username) this.write({ type: 'set_username', username });
    this.#heartbeat.start(this.#hubHeartbeat);
    this.roomWishes.opened();
    this.topicWishes.opened();
    this.commands.flush();
    this.#changed({ state: 'open', address: this.socket.address });
    this.#connecting?.resolve(this.user);
    this.#connecting = null;
  }

  /** @param {any} event */
  #pong(event) {
    this.#hubTime.told(event.serverTime);
    if (typeof event.timestamp === 'number') {
      this.latency = this.#heartbeat.latency(event.timestamp);
      this.#emit('latency', { milliseconds: this.latency });
    }
    this.#emit('pong', event);
  }

  /** @param {any} reply */
  #replied(reply) {
    const command = this.commands.match(reply);
    if (command?.type === 'chat') this.rooms.published(command, reply.data, this.user);
    this.commands.answered(reply);
  }

  /** @param {any} event */
  #error(event) {
    if (event.code === 'OVERLOADED' && !event.command) this.socket.comeBackAfter(event.retryAfter);
    this.#emit('error', event);
  }

  /** @param {any} event */
  #shuttingDown(event) {
    this.socket.comeBackAfter(event.reconnectAfter);
    this.#emit('server_shutdown', event);
  }

  /** @param {any} event */
  #inboxItem(event) {
    if (this.#inbox.isNew(event)) this.#emit(event.type, event);
    if (this.options.ackInbox) this.#inbox.handled(event.seq);
  }

  #lost() {
    this.ready = false;
    this.connection++;
    this.options.clock.clearTimeout(this.#tokenTimer);
    this.#heartbeat.stop();
    this.commands.lost();
    this.roomWishes.lost();
    this.topicWishes.lost();
    this.topics.lost();
    this.#inbox.lost();
  }

  /** @param {import('./types.js').StateChange} change */
  #changed(change) {
    this.state = change.state;
    if (change.state === 'closed') this.#ended(change);
    this.#emit('state', change);
  }

  /** @param {import('./types.js').StateChange} change */
  #ended({ reason, gaveUp = false }) {
    this.#sleepsOn();
    this.#sleepsOn = () => {};
    const error = new VerbError('CLOSED', reason || 'The connection was closed.');
    this.commands.fail(error, { keepResends: gaveUp });
    this.roomWishes.fail(error);
    this.topicWishes.fail(error);
    this.#connecting?.reject(error);
    this.#connecting = null;
  }
}

function deferred() {
  /** @type {any} */
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}
