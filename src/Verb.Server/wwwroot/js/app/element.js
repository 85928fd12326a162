/**
 * Makes an element. What people wrote arrives as text nodes and attributes, never as markup.
 * @param {string} tag
 * @param {Record<string, any>} [properties] `class`, `text`, `testid`, `on` ({event: handler}), and attributes; false and null are left out
 * @param {...(Node | string | null | undefined)} children
 */
export function element(tag, { class: className, text, testid, on = {}, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  if (testid) made.dataset.testid = testid;
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value === true ? '' : String(value));
  }
  for (const [event, handler] of Object.entries(on)) made.addEventListener(event, handler);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/**
 * The element of the page with this id.
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element '${id}'.`);
  return found;
}
