import { VerbError } from './errors.js';
import { guarded } from './guard.js';
import { Handlers } from './handlers.js';
import { Link } from './link.js';
import { withDefaults } from './options.js';
import { SendWindow } from './send-window.js';
import { Topics } from './topics.js';
import { upload } from './upload.js';

/**
 * A client of a Verb hub. It keeps what it is told to keep: rooms stay joined and topics subscribed across reconnects,
 * messages are sent again until they are answered, and what was missed is fetched.
 *
 * Besides the hub's events, `on` takes these: `state` (StateChange), `message` (DeliveredMessage), `latency`
 * ({milliseconds}), `room_reset` and `room_gap` ({roomId}: messages were lost for good; after `room_reset` the history
 * is another one), `room_lost` and `topic_lost` ({roomId or topic, error}: not let in again) and `binary` ({bytes}).
 */
export class VerbClient {
  #handlers;
  #link;
  /** @type {Promise<unknown>} */
  #uploads = Promise.resolve();
  /** @type {{connection: number, window: SendWindow} | null} */
  #line = null;

  /** @param {import('./types.js').Options} [options] */
  constructor(options = {}) {
    const complete = withDefaults(options);
    this.#handlers = new Handlers(complete.report);
    this.#link = new Link(complete, (type, event) => this.#handlers.emit(type, event));
  }

  get state() {
    return this.#link.state;
  }

  /** This connection's user, once known. */
  get user() {
    return this.#link.user;
  }

  get clientId() {
    return this.#link.clientId;
  }

  /** A secret of the hub's. Kept, and presented again, it lets the same user return within 24 hours. */
  get session() {
    return this.#link.session;
  }

  /** The socket route of this connection, or of the next try. */
  get address() {
    return this.#link.socket.address;
  }

  /** The node that greeted. */
  get node() {
    return this.#link.node;
  }

  /** Milliseconds of the last ping, there and back. */
  get latency() {
    return this.#link.latency;
  }

  /** Commands waiting for a connection. */
  get queued() {
    return this.#link.commands.queued;
  }

  /**
   * Connects, and stays connected until `disconnect()`, a close code that says to stay away, or the last attempt.
   * @returns {Promise<import('./types.js').User>} once the hub has greeted, and authenticated where it demands that
   */
  connect() {
    return this.#link.connect();
  }

  /** Closes the connection. Commands without a reply fail with `CLOSED`; rooms and topics are kept for the next `connect()`. */
  disconnect() {
    this.#link.socket.stop({ code: 1000 });
  }

  /** While waiting to come back: tries at once. */
  retryNow() {
    this.#link.socket.retryNow();
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
    return this.#link.commands.submit({ ...fields, type });
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
    return this.#link.ready && this.#link.write({ ...fields, type });
  }

  /**
   * Joins a room and stays in it across reconnects, missing nothing.
   * @param {string} roomId
   * @param {{echo?: boolean}} [how]
   * @returns {Promise<import('./types.js').Joined>}
   */
  joinRoom(roomId, { echo } = {}) {
    return this.#link.roomWishes.want(roomId, () => ({ type: 'join_room', roomId, since: this.#link.rooms.since(roomId), echo }));
  }

  /** @param {string} roomId */
  async leaveRoom(roomId) {
    this.#link.roomWishes.drop(roomId, new VerbError('ABORTED', 'The room was left.'));
    this.#link.rooms.forget(roomId);
    await this.#end('leave_room', { roomId });
  }

  /**
   * Posts to a room: sent again with the same `messageId`, across reconnects, until the hub answers.
   * @param {string} roomId
   * @param {any} message any JSON value
   * @param {{messageId?: string}} [how]
   * @returns {Promise<import('./types.js').Published>}
   */
  sendMessage(roomId, message, { messageId = this.#link.options.newId() } = {}) {
    return this.#link.commands.submit({ type: 'chat', roomId, message, messageId }, { resend: true });
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
  sendPrivate(targetUserId, message, { messageId = this.#link.options.newId() } = {}) {
    return this.#link.commands.submit({ type: 'private_message', targetUserId, message, messageId }, { resend: true });
  }

  /**
   * Subscribes to a topic and stays subscribed across reconnects.
   * @param {string} topic
   * @returns {Promise<{topic: string}>}
   */
  subscribe(topic) {
    return this.#link.topicWishes.want(topic, () => ({ type: 'subscribe', topic }));
  }

  /** @param {string} topic */
  async unsubscribe(topic) {
    this.#link.topicWishes.drop(topic, new VerbError('ABORTED', 'The subscription was ended.'));
    this.#link.topics.forget(topic);
    await this.#end('unsubscribe', { topic });
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
    await this.request('set_username', { username });
    this.#link.options.username = username;
  }

  /**
   * Presents a token, now and on each later connection: the first one, or one that renews the same user's.
   * The answer is the event `auth_success` or `auth_failed`.
   * @param {string} token
   */
  authenticate(token) {
    this.#link.options.token = token;
    this.#link.write({ type: 'auth', token });
  }

  /**
   * Uploads a file in chunks; one after the other where there are several.
   * @param {File} file
   * @param {import('./upload.js').UploadHow} [how]
   * @returns {Promise<import('./types.js').UploadedFile>}
   */
  upload(file, how = {}) {
    let abandoned = Promise.resolve();
    const port = {
      request: this.request.bind(this),
      abandon: (/** @type {string} */ uploadId) => {
        // There is no command to cancel: an incomplete upload that is ended is refused, and thrown away.
        abandoned = this.request('file_end', { uploadId }).catch(() => {});
      },
      sendBinary: (/** @type {Uint8Array} */ bytes) => this.#link.socket.send(bytes),
      onError: (/** @type {(error: any) => void} */ handler) => this.on('error', handler),
      connection: () => this.#link.connection,
      clock: this.#link.options.clock,
      window: () => this.#windowOf(this.#link.connection),
    };
    const onProgress = how.onProgress && guarded(how.onProgress, this.#link.options.report);
    const result = this.#uploads.then(() => upload(port, file, { ...how, onProgress }));
    // The caller need not wait for the hub to throw away what was cancelled; the next upload does.
    this.#uploads = result.catch(() => abandoned);
    return result;
  }

  /**
   * What uploads have learnt of the line holds for a while, and for this connection.
   * @param {number} connection
   */
  #windowOf(connection) {
    if (this.#line?.connection !== connection || !this.#line.window.isFresh) {
      this.#line = { connection, window: new SendWindow(this.#link.options.clock.now) };
    }
    return this.#line.window;
  }

  /**
   * Ends what the connection holds; without a connection it has ended by itself.
   * @param {string} type
   * @param {object} fields
   */
  async #end(type, fields) {
    if (!this.#link.ready) return;
    try {
      await this.request(type, fields);
    } catch (error) {
      if (/** @type {VerbError} */ (error).code !== 'CONNECTION_LOST') throw error;
    }
  }
}
