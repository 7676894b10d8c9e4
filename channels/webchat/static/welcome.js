// What stands in the log before anything was said.

import { h } from "./dom.js";
import { say } from "./texts.js";

export class Welcome {
  #choose;
  #intro = h("p", { class: "intro" });
  #starters = h("div", { class: "starters" });

  /** @param choose called with the words of a first question that is tapped. */
  constructor(choose) {
    this.#choose = choose;
    this.node = h("div", { class: "welcome", part: "welcome" },
      this.#intro, h("p", null, say("mistakes")), this.#starters);
  }

  /** Shows the page's own sentence and first questions, separated by |. */
  show({ intro = say("intro"), starters = "" }) {
    const questions = starters.split("|").map((text) => text.trim()).filter(Boolean);
    this.#intro.textContent = intro;
    this.#starters.replaceChildren(...questions.map((text) =>
      h("button", { type: "button", class: "option", part: "option", click: () => this.#choose(text) }, text)));
  }
}
