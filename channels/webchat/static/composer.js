// Where the customer types: the field, what is said about it, and what stays of it in this tab.

import { h, icon, unseen } from "./dom.js";
import { locale, say } from "./texts.js";
import { Upload } from "./upload.js";

const MAX_TEXT = 10_000;
const WARN_FROM = 9_000;
const IN_COMPOSITION = 229; // keyCode of a key that an input method takes for itself (UI Events, 7.3)

export class Composer {
  #storage;
  #send;
  #field;

  /**
   * @param storage keeps the draft.
   * @param send called with what the customer sends.
   * @param sendFile called with a file that the customer chose.
   */
  constructor(storage, send, sendFile) {
    this.#storage = storage;
    this.#send = send;
    this.upload = new Upload(sendFile);
    this.#field = h("textarea",
      { id: "input", part: "input", rows: "1", placeholder: say("placeholder"), "aria-describedby": "hint",
        enterkeyhint: "send", autocomplete: "off", dir: "auto",
        input: () => this.typed(), keydown: (event) => this.#key(event) });
    this.hint = h("p", { class: "hint", id: "hint", role: "status" });
    const submit = (event) => {
      event.preventDefault();
      this.#submit();
    };
    this.form = h("form", { submit },
      h("label", { for: "input", class: "unseen" }, say("message")),
      this.#field,
      ...this.upload.nodes,
      h("button", { type: "submit", class: "send", part: "send" }, icon("send"), unseen(say("send"))));
  }

  focus() {
    this.#field.focus();
  }

  /** Brings back what was typed in this tab and not sent. */
  restore() {
    this.#field.value = this.#storage.draft;
  }

  /** Takes away what is typed. */
  clear() {
    this.#field.value = "";
    this.typed();
  }

  /** Fits the field to what is in it, and says how much room is left. */
  typed() {
    const { value } = this.#field;
    this.#storage.draft = value;
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight + 2}px`;
    const left = MAX_TEXT - length(value.trim());
    this.#field.setAttribute("aria-invalid", String(left < 0));
    const near = left < MAX_TEXT - WARN_FROM;
    this.hint.textContent = left < 0 ? say("too_long", { count: characters(-left) })
      : near ? say("room", { count: characters(left) }) : "";
  }

  // In an input method Enter takes a suggestion. Safari ends the composition before it tells of the
  // key, which then has the code of keys in a composition.
  #key(event) {
    const composing = event.isComposing || event.keyCode === IN_COMPOSITION;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.#field.value.trim();
    this.#field.focus();
    if (text === "") this.hint.textContent = say("empty");
    if (text === "" || length(text) > MAX_TEXT) return;
    this.#field.value = "";
    this.typed();
    this.#send(text);
  }
}

function length(text) {
  return [...text].length;
}

function characters(count) {
  const key = count === 1 ? "character" : "characters";
  return say(key, { number: count.toLocaleString(locale()) });
}
