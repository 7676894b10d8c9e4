// One of the browser's storages. Where a browser forbids it everything still works, until the page is
// left.

/** Keeps texts by key, in the browser or else on this page. */
export class Shelf {
  #storage = null;
  #copy = new Map(); // what was set on this page
  #refused = new Set(); // keys of what the browser would not take: storage forbidden or full

  /** @param name `localStorage` or `sessionStorage`. */
  constructor(name) {
    try {
      this.#storage = window[name];
    } catch {
      // Forbidden, as in some private windows and frames.
    }
  }

  get(key) {
    const copy = this.#copy.get(key) ?? null;
    return this.#refused.has(key) ? copy : this.#try((storage) => storage.getItem(key), copy);
  }

  set(key, value) {
    this.#copy.set(key, value);
    const taken = this.#try((storage) => {
      storage.setItem(key, value);
      return true;
    }, false);
    if (taken) this.#refused.delete(key);
    else this.#refused.add(key);
  }

  remove(key) {
    this.#copy.delete(key);
    this.#refused.delete(key);
    this.#try((storage) => storage.removeItem(key));
  }

  keys() {
    const known = this.#try((storage) => Object.keys(storage), [...this.#copy.keys()]);
    return [...new Set([...known, ...this.#refused])];
  }

  // Whatever a browser forbids, it may forbid at any moment, and for reading as for writing.
  #try(work, otherwise = null) {
    try {
      return this.#storage ? work(this.#storage) : otherwise;
    } catch {
      return otherwise;
    }
  }
}
