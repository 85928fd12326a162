const KEY = 'verb';

/**
 * What this tab remembers over a reload: who it is, which hub, which rooms. Each tab is a person of its own.
 * @typedef {{name: string, token: string, addresses: string[], session: string | null, rooms: string[]}} Preferences
 */

/** @returns {Preferences} */
export function loadPreferences() {
  /** @type {Preferences} */
  const preferences = { name: '', token: '', addresses: [], session: null, rooms: ['lobby'], ...stored() };
  const query = new URLSearchParams(location.search);
  preferences.name = query.get('name') ?? preferences.name;
  preferences.rooms = [...new Set([...query.getAll('room'), ...preferences.rooms])];
  return preferences;
}

/** @param {Partial<Preferences>} changes */
export function savePreferences(changes) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...stored(), ...changes }));
  } catch {
    // A browser that keeps nothing still has a page that works.
  }
}

function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '{}');
  } catch {
    return {};
  }
}
