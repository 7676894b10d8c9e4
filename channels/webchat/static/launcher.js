// The button that opens the chat: who is behind it, and what was not seen yet.

import { h, icon, unseen } from "./dom.js";
import { say } from "./texts.js";

export class Launcher {
  #icon = h("span", { class: "drawing" }, icon("chat"));
  #words = h("span");
  #badge = h("span", { class: "badge", hidden: true });
  #behind = { owner: "bot", name: "" };
  #unread = 0;

  /** @param open called when the customer taps it. */
  constructor(open) {
    this.node = h("button", { type: "button", class: "opener", click: open },
      this.#icon, this.#words, this.#badge);
    this.news = h("p", { class: "unseen", role: "status" });
    this.#draw();
  }

  /** Shows who answers from now on: the conversation's owner, and the person's name or "". */
  show(owner, name) {
    this.#behind = { owner, name };
    this.#draw();
  }

  set unread(unread) {
    const words = say(unread === 1 ? "unread_one" : "unread_many");
    this.#unread = unread;
    this.#badge.hidden = unread === 0;
    this.#badge.replaceChildren(String(unread), unseen(` ${words}`));
    this.news.textContent = unread ? say("unread_news", { number: unread, messages: words }) : "";
  }

  get unread() {
    return this.#unread;
  }

  #draw() {
    const { owner, name } = this.#behind;
    const person = owner === "human";
    this.#icon.replaceChildren(icon(person ? "person" : "chat"));
    const more = !person ? say("open_more")
      : name ? say("open_named", { name }) : say("open_person");
    this.#words.replaceChildren(say("open"), h("span", { class: "long" }, more));
  }
}
