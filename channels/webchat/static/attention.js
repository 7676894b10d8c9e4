// Whether the customer has the conversation in view, and what was not seen of it. A tab that nobody
// looks at gives its stream up.

import { Seen } from "./seen.js";

const HIDDEN_TAB = 30_000; // ms

export class Attention {
  #line;
  #shown;
  #tell;
  #idle;
  #seen;
  #sleep = null;

  /**
   * @param line tells the server what was seen.
   * @param storage keeps it.
   * @param shown says whether the messages stand in an open panel.
   * @param tell called with what was not seen yet, oldest first.
   * @param idle says whether no answer may come now.
   */
  constructor({ line, storage, shown, tell, idle }) {
    this.#line = line;
    this.#seen = new Seen(storage);
    this.#shown = shown;
    this.#tell = tell;
    this.#idle = idle;
  }

  /** Takes in what somebody else than the customer said. */
  add(entry) {
    this.#seen.add(entry);
  }

  /** What was not seen yet, oldest first. */
  get unseen() {
    return this.#seen.unseen;
  }

  /** All that was said until now counts as seen. */
  all() {
    this.#seen.all();
  }

  /** Another conversation begins. */
  clear() {
    this.#seen.clear();
  }

  /**
   * What stands in an open panel that is in front of the customer is seen.
   * @param live whether all that was said before is there.
   */
  look(live) {
    const attended = this.#shown() && !document.hidden;
    this.#line.attended = attended;
    const newest = attended && live ? this.#seen.all() : null;
    if (newest) this.#line.saw(newest.entry);
    this.#tell(this.#seen.unseen);
  }

  // A browser opens only a few connections to one host, so a tab that nobody looks at gives its
  // stream up, unless an answer may come in it.
  /** The tab came in front of the customer, or went. */
  turned() {
    clearTimeout(this.#sleep);
    if (!document.hidden) return;
    this.#sleep = setTimeout(() => {
      if (this.#idle() && this.#line.waiting.length === 0) this.#line.stop();
    }, HIDDEN_TAB);
  }

  /** The page is done with the chat. */
  stop() {
    clearTimeout(this.#sleep);
  }
}
