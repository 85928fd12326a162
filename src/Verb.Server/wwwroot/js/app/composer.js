import { byId } from './element.js';

const TYPING_EVERY = 2_000;

/** The message box: Enter sends, Shift and Enter begins a line; each conversation keeps its draft. */
export class Composer {
  #conversations;
  #actions;
  #text = byId('composer-text');
  #lastTyping = -Infinity;
  #isShut = false;
  /** @type {import('./conversations.js').Conversation | null} */
  #shown = null;

  /**
   * @param {import('./conversations.js').Conversations} conversations
   * @param {{send: (text: string) => void, typing: () => void}} actions
   */
  constructor(conversations, actions) {
    this.#conversations = conversations;
    this.#actions = actions;
    conversations.addEventListener('active', () => this.#switch());
    byId('composer').addEventListener('submit', (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener('input', () => this.#typed());
  }

  /** @param {FocusOptions} [how] */
  focus(how) {
    this.#text.focus(how);
  }

  /** Takes nothing while the hub cannot be written to for good. @param {boolean} isShut */
  shut(isShut) {
    this.#isShut = isShut;
    this.#apply();
  }

  #apply() {
    byId('composer').inert = this.#isShut || !this.#conversations.active;
  }

  #send() {
    const text = this.#text.value.trim();
    if (!text || !this.#conversations.active) return;
    this.#text.value = '';
    this.#lastTyping = -Infinity;
    this.#fit();
    this.#actions.send(text);
  }

  #typed() {
    this.#fit();
    const now = performance.now();
    if (!this.#text.value || now - this.#lastTyping < TYPING_EVERY) return;
    this.#lastTyping = now;
    this.#actions.typing();
  }

  #switch() {
    this.#apply();
    const { active } = this.#conversations;
    if (active === this.#shown) return;
    if (this.#shown) this.#shown.draft = this.#text.value;
    this.#shown = active;
    this.#text.value = active?.draft ?? '';
    this.#text.placeholder = active ? `Write to ${active.kind === 'room' ? `#${active.title}` : active.title}` : 'Join a room to write';
    this.#fit();
  }

  #fit() {
    this.#text.rows = Math.min(6, this.#text.value.split('\n').length);
  }
}
