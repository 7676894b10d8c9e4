// A neutral line while an answer is on its way; no imitation of somebody who types.

import { h } from "./dom.js";
import { say } from "./texts.js";

const SOON = 700; // ms
const LONG = 8_000;

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
    this.#steps = [
      setTimeout(show, SOON, say("waiting")),
      setTimeout(show, LONG, say("waiting_long")),
    ];
  }

  stop() {
    this.#steps.forEach(clearTimeout);
    this.#steps = [];
    this.node.textContent = "";
  }
}
