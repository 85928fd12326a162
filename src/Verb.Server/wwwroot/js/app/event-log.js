import { byId, element } from './element.js';
import { exactTime } from './format.js';

const KEPT = 300;
const PREVIEW = 600;
const SECRETS = ['token', 'session'];

/** Every text frame, newest first, for those who want to see what goes over the wire. */
export class EventLog {
  #list = byId('frames');
  #filter = byId('log-filter');
  #pause = byId('log-pause');

  constructor() {
    byId('log-clear').addEventListener('click', () => this.#list.replaceChildren());
    this.#filter.addEventListener('input', () => { for (const line of this.#list.children) this.#apply(line); });
  }

  /**
   * @param {'in' | 'out'} direction
   * @param {any} frame
   */
  add(direction, frame) {
    if (this.#pause.checked) return;
    const json = JSON.stringify(frame, (name, value) => (SECRETS.includes(name) && value ? '(secret)' : value));
    const line = element('li', { class: `frame ${direction}`, testid: 'frame', 'data-type': String(frame.type) },
      element('time', { text: exactTime(Date.now()) }),
      element('span', { class: 'direction', text: direction === 'in' ? '←' : '→', 'aria-label': direction === 'in' ? 'received' : 'sent' }),
      element('code', { text: json.length > PREVIEW ? `${json.slice(0, PREVIEW)}…` : json }));
    this.#apply(line);
    this.#list.prepend(line);
    while (this.#list.childElementCount > KEPT) this.#list.lastElementChild.remove();
  }

  /** @param {HTMLElement} line */
  #apply(line) {
    const wanted = this.#filter.value.trim();
    line.hidden = Boolean(wanted) && !String(line.dataset.type).includes(wanted);
  }
}
