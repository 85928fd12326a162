/**
 * Calls back whenever the page may have slept: it is shown again, resumes from a freeze, is taken from the browser's cache, or the network is back.
 * @param {() => void} woke
 * @returns {() => void} ends it
 */
export function onWaking(woke) {
  const page = globalThis.document;
  const shown = () => { if (!page.hidden) woke(); };
  /** @type {[EventTarget | undefined, string, () => void][]} */
  const signs = [[page, 'visibilitychange', shown], [page, 'resume', woke], [page?.defaultView, 'pageshow', woke], [page?.defaultView, 'online', woke]];
  for (const [target, type, listener] of signs) target?.addEventListener(type, listener);
  return () => { for (const [target, type, listener] of signs) target?.removeEventListener(type, listener); };
}
