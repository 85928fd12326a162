import { byId } from './element.js';

const WORDS = { idle: 'Not connected', connecting: 'Connecting…', open: 'Connected', waiting: 'Reconnecting', closed: 'Disconnected' };

/** The state of the connection: a pill in the bar, and a banner while it is lost. */
export class ConnectionLine {
  #client;
  /** @type {any} */
  #countdown;
  #wasOpen = false;

  /** @param {import('../verb/verb.js').VerbClient} client */
  constructor(client) {
    this.#client = client;
    client.on('state', (change) => this.#show(change));
    client.on('latency', ({ milliseconds }) => { byId('latency').textContent = `${milliseconds} ms`; });
    client.on('server_shutdown', ({ message }) => this.#banner('The hub is shutting down.', message ?? '', null));
    byId('banner-action').addEventListener('click', () => {
      if (client.state === 'waiting') client.retryNow();
      else client.connect().catch(() => {});
    });
  }

  /** @param {import('../verb/types.js').StateChange} change */
  #show(change) {
    const { state, address, attempt = 0, delay = 0, reason = '', code } = change;
    byId('connection').dataset.state = state;
    byId('connection-text').textContent = WORDS[state];
    byId('connection').title = address ?? reason;
    byId('node').textContent = state === 'open' ? this.#client.node ?? '' : '';
    if (state !== 'open') byId('latency').textContent = '';
    clearInterval(this.#countdown);
    if (state === 'open') {
      byId('banner').hidden = true;
      this.#wasOpen = true;
    } else if (state === 'waiting') {
      this.#banner(this.#wasOpen ? reason : 'The hub does not answer.', '', 'Try now');
      this.#count(attempt, Date.now() + delay);
    } else if (state === 'connecting' && attempt > 0) {
      byId('banner-detail').textContent = `Try ${attempt}: connecting…`;
    } else if (state === 'closed' && code !== 1000) {
      this.#banner(change.gaveUp ? 'The hub could not be reached again.' : reason, '', 'Connect');
    } else if (state === 'closed') {
      this.#banner('You are disconnected.', '', 'Connect');
    }
  }

  /**
   * @param {number} attempt
   * @param {number} at
   */
  #count(attempt, at) {
    const tick = () => {
      const seconds = Math.max(0, Math.ceil((at - Date.now()) / 1000));
      const waiting = this.#client.queued ? ` ${this.#client.queued} waiting to be sent.` : '';
      byId('banner-detail').textContent = `Try ${attempt} in ${seconds} s.${waiting}`;
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
