import { byId, element } from './element.js';

const STAYS = 6_000;

/**
 * Says something in a corner, for a while.
 * @param {string} title
 * @param {string} [text]
 */
export function toast(title, text = '') {
  const made = element('div', { class: 'toast', testid: 'toast' },
    element('p', {}, element('strong', { text: title }), ' ', element('span', { text })),
    element('button', { type: 'button', class: 'ghost', 'aria-label': 'Dismiss', text: '×', on: { click: () => made.remove() } }));
  byId('toasts').append(made);
  setTimeout(() => made.remove(), STAYS);
}
