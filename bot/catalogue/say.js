// Words of a page, from the server's catalogue, in which an organisation may have its own. The
// server puts `const texts = {...}` before this.

/** A text with its {placeholders} filled in; to be shown as text, never as HTML. */
export function say(key, values = {}) {
  return texts[key].replace(/\{\{|\}\}|\{(\w+)\}/g, (found, name) => (
    name === undefined ? found[0] : String(values[name])));
}
