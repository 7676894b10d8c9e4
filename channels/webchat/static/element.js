// The element <loket-chat>: its attributes, and what a page may ask of it. docs/web-chat.md lists both.

import { publish } from "./api.js";
import { Chat } from "./chat.js";
import { h } from "./dom.js";
import { Page } from "./page.js";
import { speak } from "./texts.js";

const BASE = new URL(".", import.meta.url);
const STYLE = "loket-chat.css";
const MOST_TEXT = 10_000; // characters of a message that the server takes

export class LoketChat extends HTMLElement {
  static observedAttributes = ["data-title", "data-intro", "data-starters", "data-open", "data-theme",
    "data-lang", "data-inline"];

  #page = new Page(this);
  #chat = null;
  #begun = false;
  #asked = []; // what the page asked for before the chat could do it; null: it can

  connectedCallback() {
    if (this.shadowRoot) {
      // A style sheet that comes back to a page is loaded once more.
      this.#chat.node.hidden = true;
      if (this.#begun) this.#chat.arrive();
      return;
    }
    this.#chat = this.#make();
    const load = () => this.#dressed();
    const style = h("link", { rel: "stylesheet", href: new URL(STYLE, BASE), load, error: load });
    this.attachShadow({ mode: "open" }).append(style, this.#chat.node);
  }

  disconnectedCallback() {
    // A page that only moves the element takes it out and puts it back at once.
    setTimeout(() => this.isConnected || this.#chat.leave());
  }

  attributeChangedCallback(name, before, now) {
    if (!this.#begun || before === now) return;
    if (name === "data-lang" || name === "data-inline") this.#anew();
    else if (name !== "data-open") this.#chat.show();
    else if (now === null) this.close();
    else this.open(false);
  }

  /** Opens the chat; with focus in the text field unless `focus` is false. */
  open(focus = true) {
    this.#do(() => this.#chat.open(focus));
  }

  /** Closes it; the conversation goes on. */
  close() {
    this.#do(() => this.#chat.close());
  }

  /**
   * Says something in the customer's name; the chat opens, so that the customer sees it.
   * @throws {TypeError} it is no text, or an empty one.
   * @throws {RangeError} it is longer than 10,000 characters.
   */
  send(text) {
    if (typeof text !== "string" || text.trim() === "") throw new TypeError("loket.send takes a text");
    if ([...text].length > MOST_TEXT) throw new RangeError(`a message has ${MOST_TEXT} characters at most`);
    this.#do(() => this.#chat.send(text.trim()));
  }

  /**
   * Says which customer the website has logged in, by a token that it signed; null: nobody, any more.
   * @param details {token}.
   * @returns whether Loket believed it; the console says why not.
   * @throws {TypeError} there is no token in it. Whoever was logged in is nobody any more.
   */
  identify(details) {
    return new Promise((resolve, reject) => {
      this.#do(() => this.#chat.identify(details).then(resolve, reject));
    });
  }

  #do(work) {
    if (this.#asked) this.#asked.push(work);
    else work();
  }

  // Shown once it is dressed; also when the style sheet fails, since it works without.
  #dressed() {
    this.#chat.node.hidden = false;
    if (this.#begun) return;
    this.#begun = true;
    this.#chat.begin();
    this.#page.tell("ready");
    this.#chat.unfold();
    // With what is asked for while the page hears of it, in that order.
    for (const work of this.#asked) work();
    this.#asked = null;
  }

  #make() {
    speak(this.dataset.lang);
    return new Chat(this, this.#page, BASE);
  }

  #anew() {
    const before = this.#chat;
    before.leave();
    this.#chat = this.#make();
    before.node.replaceWith(this.#chat.node);
    this.#chat.node.hidden = false;
    this.#chat.begin();
    if (before.unfolded) this.#chat.open(false);
    else if (before.unfolded === null) this.#chat.unfold();
  }
}

/**
 * Puts the chat on the page, unless the page has placed it itself.
 * @param source address of the script that the page names, whose attributes the element gets.
 */
export function begin(source) {
  customElements.define("loket-chat", LoketChat);
  const place = () => {
    if (!document.querySelector("loket-chat")) add(source);
    publish(() => document.querySelector("loket-chat"));
  };
  // A script that another one added may run before the page is there.
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", place);
  else place();
}

function add(source) {
  const script = [...document.scripts].find(({ src }) => src === source);
  const element = document.createElement("loket-chat");
  Object.assign(element.dataset, script?.dataset);
  document.body.append(element);
  // Such a script runs once. A page that puts another body in place of this one, as Turbo does, means
  // to keep the chat; one that takes the element out does not.
  let { body } = document;
  new MutationObserver(() => {
    if (document.body === body || !document.body) return;
    const kept = element.parentElement === body;
    ({ body } = document);
    if (kept && !document.querySelector("loket-chat")) body.append(element);
  }).observe(document.documentElement, { childList: true });
}
