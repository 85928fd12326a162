import { Commands } from './commands.js';
import { VerbError } from './errors.js';
import { Handlers } from './handlers.js';
import { handshake } from './handshake.js';
import { Heartbeat } from './heartbeat.js';
import { Inbox } from './inbox.js';
import { withDefaults } from './options.js';
import { ReconnectingSocket } from './reconnecting-socket.js';
import { Rooms } from './rooms.js';
import { Topics } from './topics.js';
import { upload } from './upload.js';
import { Wishes } from './wishes.js';

/**
 * A client of a Verb hub. It keeps what it is told to keep: rooms stay joined and topics subscribed across reconnects,
 * messages are sent again until they are answered, and what was missed is fetched.
 *
 * Besides the hub's events, `on` takes these: `state` (StateChange), `message` (DeliveredMessage), `latency`
 * ({milliseconds}), `room_reset` and `room_gap` ({roomId}: messages were lost for good; after `room_reset` the history
 * is another one), `room_lost` and `topic_lost` ({roomId or topic, error}: not let in again) and `binary` ({bytes}).
 */
export class VerbClient {
  /** @type {import('./types.js').State} */
  state = 'idle';
  /** @type {import('./types.js').User | null} */
  user = null;
  /** @type {string | null} */
  clientId = null;
  /** @type {string | null} kept by the page, it lets the same user return within 24 hours */
  session;
  /** @type {string | null} the node that greeted */
  node = null;

  #options;
  #handlers;
  #socket;
  #heartbeat;
  #commands;
  #roomWishes;
  #topicWishes;
  #rooms;
  #topics = new Topics();
  #inbox;
  #ready = false;
  #connection = 0;
  /** @type {Promise<unknown>} */
  #uploads = Promise.resolve();
  /** @type {{promise: Promise<any>, resolve: (user: any) => void, reject: (error: any) => void} | null} */
  #connecting = null;

