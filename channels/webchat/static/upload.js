// The button to send a photo or a PDF; there as long as a person can look at it.

import { h, icon, unseen } from "./dom.js";
import { say } from "./texts.js";

// What the server lets in; a phone makes a JPEG of its own kind of picture for it.
const KINDS = "image/jpeg,image/png,image/webp,image/gif,application/pdf,audio/*";

export class Upload {
  #send;
  #button;
  #input;

  /** @param send called with the file that the customer chose. */
  constructor(send) {
    this.#send = send;
    this.#input = h("input",
      { type: "file", accept: KINDS, hidden: true, change: () => this.#chosen() });
    this.#button = h("button",
      { type: "button", class: "attach", hidden: true, click: () => this.#input.click() },
      icon("attach"), unseen(say("attach")));
    this.nodes = [this.#input, this.#button];
  }

  /** Whether a person can look at a file now. */
  allow(allowed) {
    this.#button.hidden = !allowed;
  }

  #chosen() {
    const [file] = this.#input.files;
    this.#input.value = ""; // the same file can be chosen once more
    if (file) this.#send(file);
    this.#button.focus();
  }
}
