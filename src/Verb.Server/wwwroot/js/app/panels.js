import { byId } from './element.js';

/**
 * A panel with its button: opens, closes by its button, by Escape and by the button inside, and gives the focus back.
 * @param {string} panelId
 * @param {string} toggleId
 * @param {{opened?: () => void}} [actions]
 */
export function panel(panelId, toggleId, { opened = () => {} } = {}) {
  const body = byId(panelId);
  const toggle = byId(toggleId);
  const show = (/** @type {boolean} */ open) => {
    body.hidden = !open;
    toggle.setAttribute('aria-expanded', String(open));
    document.body.classList.toggle(`has-${panelId}`, open);
    if (!open) return toggle.focus();
    opened();
    body.querySelector('button, input')?.focus();
  };
  toggle.addEventListener('click', () => show(body.hidden));
  body.querySelector('[data-closes]').addEventListener('click', () => show(false));
  body.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape') show(false); });
}
