// What the customer has seen of what others said. Kept in the browser, so that it outlives the page.

export class Seen {
  #storage;
  #said = []; // what people and the assistant said, oldest first

  constructor(storage) {
    this.#storage = storage;
  }

  /** Takes in what somebody else than the customer said. */
  add(entry) {
    this.#said.push(entry);
  }

  /** What was not seen yet, oldest first. */
  get unseen() {
    const last = this.#storage.seen;
    return this.#said.filter((entry) => last !== null && number(entry) > last);
  }

  /** The customer sees all of it now; gives back the newest entry, or null where there is none. */
  all() {
    const newest = this.#said.at(-1) ?? null;
    if (newest && number(newest) > (this.#storage.seen ?? 0)) this.#storage.seen = number(newest);
    return newest;
  }

  /** Another conversation begins. */
  clear() {
    this.#said = [];
  }
}

// The server's names of what is said to a customer count up: o12, o13.
function number({ entry }) {
  return Number(entry.slice(1));
}
