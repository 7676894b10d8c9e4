// The browser's memory for the chat: the session, messages not yet delivered, the draft. Where a
// browser forbids storage everything still works, until the page is left.

class Shelf {
  #storage = null;
  #copy = new Map(); // what was set on this page
  #refused = new Set(); // keys of what the browser would not take: storage forbidden or full

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

const kept = new Shelf("localStorage");
const tab = new Shelf("sessionStorage");

/** What is kept for one Loket server. */
export class Storage {
  #prefix;

  constructor(origin) {
    this.#prefix = `loket:${origin}:`;
  }

  /** {token, conversation} or null. */
  get session() {
    return parsed(kept.get(`${this.#prefix}session`));
  }

  set session(value) {
    kept.set(`${this.#prefix}session`, JSON.stringify(value));
  }

  /** Whether a `storage` event says that another tab has begun another conversation. */
  isOtherConversation({ key, oldValue, newValue }) {
    if (key !== `${this.#prefix}session` || !oldValue) return false;
    return parsed(oldValue)?.conversation !== parsed(newValue)?.conversation;
  }

  /** Messages that the server has not confirmed, of all tabs, oldest first. */
  get waiting() {
    return kept.keys()
      .filter((key) => key.startsWith(`${this.#prefix}out:`))
      .map((key) => parsed(kept.get(key)))
      .filter((message) => message?.id)
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  }

  // One key a message, so that two tabs never overwrite each other's.
  keep(message) {
    kept.set(`${this.#prefix}out:${message.id}`, JSON.stringify(message));
  }

  forget(id) {
    kept.remove(`${this.#prefix}out:${id}`);
  }

  /** Number of the newest message to the customer that was seen; null: nothing is known of it. */
  get seen() {
    return parsed(kept.get(`${this.#prefix}seen`));
  }

  set seen(number) {
    kept.set(`${this.#prefix}seen`, String(number));
  }

  /** Whether a `storage` event says that another tab showed something. */
  isSeen({ key }) {
    return key === `${this.#prefix}seen`;
  }

  /** Whether something on the way held a stream of this tab back lately. */
  get heldBack() {
    return Date.now() < Number(tab.get(`${this.#prefix}held-back`) ?? 0);
  }

  /** For so many milliseconds from now. */
  set heldBack(milliseconds) {
    tab.set(`${this.#prefix}held-back`, String(Date.now() + milliseconds));
  }

  /** What is typed but not sent, in this tab. */
  get draft() {
    return tab.get(`${this.#prefix}draft`) ?? "";
  }

  set draft(text) {
    tab.set(`${this.#prefix}draft`, text);
  }

  /** Whether the chat stands open in this tab. */
  get open() {
    return tab.get(`${this.#prefix}open`) === "1";
  }

  set open(value) {
    tab.set(`${this.#prefix}open`, value ? "1" : "0");
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
