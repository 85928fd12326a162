import { describeClose } from '../verb/verb.js';
import { byId } from './element.js';

const WORDS = { idle: 'Not connected', connecting: 'Connecting…', open: 'Connected', draining: 'Closing', waiting: 'Reconnecting', closed: 'Disconnected' };
const TOKEN_MISSING = 4001;
const TOKEN_REFUSED = 4002;

/** The state of the connection: a pill in the bar, and a banner while it is lost or ends; the page is shut where it does not come back by itself. */
export class ConnectionLine {
  #client;
  #actions;
  /** @type {any} */
  #countdown;
  #wasOpen = false;
  #needsToken = false;

  /**
   * @param {import('../verb/verb.js').VerbClient} client
   * @param {{addToken: () => void, shut: (isShut: boolean) => void}} actions
   */
  constructor(client, actions) {
    this.#client = client;
    this.#actions = actions;
    client.on('state', (change) => this.#show(change));
    client.on('latency', ({ milliseconds }) => { byId('latency').textContent = `${milliseconds} ms`; });
    client.on('server_shutdown', ({ message }) => this.#draining(message || 'The hub is shutting down.'));
    byId('banner-action').addEventListener('click', () => {
      if (this.#needsToken) actions.addToken();
      else if (client.state === 'waiting') client.retryNow();
      else client.connect().catch(() => {});
    });
  }

  /** @param {import('../verb/types.js').StateChange} change */
  #show(change) {
    const { state, address, attempt = 0, delay = 0, reason = '', code } = change;
    this.#pill(state);
    this.#needsToken = state === 'closed' && (code === TOKEN_MISSING || code === TOKEN_REFUSED);
    this.#actions.shut(state === 'closed');
    byId('connection').title = address ?? reason;
    byId('node').textContent = state === 'open' ? this.#client.node ?? '' : '';
    if (state !== 'open') byId('latency').textContent = '';
    clearInterval(this.#countdown);
    if (state === 'open') {
      byId('banner').hidden = true;
      this.#wasOpen = true;
    } else if (state === 'waiting') {
      this.#banner(this.#wasOpen ? reason : 'The hub does not answer.', '', 'Try now');
      this.#count(attempt, performance.now() + delay);
    } else if (state === 'connecting' && attempt > 0) {
      byId('banner-detail').textContent = `Try ${attempt}: connecting…`;
    } else if (this.#needsToken) {
      this.#banner(describeClose(/** @type {number} */ (code)), '', 'Add a token');
    } else if (state === 'closed' && code !== 1000) {
      this.#banner(change.gaveUp ? 'The hub could not be reached again.' : reason, '', 'Connect');
    } else if (state === 'closed') {
      this.#banner('You are disconnected.', '', 'Connect');
    }
  }

  /** Nothing else is taken until there is one; the hub waits for it a while, then closes. */
  askForToken() {
    this.#pill('closed');
    this.#needsToken = true;
    this.#actions.shut(true);
    this.#banner(describeClose(TOKEN_MISSING), '', 'Add a token');
  }

  /** @param {string} message */
  #draining(message) {
    this.#pill('draining');
    this.#banner(message, 'This page comes back by itself.', null);
  }

  /** @param {keyof typeof WORDS} state */
  #pill(state) {
    byId('connection').dataset.state = state;
    byId('connection-text').textContent = WORDS[state];
  }

  /**
   * @param {number} attempt
   * @param {number} at
   */
  #count(attempt, at) {
    const tick = () => {
      const seconds = Math.max(0, Math.ceil((at - performance.now()) / 1000));
      const waiting = this.#client.queued ? ` ${this.#client.queued} waiting to be sent.` : '';
      // A handshake that is refused looks to a page as if nobody were there.
      const doubt = this.#wasOpen ? '' : ' It may ask for a token: Settings, Advanced.';
      byId('banner-detail').textContent = `Try ${attempt} in ${seconds} s.${waiting}${doubt}`;
    };
    tick();
    this.#countdown = setInterval(tick, 500);
  }

  /**
   * @param {string} title
   * @param {string} detail
   * @param {string | null} action
   */
  #banner(title, detail, action) {
    byId('banner').hidden = false;
    byId('banner-title').textContent = title;
    byId('banner-detail').textContent = detail;
    byId('banner-action').hidden = action === null;
    byId('banner-action').textContent = action ?? '';
  }
}
