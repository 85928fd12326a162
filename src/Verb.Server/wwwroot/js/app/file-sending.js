import { byId, element } from './element.js';
import { size } from './format.js';

/** Uploads from the file button, by dropping and by pasting, each with a progress bar; the link is posted where it was sent. */
export class FileSending {
  #client;
  #conversations;
  #post;

  /**
   * @param {import('../verb/verb.js').VerbClient} client
   * @param {import('./conversations.js').Conversations} conversations
   * @param {{post: (conversation: any, message: any) => void}} actions
   */
  constructor(client, conversations, { post }) {
    this.#client = client;
    this.#conversations = conversations;
    this.#post = post;
    const input = byId('file');
    input.addEventListener('change', () => {
      this.#take(input.files);
      input.value = '';
    });
    const target = byId('conversation');
    target.addEventListener('dragover', (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      target.classList.add('dropping');
    });
    target.addEventListener('dragleave', () => target.classList.remove('dropping'));
    target.addEventListener('drop', (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      target.classList.remove('dropping');
      this.#take(event.dataTransfer?.files ?? []);
    });
    byId('composer-text').addEventListener('paste', (/** @type {ClipboardEvent} */ event) => this.#take(event.clipboardData?.files ?? []));
  }

  /** @param {Iterable<File>} files */
  #take(files) {
    const { active } = this.#conversations;
    if (active && !byId('composer').inert) for (const file of files) this.#send(active, file);
  }

  /**
   * @param {import('./conversations.js').Conversation} conversation
   * @param {File} file
   */
  async #send(conversation, file) {
    const abort = new AbortController();
    const bar = element('progress', { max: Math.max(1, file.size), value: 0, testid: 'upload-progress', 'aria-label': `Upload of ${file.name}` });
    const note = element('span', { class: 'quiet', testid: 'upload-note', text: 'waiting' });
    const cancel = element('button', { type: 'button', class: 'link', testid: 'upload-cancel', text: 'Cancel', on: { click: () => abort.abort() } });
    const row = element('div', { class: 'upload', testid: 'upload' }, element('span', { class: 'file-name', text: file.name }), bar, note, cancel);
    byId('uploads').append(row);
    try {
      const { filename, url, uploadId, size: bytes } = await this.#client.upload(file, {
        roomId: conversation.kind === 'room' ? conversation.id : undefined,
        signal: abort.signal,
        onProgress: ({ sent }) => {
          bar.setAttribute('value', String(sent));
          note.textContent = `${Math.floor((100 * sent) / Math.max(1, file.size))} % of ${size(file.size)}`;
        },
      });
      row.remove();
      this.#post(conversation, { kind: 'file', uploadId, filename, size: bytes, url });
    } catch (error) {
      this.#failed(row, conversation, file, /** @type {Error} */ (error));
    }
  }

  /**
   * @param {HTMLElement} row
   * @param {import('./conversations.js').Conversation} conversation
   * @param {File} file
   * @param {Error} error
   */
  #failed(row, conversation, file, error) {
    const again = () => {
      row.remove();
      this.#send(conversation, file);
    };
    row.replaceChildren(
      element('span', { class: 'file-name', text: file.name }),
      element('span', { class: 'problem', testid: 'upload-problem', role: 'alert', text: error.message }),
      element('button', { type: 'button', class: 'link', testid: 'upload-again', text: 'Try again', on: { click: again } }),
      element('button', { type: 'button', class: 'link', testid: 'upload-dismiss', text: 'Dismiss', on: { click: () => row.remove() } }));
  }
}
