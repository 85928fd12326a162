import { withDefaults } from '../verb/options.js';
import { byId } from './element.js';
import { savePreferences } from './preferences.js';

/** Name, token and addresses. A name is set at once; another token or address begins anew. */
export class SettingsDialog {
  #client;
  #preferences;
  #dialog = byId('settings');

  /**
   * @param {import('../verb/verb.js').VerbClient} client
   * @param {import('./preferences.js').Preferences} preferences
   */
  constructor(client, preferences) {
    this.#client = client;
    this.#preferences = preferences;
    byId('settings-toggle').addEventListener('click', () => this.open());
    byId('who').addEventListener('click', () => this.open());
    byId('settings-cancel').addEventListener('click', () => this.#dialog.close());
    byId('connect-toggle').addEventListener('click', () => {
      if (['idle', 'closed'].includes(client.state)) client.connect().catch(() => {});
      else client.disconnect();
      this.#dialog.close();
    });
    byId('settings-form').addEventListener('submit', (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#save();
    });
  }

  /** @param {{forToken?: boolean}} [why] */
  open({ forToken = false } = {}) {
    byId('name').value = this.#name;
    byId('name').disabled = Boolean(this.#client.user && this.#client.user.role !== 'anonymous');
    byId('token').value = this.#preferences.token;
    byId('addresses').value = this.#preferences.addresses.join('\n');
    byId('connect-toggle').textContent = ['idle', 'closed'].includes(this.#client.state) ? 'Connect' : 'Disconnect';
    byId('settings-problem').textContent = '';
    byId('settings-advanced').open = forToken;
    this.#dialog.showModal();
    byId(forToken ? 'token' : 'name').select();
  }

  get #name() {
    return this.#client.user?.username ?? this.#preferences.name;
  }

  async #save() {
    const token = byId('token').value.trim();
    const addresses = byId('addresses').value.split(/\s+/).filter(Boolean);
    try {
      if (addresses.length > 0) withDefaults({ addresses });
      await this.#rename(byId('name').value.trim());
    } catch (error) {
      byId('settings-problem').textContent = /** @type {Error} */ (error).message;
      return;
    }
    const elsewhere = addresses.join() !== this.#preferences.addresses.join();
    const begins = elsewhere || token !== this.#preferences.token;
    Object.assign(this.#preferences, { token, addresses });
    savePreferences({ token, addresses, ...(begins ? { session: null } : {}) });
    this.#dialog.close();
    if (begins) location.reload();
  }

  /** @param {string} name */
  async #rename(name) {
    if (!name || byId('name').disabled || name === this.#name) return;
    if (this.#client.state !== 'open') throw new Error('The name can be changed once connected.');
    await this.#client.setUsername(name);
    this.#preferences.name = name;
    savePreferences({ name });
  }
}
