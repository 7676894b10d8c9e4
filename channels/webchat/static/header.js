// The top of the panel: who answers, and what can be asked of the conversation itself.

import { h, icon, unseen } from "./dom.js";
import { Menu } from "./menu.js";
import { say } from "./texts.js";

export class Header {
  #title = h("span");
  #who = h("span", { class: "whole" }, say("title"));
  #mark = h("div", { class: "mark" }, icon("assistant"));
  #identity = h("p", { class: "identity", role: "status" }, say("identity.bot"));
  #toPerson;
  #toBot;

  /**
   * @param acts what is called when the customer taps: {close, toPerson, toBot, save}, and what
   *   `Menu` takes; without `close` there is no such button.
   */
  constructor({ close, toPerson, toBot, save, ...more }) {
    const menu = new Menu(more);
    this.top = h("div", { class: "top", part: "header" },
      this.#mark,
      h("div", { class: "who" },
        h("h2", { id: "title" }, this.#title, this.#who),
        this.#identity),
      close && h("button", { type: "button", class: "close", part: "close", click: close },
        icon("close"), unseen(say("close"))));
    this.#toPerson = tool("tool person", "person", say("to_person"), toPerson);
    this.#toBot = tool("tool assistant", "assistant", say("to_bot"), toBot);
    this.#toBot.hidden = true;
    this.tools = h("div", { class: "tools", part: "tools" },
      this.#toPerson, this.#toBot, tool("tool", "save", say("save"), save), menu.button);
    this.menu = menu.node;
  }

  /** The organisation's name, in front of who answers. */
  set title(title) {
    this.#title.textContent = title ? `${title} – ` : "";
  }

  /** Shows who answers from now on: the conversation's owner, and the person's name or "". */
  show(owner, name) {
    const person = owner === "human";
    this.#who.textContent = person ? name || say("name.human") : say("title");
    this.#mark.replaceChildren(icon(person ? "person" : "assistant"));
    const words = person && name ? say("identity_named", { name }) : say(`identity.${owner}`);
    // A status is read aloud whenever it is written, also with the same words.
    if (this.#identity.textContent !== words) this.#identity.textContent = words;
    // Who waits in the queue has asked already.
    this.#toPerson.hidden = person || owner === "queued";
    this.#toBot.hidden = !person;
  }
}

function tool(className, drawing, words, click) {
  return h("button", { type: "button", class: className, part: "tool", click }, icon(drawing), words);
}