  /** @param {import('./types.js').Options} [options] */
  constructor(options = {}) {
    this.#options = withDefaults(options);
    this.session = this.#options.session;
    const { clock, random } = this.#options;
    const emit = (/** @type {string} */ type, /** @type {any} */ event) => this.#handlers.emit(type, event);
    this.#handlers = new Handlers(this.#options.report);
    this.#commands = new Commands({
      clock, random, timeout: this.#options.requestTimeout, bound: this.#options.queueBound, write: (command) => this.#write(command),
    });
    const submit = (/** @type {Record<string, unknown>} */ command) => this.#commands.submit(command);
    this.#roomWishes = new Wishes({ clock, random, submit, refused: (roomId, error) => emit('room_lost', { roomId, error }) });
    this.#topicWishes = new Wishes({ clock, random, submit, refused: (topic, error) => emit('topic_lost', { topic, error }) });
    this.#rooms = new Rooms({ emit, me: () => this.user?.id });
    this.#inbox = new Inbox({ clock, ack: (seq) => this.#write({ type: 'inbox_ack', seq }) });
    this.#heartbeat = new Heartbeat({
      clock, ping: (timestamp) => this.#write({ type: 'ping', timestamp }), dead: () => this.#socket.giveUpOn(),
    });
    this.#socket = new ReconnectingSocket({
      ...this.#options,
      listener: {
        handshake: async (address) => handshake(address, { token: await this.#token(), session: this.session }),
        received: (data) => this.#received(data),
        lost: () => this.#lost(),
        changed: (change) => this.#changed(change),
      },
    });
  }

  /** Milliseconds of the last ping, there and back. */
  latency = /** @type {number | null} */ (null);

  /** Commands waiting for a connection. */
  get queued() {
    return this.#commands.queued;
  }

  /**
   * Connects, and stays connected until `disconnect()`, a close code that says to stay away, or the last attempt.
   * @returns {Promise<import('./types.js').User>} once the hub has greeted, and authenticated where it demands that
   */
  connect() {
    if (this.#ready) return Promise.resolve(/** @type {any} */ (this.user));
    this.#connecting ??= deferred();
    const { promise } = this.#connecting;
    this.#socket.start();
    return promise;
  }

  /** Closes the connection. Commands without a reply fail with `CLOSED`; rooms and topics are kept for the next `connect()`. */
  disconnect() {
    this.#socket.stop({ code: 1000 });
  }

  /** While waiting to come back: tries at once. */
  retryNow() {
    this.#socket.retryNow();
  }

  /**
   * @param {string} type an event's type, or `*` for all
   * @param {import('./handlers.js').Handler} handler
   * @returns {() => void} takes the handler off again
   */
  on(type, handler) {
    return this.#handlers.on(type, handler);
  }

  /**
   * @param {string} type
   * @param {import('./handlers.js').Handler} handler
   */
  off(type, handler) {
    this.#handlers.off(type, handler);
  }

  /**
   * Sends a command and waits for its reply; while offline it queues.
   * @param {string} type
   * @param {object} [fields]
   * @returns {Promise<any>} the reply's `data`; a VerbError where it was refused
   */
  request(type, fields = {}) {
    return this.#commands.submit({ ...fields, type });
  }

  /**
   * A request that the host application has registered a handler for.
   * @param {string} type
   * @param {any} payload
   */
  call(type, payload) {
    return this.request(type, { payload });
  }

  /**
   * Sends a command nobody waits for, and only while connected: something that is stale when it is late.
   * @param {string} type
   * @param {object} [fields]
   * @returns {boolean} whether it was sent
   */
  send(type, fields = {}) {
    return this.#ready && this.#write({ ...fields, type });
  }

  /**
   * Joins a room and stays in it across reconnects, missing nothing.
   * @param {string} roomId
   * @param {{echo?: boolean}} [how]
   * @returns {Promise<import('./types.js').Joined>}
   */
  joinRoom(roomId, { echo } = {}) {
    return this.#roomWishes.want(roomId, () => ({ type: 'join_room', roomId, since: this.#rooms.since(roomId), echo }));
  }

  /** @param {string} roomId */
  async leaveRoom(roomId) {
    this.#roomWishes.drop(roomId, new VerbError('ABORTED', 'The room was left.'));
    this.#rooms.forget(roomId);
    if (this.#ready) await this.request('leave_room', { roomId });
  }

  /**
   * Posts to a room: sent again with the same `messageId`, across reconnects, until the hub answers.
   * @param {string} roomId
   * @param {any} message any JSON value
   * @param {{messageId?: string}} [how]
   * @returns {Promise<import('./types.js').Published>}
   */
  sendMessage(roomId, message, { messageId = this.#options.newId() } = {}) {
    return this.#commands.submit({ type: 'chat', roomId, message, messageId }, { resend: true });
  }

  /** @param {string} roomId */
  sendTyping(roomId) {
    return this.send('typing', { roomId });
  }

  /**
   * The people in a room, all pages of them.
   * @param {string} roomId
   * @returns {Promise<{userCount: number, members: import('./types.js').User[]}>}
   */
  async members(roomId) {
    /** @type {import('./types.js').User[]} */
    const members = [];
    for (let after; ;) {
      const page = await this.request('members', { roomId, after });
      members.push(...page.members);
      if (!page.more || page.members.length === 0) return { userCount: page.userCount, members };
      after = page.members.at(-1).id;
    }
  }

  /**
   * @param {string} targetUserId
   * @param {any} message
   * @param {{messageId?: string}} [how]
   * @returns {Promise<{messageId: string, status: 'delivered' | 'queued'}>}
   */
  sendPrivate(targetUserId, message, { messageId = this.#options.newId() } = {}) {
    return this.#commands.submit({ type: 'private_message', targetUserId, message, messageId }, { resend: true });
  }

  /**
   * Subscribes to a topic and stays subscribed across reconnects.
   * @param {string} topic
   * @returns {Promise<{topic: string}>}
   */
  subscribe(topic) {
    return this.#topicWishes.want(topic, () => ({ type: 'subscribe', topic }));
  }

  /** @param {string} topic */
  async unsubscribe(topic) {
    this.#topicWishes.drop(topic, new VerbError('ABORTED', 'The subscription was ended.'));
    this.#topics.forget(topic);
    if (this.#ready) await this.request('unsubscribe', { topic });
  }

  /** @param {string} symbol a stock symbol, short for the topic `stocks/SYMBOL` */
  subscribeSymbol(symbol) {
    return this.subscribe(Topics.ofSymbol(symbol));
  }

  /** @param {string} symbol */
  unsubscribeSymbol(symbol) {
    return this.unsubscribe(Topics.ofSymbol(symbol));
  }

  /** @returns {Promise<string[]>} */
  async topics() {
    return (await this.request('get_topics')).topics;
  }

  /**
   * Names an anonymous user, now and on each later connection.
   * @param {string} username
   */
  async setUsername(username) {
    this.#options.username = username;
    await this.request('set_username', { username });
  }

  /**
   * Presents a token on the open connection: the first one, or one that renews the same user's.
   * @param {string} token
   */
  async authenticate(token) {
    this.#options.token = token;
    this.#write({ type: 'auth', token });
  }

  /**
   * Uploads a file in chunks; one after the other where there are several.
   * @param {File} file
   * @param {import('./upload.js').UploadHow} [how]
   * @returns {Promise<import('./types.js').UploadedFile>}
   */
  upload(file, how = {}) {
    const port = {
      request: this.request.bind(this),
      sendBinary: (/** @type {Uint8Array} */ bytes) => this.#socket.send(bytes),
      buffered: () => this.#socket.bufferedAmount,
      connection: () => this.#connection,
      clock: this.#options.clock,
    };
    const result = this.#uploads.then(() => upload(port, file, how));
    this.#uploads = result.catch(() => {});
    return result;
  }

  async #token() {
    const { token } = this.#options;
    return typeof token === 'function' ? token() : token;
  }

  /** @param {Record<string, unknown>} command */
  #write(command) {
    this.#options.trace('out', command);
    return this.#socket.send(JSON.stringify(command));
  }

  /** @param {string | ArrayBuffer} data */
  #received(data) {
    this.#heartbeat.heard();
    if (typeof data !== 'string') return this.#handlers.emit('binary', { bytes: data });
    const event = JSON.parse(data);
    this.#options.trace('in', event);
    const handle = this.#incoming[event.type];
    if (handle) handle(event);
    else this.#handlers.emit(event.type, event);
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
    joined_room: (event) => { if (this.#roomWishes.has(event.roomId)) this.#rooms.joined(event); },
    message_history: (event) => { if (this.#roomWishes.has(event.roomId)) this.#rooms.history(event); },
    chat: (event) => { if (this.#roomWishes.has(event.roomId)) this.#rooms.chat(event); },
    data: (event) => { if (this.#topics.isNew(event)) this.#handlers.emit('data', event); },
    stock_update: (event) => { if (this.#topics.isNew(event)) this.#handlers.emit('stock_update', event); },
    notification: (event) => this.#inboxItem(event),
    private_message: (event) => this.#inboxItem(event),
  };

  /** @param {any} event */
  #greeted(event) {
    this.clientId = event.clientId;
    this.session = event.session ?? this.session;
    this.node = event.node ?? null;
    this.user = event.user ?? null;
    this.#socket.settled();
    this.#handlers.emit('connected', event);
    if (event.user) this.#opened();
  }

  /** @param {any} event */
  async #authRequired(event) {
    this.#handlers.emit('auth_required', event);
    const token = await this.#token();
    if (token && !this.#ready) this.#write({ type: 'auth', token });
  }

  /** @param {any} event */
  #authenticated(event) {
    this.user = event.user;
    this.#handlers.emit('auth_success', event);
    if (!this.#ready) this.#opened();
  }

  /** @param {any} event */
  async #authExpiring(event) {
    this.#handlers.emit('auth_expiring', event);
    if (typeof this.#options.token !== 'function') return;
    const token = await this.#token();
    if (token) this.#write({ type: 'auth', token });
  }

  /** @param {any} event */
  #named(event) {
    if (this.user) this.user = { ...this.user, username: event.username };
    this.#handlers.emit('username_set', event);
  }

  #opened() {
    this.#ready = true;
    this.#connection++;
    this.#commands.opened();
    const { username } = this.#options;
    if (username && this.user?.role === 'anonymous' && this.user.username !== username) this.#write({ type: 'set_username', username });
    this.#heartbeat.start();
    this.#roomWishes.opened();
    this.#topicWishes.opened();
    this.#commands.flush();
    this.#changed({ state: 'open', address: this.#socket.address });
    this.#connecting?.resolve(this.user);
    this.#connecting = null;
  }

  /** @param {any} event */
  #pong(event) {
    if (typeof event.timestamp === 'number') {
      this.latency = this.#heartbeat.latency(event.timestamp);
      this.#handlers.emit('latency', { milliseconds: this.latency });
    }
    this.#handlers.emit('pong', event);
  }

  /** @param {any} reply */
  #replied(reply) {
    const command = this.#commands.match(reply);
    if (command?.type === 'chat') this.#rooms.published(command, reply.data, this.user);
    this.#commands.answered(reply);
  }

  /** @param {any} event */
  #error(event) {
    if (event.code === 'OVERLOADED' && !this.#ready) this.#socket.comeBackAfter(event.retryAfter);
    this.#handlers.emit('error', event);
  }

  /** @param {any} event */
  #shuttingDown(event) {
    this.#socket.comeBackAfter(event.reconnectAfter);
    this.#handlers.emit('server_shutdown', event);
  }

  /** @param {any} event */
  #inboxItem(event) {
    if (this.#inbox.isNew(event)) this.#handlers.emit(event.type, event);
    if (this.#options.ackInbox) this.#inbox.handled(event.seq);
  }

  #lost() {
    this.#ready = false;
    this.#connection++;
    this.#heartbeat.stop();
    this.#commands.lost();
    this.#roomWishes.lost();
    this.#topicWishes.lost();
    this.#topics.lost();
    this.#inbox.lost();
  }

  /** @param {import('./types.js').StateChange} change */
  #changed(change) {
    this.state = change.state;
    if (change.state === 'closed') this.#ended(change);
    this.#handlers.emit('state', change);
  }

  /** @param {import('./types.js').StateChange} change */
  #ended({ reason, gaveUp = false }) {
    const error = new VerbError('CLOSED', reason || 'The connection was closed.');
    this.#commands.fail(error, { keepResends: gaveUp });
    this.#roomWishes.fail(error);
    this.#topicWishes.fail(error);
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
