// The lines between the days of a conversation, by the server's clock.

import { h } from "./dom.js";
import { dayName, sameDay } from "./messages.js";

export class Days {
  #list;
  #clock;
  #times = new Map(); // node of a message -> when it was said
  #lines = new Map(); // node of a message -> the line above it

  constructor(list, clock) {
    this.#list = list;
    this.#clock = clock;
  }

  /** A message stands in the list, was moved, or turned out to be of another time. */
  put(node, at) {
    this.#times.set(node, at);
  }

  /** The list is empty again. */
  clear() {
    this.#times.clear();
    this.#lines.clear();
  }

  /** Puts each line where its day begins. A conversation of today alone has none. */
  draw() {
    const now = this.#clock.now();
    let last = now;
    for (const node of [...this.#list.children]) {
      const at = this.#times.get(node);
      if (at === undefined) continue;
      this.#line(node, sameDay(last, at) ? "" : dayName(at, now));
      last = at;
    }
  }

  // What is right already is not touched: a screen reader would read it again.
  #line(node, words) {
    const line = this.#lines.get(node);
    if (!words) {
      line?.remove();
      this.#lines.delete(node);
    } else if (!line || node.previousSibling !== line) {
      line?.remove();
      const fresh = h("div", { class: "day" }, h("span", null, words));
      this.#lines.set(node, fresh);
      this.#list.insertBefore(fresh, node);
    } else if (line.textContent !== words) {
      line.firstChild.textContent = words;
    }
  }
}
