// `window.loket`: what a page may ask of its chat, without looking for the element.

const NAMES = ["open", "close", "send", "identify"];

/**
 * Makes `window.loket`, and does what was asked of the one that stood in for it (loket.js).
 * @param find gives the chat's element, or null while the page has none.
 */
export function publish(find) {
  const waiting = window.loket?.calls ?? [];
  const loket = {};
  for (const name of NAMES) {
    loket[name] = async (...values) => {
      const element = find();
      if (!element) throw new Error("Loket: there is no <loket-chat> on this page");
      return element[name](...values);
    };
  }
  window.loket = Object.freeze(loket);
  for (const { name, values, resolve, reject } of waiting) loket[name](...values).then(resolve, reject);
}
