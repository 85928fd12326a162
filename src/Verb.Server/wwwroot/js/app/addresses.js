/**
 * The nodes a page may turn to: those of the query's `nodes`, or else those its own node names at `demo.json` beside it.
 * @param {{href: string, search: string}} page where the page is from
 * @param {(path: string) => Promise<Response>} get
 * @returns {Promise<string[]>} socket routes in the order to try them, the page's own node first: it has the page and its socket route side by side
 */
export async function addressesOf(page, get = fetch) {
  const given = new URLSearchParams(page.search).getAll('nodes').flatMap((nodes) => nodes.split(',')).map((node) => node.trim()).filter(Boolean);
  return inTurn(page.href, given.length > 0 ? given : await named(page.href, get));
}

/**
 * The page's own node first, then the others from its place on, so that pages of different nodes turn to different ones.
 * @param {string} href
 * @param {string[]} nodes addresses, or `host:port`; what is none is left out
 */
export function inTurn(href, nodes) {
  const own = /** @type {string} */ (route(new URL('.', href).href, href));
  const others = nodes.map((node) => route(node, href)).filter((address) => address !== null);
  const at = others.indexOf(own);
  return [...new Set([own, ...others.slice(at + 1), ...others.slice(0, Math.max(0, at))])];
}

/**
 * @param {string} node
 * @param {string} href
 */
function route(node, href) {
  const address = /^(?:ws|http)s?:\/\//.test(node) ? node : `${new URL(href).protocol}//${node}`;
  if (!URL.canParse(address)) return null;
  const { protocol, host, pathname } = new URL(address);
  return `${protocol.replace('http', 'ws')}//${host}${pathname.endsWith('/') ? `${pathname}ws` : pathname}`;
}

/**
 * A host that serves the page in a way of its own need not name any.
 * @param {string} href
 * @param {(path: string) => Promise<Response>} get
 */
async function named(href, get) {
  try {
    const answer = await get(new URL('demo.json', href).href);
    const { addresses } = answer.ok ? await answer.json() : {};
    return Array.isArray(addresses) ? addresses.filter((address) => typeof address === 'string') : [];
  } catch {
    return [];
  }
}
