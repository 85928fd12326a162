import { byId, element } from './element.js';
import { exactTime, plain } from './format.js';

const STOCKS = 'stocks/';
const ASK_EVERY = 5_000;
const LINES = 10;

/** The hub's other topics: each can be followed, and shows its last value. */
export class TopicFeeds {
  #client;
  #onSymbol;
  /** @type {Map<string, {item: HTMLElement, toggle: HTMLElement, value: HTMLElement, when: HTMLElement, followed: boolean, lines: Map<string, HTMLElement>}>} */
  #feeds = new Map();

  /**
   * @param {import('../verb/verb.js').VerbClient} client
   * @param {{onSymbol: (symbol: string) => void}} actions
   */
  constructor(client, { onSymbol }) {
    this.#client = client;
    this.#onSymbol = onSymbol;
    client.on('topics', ({ topics }) => this.#offered(topics));
    client.on('data', (update) => this.#updated(update));
    client.on('state', ({ state }) => { if (state === 'open') this.#ask(); });
    setInterval(() => this.#ask(), ASK_EVERY);
  }

  /** The hub does not say by itself that a topic has come. */
  #ask() {
    if (this.#client.state === 'open' && !document.hidden) this.#client.topics().then((topics) => this.#offered(topics), () => {});
  }

  /** @param {string[]} topics */
  #offered(topics) {
    for (const topic of topics) {
      if (topic.startsWith(STOCKS)) this.#onSymbol(topic.slice(STOCKS.length));
      else if (topic !== 'stocks') this.#add(topic);
    }
    byId('topics-empty').hidden = this.#feeds.size > 0;
  }

  /** @param {string} topic */
  #add(topic) {
    if (this.#feeds.has(topic)) return;
    const toggle = element('button', { type: 'button', class: 'symbol', testid: 'topic-toggle', 'aria-pressed': 'true', title: `Follow ${topic} or not`, text: topic, on: { click: () => this.#follow(topic, !feed.followed) } });
    const value = element('p', { class: 'topic-value', testid: 'topic-value', text: 'waiting' });
    const when = element('time', { class: 'quiet' });
    const item = element('li', { class: 'topic', testid: 'topic', 'data-topic': topic }, toggle, when, value);
    const feed = { item, toggle, value, when, followed: true, lines: new Map() };
    this.#feeds.set(topic, feed);
    byId('topics').append(item);
    this.#follow(topic, true);
  }

  /**
   * @param {string} topic
   * @param {boolean} followed
   */
  async #follow(topic, followed) {
    const feed = /** @type {any} */ (this.#feeds.get(topic));
    feed.followed = followed;
    feed.toggle.setAttribute('aria-pressed', String(followed));
    feed.item.classList.toggle('off', !followed);
    try {
      await (followed ? this.#client.subscribe(topic) : this.#client.unsubscribe(topic));
    } catch (error) {
      if (followed && feed.followed) feed.value.textContent = /** @type {Error} */ (error).message;
    }
  }

  /** @param {{topic: string, data: any, timestamp: number}} update */
  #updated({ topic, data, timestamp }) {
    const feed = this.#feeds.get(topic);
    if (!feed?.followed) return;
    const { lines } = feed;
    // A topic that carries several symbols has the last value of each.
    lines.set(typeof data?.symbol === 'string' ? data.symbol : '', element('span', { class: 'topic-line' }, ...pairs(data)));
    if (lines.size > LINES) lines.delete([...lines.keys()][0]);
    feed.value.replaceChildren(...[...lines].sort(([one], [other]) => one.localeCompare(other)).map(([, line]) => line));
    feed.when.textContent = exactTime(timestamp);
  }
}

/** @param {any} data */
function pairs(data) {
  if (data === null || typeof data !== 'object') return [element('span', { text: String(data) })];
  return Object.entries(data).map(([name, value]) => element('span', { class: 'pair' },
    element('span', { class: 'quiet', text: name }), ' ',
    element('span', { text: typeof value === 'number' ? plain(value) : typeof value === 'string' ? value : JSON.stringify(value) })));
}
