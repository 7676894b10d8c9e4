// The button that opens the chat: who is behind it, and what was not seen yet.

import { h, icon, unseen } from "./dom.js";
import { say } from "./texts.js";

export class Launcher {
  #icon = h("span", { class: "drawing" }, icon("chat"));
  #words = h("span");
  #badge = h("span", { class: "badge", part: "badge", hidden: true });
  #behind = { owner: "bot", name: "" };
  #unread = []; // what was not seen yet, oldest first

  /** @param open called when the customer taps it. */
  constructor(open) {
    this.node = h("button", { type: "button", class: "opener", part: "launcher", click: open },
      this.#icon, this.#words, this.#badge);
    this.news = h("p", { class: "unseen", role: "status" });
    this.#draw();
  }

  /** Shows who answers from now on: the conversation's owner, and the person's name or "". */
  show(owner, name) {
    this.#behind = { owner, name };
    this.#draw();
  }

  /** Shows what was not seen yet: how much, and who wrote last. */
  set unread(entries) {
    const number = entries.length;
    const words = say(number === 1 ? "unread_one" : "unread_many");
    const news = number ? say("unread_news", { number, messages: words }) : "";
    this.#unread = entries;
    this.#badge.hidden = number === 0;
    this.#badge.replaceChildren(String(number), unseen(` ${words}`));
    if (this.news.textContent !== news) this.news.textContent = news;
    this.#draw();
  }

  #draw() {
    const { owner, name } = this.#behind;
    const person = owner === "human";
    this.#icon.replaceChildren(icon(person ? "person" : "chat"));
    const last = this.#unread.at(-1);
    const more = !person ? say("open_more")
      : name ? say("open_named", { name }) : say("open_person");
    if (last) this.#words.textContent = writer(last);
    else this.#words.replaceChildren(say("open"), h("span", { class: "long" }, more));
  }
}

function writer({ author, name }) {
  return name ? say("from_named", { name }) : say(`from.${author}`);
}
