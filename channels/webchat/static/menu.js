// What is asked of the chat less often, behind one button.

import { h, icon, unseen } from "./dom.js";
import { say } from "./texts.js";

export class Menu {
  #wipe;
  #ask;
  #sure;
  #no;

  /** @param wipe called when the customer wants the conversation off this device. */
  constructor(wipe) {
    this.#wipe = wipe;
    this.button = h("button",
      { type: "button", class: "tool more", part: "tool", "aria-expanded": "false",
        "aria-controls": "menu", click: () => this.#toggle() },
      icon("more"), unseen(say("more")));
    this.#ask = h("button", { type: "button", class: "item", click: () => this.#doubt() },
      icon("wipe"), say("wipe"));
    this.#no = h("button", { type: "button", class: "option", click: () => this.#calm() },
      say("wipe_no"));
    const yes = h("button", { type: "button", class: "option", click: () => this.#carryOut() },
      say("wipe_yes"));
    this.#sure = h("div", { class: "sure", role: "group", "aria-labelledby": "sure", hidden: true },
      h("p", { id: "sure" }, say("wipe_sure")), h("div", { class: "ways" }, yes, this.#no));
    this.node = h("div",
      { class: "menu", id: "menu", part: "menu", hidden: true, keydown: (event) => this.#key(event) },
      this.#ask, this.#sure);
  }

  #toggle() {
    this.#show(this.node.hidden);
  }

  #show(open) {
    this.node.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    this.#ask.hidden = false;
    this.#sure.hidden = true;
    if (open) this.#ask.focus();
  }

  // Once, in place of the button itself. A second tap on the same spot changes nothing.
  #doubt() {
    this.#ask.hidden = true;
    this.#sure.hidden = false;
    this.#no.focus();
  }

  #calm() {
    this.#show(false);
    this.button.focus();
  }

  #carryOut() {
    this.#show(false);
    this.#wipe();
  }

  // Escape closes what was opened last.
  #key(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#calm();
  }
}
