// A neutral line while an answer is on its way; no imitation of somebody who types.

import { h } from "./dom.js";
import { say } from "./texts.js";

const STEPS = [
  [700, say("waiting")],
  [8_000, say("waiting_long")],
];

export class Waiting {
  #steps = [];
  #sent;

  /** @param sent says whether all that the customer wrote has arrived; only then it is shown. */
  constructor(sent) {
    this.#sent = sent;
    this.node = h("p", { class: "waiting", role: "status" });
  }

  get going() {
    return this.#steps.length > 0;
  }

  start() {
    this.stop();
    const show = (text) => {
      if (this.#sent()) this.node.textContent = text;
    };
    this.#steps = STEPS.map(([after, text]) => setTimeout(show, after, text));
  }

  stop() {
    this.#steps.forEach(clearTimeout);
    this.#steps = [];
    this.node.textContent = "";
  }
}
