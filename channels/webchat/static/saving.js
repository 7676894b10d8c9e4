// The conversation as a file among the customer's downloads.

import { h } from "./dom.js";
import { say } from "./texts.js";

export class Saving {
  #line;
  #clock;
  #hint;
  #busy = false;

  /**
   * @param line gives the file.
   * @param clock the time, for its name.
   * @param hint where it is said how that went.
   */
  constructor(line, clock, hint) {
    this.#line = line;
    this.#clock = clock;
    this.#hint = hint;
  }

  async save() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const href = URL.createObjectURL(await this.#line.transcript());
      const today = new Date(this.#clock.now()).toLocaleDateString("sv-SE");
      h("a", { href, download: `gesprek-${today}.txt` }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60_000);
      this.#hint.textContent = say("saved");
    } catch {
      this.#hint.textContent = say("not_saved");
    }
    this.#busy = false;
  }
}
