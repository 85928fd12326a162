import { byId, element } from './element.js';
import { initial, tint } from './format.js';

const SHOWN = 100;

/** The people in the room that is looked at; choosing one opens a private conversation. */
export class PeopleList {
  #conversations;
  #me;
  #choose;

  /**
   * @param {import('./conversations.js').Conversations} conversations
   * @param {{me: () => any, choose: (user: any) => void}} setup
   */
  constructor(conversations, { me, choose }) {
    this.#conversations = conversations;
    this.#me = me;
    this.#choose = choose;
    conversations.addEventListener('active', () => this.#show());
    conversations.addEventListener('people', (/** @type {any} */ { detail }) => { if (detail.conversation === conversations.active) this.#show(); });
  }

  #show() {
    const { active } = this.#conversations;
    byId('people-card').hidden = active?.kind !== 'room';
    if (active?.kind !== 'room') return;
    const people = [...active.people.values()].sort((one, other) => one.username.localeCompare(other.username));
    const list = byId('people');
    const focused = list.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.id : null;
    byId('people-count').textContent = active.userCount > 0 ? String(active.userCount) : '';
    list.replaceChildren(...people.slice(0, SHOWN).map((person) => this.#item(person)));
    const others = active.userCount - Math.min(people.length, SHOWN);
    if (others > 0) list.append(element('li', { class: 'hint', text: `and ${others} more` }));
    if (focused) [...list.querySelectorAll('button')].find((button) => button.dataset.id === focused)?.focus();
  }

  /** @param {any} person */
  #item(person) {
    const face = element('span', { class: `avatar small ${tint(person.id)}`, 'aria-hidden': 'true', text: initial(person.username) });
    const attributes = { class: 'person', testid: 'person', 'data-id': person.id };
    if (person.id === this.#me()?.id) return element('li', {}, element('span', attributes, face, element('span', { text: `${person.username} (you)` })));
    return element('li', {}, element('button', {
      ...attributes, type: 'button', title: `Write to ${person.username}`, on: { click: () => this.#choose(person) },
    }, face, element('span', { text: person.username })));
  }
}
