// Says that the person who has the conversation is typing; it is never said of the assistant.

import { h } from "./dom.js";
import { say } from "./texts.js";

export class Typing {
  #over = 0; // timer

  /** @param line where the server's signs come in, and what ends them. */
  constructor(line) {
    this.node = h("p", { class: "typing", role: "status" });
    line.addEventListener("typing", ({ detail }) => this.#take(detail));
    line.addEventListener("entry", ({ detail }) => detail.author === "human" && this.#anew());
    for (const end of ["state", "renewed", "other"]) line.addEventListener(end, () => this.#anew());
  }

  #take({ name, seconds }) {
    clearTimeout(this.#over);
    if (!seconds) {
      this.#hide();
      return;
    }
    const words = name ? say("typing_named", { name }) : say("typing");
    // Read aloud once for each answer, however often its writer stops to think.
    if (this.node.textContent !== words) this.node.textContent = words;
    this.#over = setTimeout(() => this.#hide(), seconds * 1000);
  }

  #hide() {
    if (!this.node.textContent) return;
    this.node.textContent = "";
    this.node.setAttribute("aria-live", "off");
  }

  #anew() {
    clearTimeout(this.#over);
    this.#hide();
    this.node.setAttribute("aria-live", "polite");
  }
}
