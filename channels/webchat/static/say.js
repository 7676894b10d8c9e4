// The chat window's words, from the server's catalogue, in which an organisation may have its own.

import { texts } from "./texts.js";

/** A text with its {placeholders} filled in. */
export function say(key, values = {}) {
  return texts[key].replace(/\{\{|\}\}|\{(\w+)\}/g, (found, name) => (
    name === undefined ? found[0] : String(values[name])));
}
