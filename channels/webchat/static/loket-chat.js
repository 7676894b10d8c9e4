// The web chat: <loket-chat>. On any page one line is enough:
//   <script type="module" src="https://HOST/webchat/loket-chat.js" data-title="..."></script>
// Attributes of the script or the element: data-title (the organisation), data-intro (a sentence
// before the first message), data-starters (first questions, separated by |).

import { Clock } from "./clock.js";
import { Connection } from "./connection.js";
import { h, icon, unseen } from "./dom.js";
import { Header } from "./header.js";
import { Launcher } from "./launcher.js";
import { Log } from "./log.js";
import { say } from "./texts.js";
import { Seen } from "./seen.js";
import { Storage } from "./storage.js";

const BASE = new URL(".", import.meta.url);
const MAX_TEXT = 10_000;
const WARN_FROM = 9_000;
const MOST_REPLAYED = 200;
const BACK_TO_BOT = "/resume_bot"; // the option that leaves the person, or the queue, for the bot
const HIDDEN_TAB = 30_000;
const WAITING = [
  [700, say("waiting")],
  [8_000, say("waiting_long")],
];
const OFFLINE = say("offline");

export class LoketChat extends HTMLElement {
  #storage = new Storage(BASE.origin);
  #line = new Connection(BASE, this.#storage);
  #seen = new Seen(this.#storage);
  #clock = new Clock();
  #log = null;
  #header;
  #launcher;
  #parts = {};
  #owner = "bot";
  #waits = [];
  #sleep = null;
  #saving = false;

  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    const style = h("link", { rel: "stylesheet", href: new URL("loket-chat.css", BASE) });
    const frame = h("div", { class: "frame", lang: "nl", hidden: true }, ...this.#build());
    // Shown once it is dressed; also when the style sheet fails, since it works without.
    const show = () => {
      frame.hidden = false;
      this.#begin();
    };
    style.addEventListener("load", show, { once: true });
    style.addEventListener("error", show, { once: true });
    root.append(style, frame);
  }

  #build() {
    const parts = this.#parts;
    this.#log = new Log(this.#welcome(), this.#clock,
      (title, payload) => this.#choose(title, payload));
    this.#launcher = new Launcher(() => this.open());
    this.#header = new Header({
      close: () => this.close(),
      toPerson: () => this.#say("medewerker"),
      toBot: () => this.#choose(say("to_bot"), BACK_TO_BOT),
      save: () => this.#save(),
    });
    this.#header.title = this.dataset.title;
    parts.banner = h("p", { class: "banner", role: "status" });
    parts.waiting = h("p", { class: "waiting", role: "status" });
    parts.hint = h("p", { class: "hint", id: "hint", role: "status" });
    parts.panel = h("section",
      { class: "panel", role: "dialog", "aria-labelledby": "title", hidden: true,
        keydown: (event) => event.key === "Escape" && this.close() },
      this.#header.top, this.#header.tools, parts.banner, this.#log.node, parts.waiting,
      this.#form(), parts.hint);
    return [parts.panel, this.#launcher.node, this.#launcher.news];
  }

  #form() {
    this.#parts.input = h("textarea",
      { id: "input", rows: "1", placeholder: say("placeholder"), "aria-describedby": "hint",
        enterkeyhint: "send", autocomplete: "off",
        input: () => this.#typed(), keydown: (event) => this.#key(event) });
    const submit = (event) => {
      event.preventDefault();
      this.#submit();
    };
    return h("form", { submit },
      h("label", { for: "input", class: "unseen" }, say("message")),
      this.#parts.input,
      h("button", { type: "submit", class: "send" }, icon("send"), unseen(say("send"))));
  }

  #welcome() {
    const { intro = say("intro"), starters = "" } = this.dataset;
    const questions = starters.split("|").map((text) => text.trim()).filter(Boolean);
    return h("div", { class: "welcome" },
      h("p", { class: "intro" }, intro),
      h("p", null, say("mistakes")),
      h("div", { class: "starters" }, ...questions.map((text) =>
        h("button", { type: "button", class: "option", click: () => this.#choose(text) }, text))));
  }

  #begin() {
    const line = this.#line;
    const { banner, hint, input } = this.#parts;
    const on = (type, work) => line.addEventListener(type, ({ detail }) => work(detail));
    on("entry", (entry) => this.#receive(entry));
    on("state", ({ owner, name = "" }) => this.#state(owner, name));
    on("line", ({ up }) => { banner.textContent = up ? "" : OFFLINE; });
    on("delivered", ({ id }) => this.#log.delivered(id));
    on("refused", ({ id, error }) => this.#log.refused(id, error));
    on("slow", ({ error }) => { hint.textContent = error; });
    on("renewed", () => this.#renewed());
    window.addEventListener("offline", () => { banner.textContent = OFFLINE; });
    window.addEventListener("pagehide", () => line.stop());
    window.addEventListener("pageshow", (event) => event.persisted && this.#resume());
    window.addEventListener("storage", (event) => this.#storage.isSeen(event) && this.#look());
    document.addEventListener("visibilitychange", () => this.#visibility());
    input.value = this.#storage.draft;
    for (const message of line.waiting) this.#log.send(message);
    if (this.#storage.open) this.open(false);
    else this.#resume();
  }

  /** Opens the chat; with focus in the text field unless `focus` is false. */
  open(focus = true) {
    const { panel, input } = this.#parts;
    panel.hidden = false;
    this.#launcher.node.hidden = true;
    this.#storage.open = true;
    this.#line.start();
    this.#typed();
    this.#look();
    if (focus) input.focus();
  }

  /** Closes it; the conversation goes on. */
  close() {
    const opener = this.#launcher.node;
    this.#parts.panel.hidden = true;
    opener.hidden = false;
    this.#storage.open = false;
    this.#look();
    opener.focus();
  }

  // What the customer does.

  #say(text, payload = null) {
    this.#log.send(this.#line.send(text, payload));
    // A person answers when a person can; a tap is for the assistant.
    if (this.#owner !== "human" || payload) this.#await();
  }

  #choose(title, payload = null) {
    this.#say(title, payload);
    // The button is off now, and focus would fall out of the chat. On a touch screen focus in the
    // text field would bring up the keyboard over the answer.
    if (window.matchMedia("(pointer: coarse)").matches) this.#log.focus();
    else this.#parts.input.focus();
  }

  #submit() {
    const { input, hint } = this.#parts;
    const text = input.value.trim();
    input.focus();
    if (text === "") hint.textContent = say("empty");
    if (text === "" || length(text) > MAX_TEXT) return;
    input.value = "";
    this.#typed();
    this.#say(text);
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #typed() {
    const { input, hint } = this.#parts;
    this.#storage.draft = input.value;
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight + 2}px`;
    const left = MAX_TEXT - length(input.value.trim());
    input.setAttribute("aria-invalid", String(left < 0));
    if (left < 0) {
      hint.textContent = say("too_long", { count: characters(-left) });
    } else {
      const near = left < MAX_TEXT - WARN_FROM;
      hint.textContent = near ? say("room", { count: characters(left) }) : "";
    }
  }

  async #save() {
    if (this.#saving) return;
    this.#saving = true;
    const { hint } = this.#parts;
    try {
      const href = URL.createObjectURL(await this.#line.transcript());
      const today = new Date(this.#clock.now()).toLocaleDateString("sv-SE");
      h("a", { href, download: `gesprek-${today}.txt` }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60_000);
      hint.textContent = say("saved");
    } catch {
      hint.textContent = say("not_saved");
    }
    this.#saving = false;
  }

  // What comes in.

  #receive(entry) {
    this.#clock.set(entry.now);
    const fresh = this.#log.receive(entry);
    if (!fresh || entry.author === "customer") return;
    this.#seen.add(entry);
    this.#stopWaiting();
    if (this.#log.live) this.#look();
  }

  #state(owner, name) {
    this.#owner = owner;
    this.#header.show(owner, name);
    this.#launcher.show(owner, name);
    this.#parts.panel.classList.toggle("with-human", owner === "human");
    // What the assistant offered is not for the person who answers now.
    if (owner === "human") this.#log.switchAllOff();
    if (this.#storage.seen === null) this.#seen.all();
    if (!this.#log.live) this.#goLive(owner);
    this.#look();
  }

  #goLive(owner) {
    if (this.#log.size >= MOST_REPLAYED) this.#log.note(say("older", { button: say("save") }), true);
    this.#log.goLive(this.#seen.unseen);
    const newest = this.#log.newest;
    const recent = newest && this.#clock.now() - new Date(newest.at) < 60_000;
    if (recent && newest.author === "customer" && owner !== "human") this.#await();
  }

  // What stands in an open panel that is in front of the customer is seen.
  #look() {
    const attended = !this.#parts.panel.hidden && !document.hidden;
    this.#line.attended = attended;
    const newest = attended && this.#log.live ? this.#seen.all() : null;
    if (newest) this.#line.saw(newest.entry);
    this.#launcher.unread = this.#seen.unseen;
  }

  #renewed() {
    this.#seen.clear();
    this.#launcher.unread = [];
    if (this.#log.size === 0) return;
    this.#log.switchAllOff();
    this.#log.note(say("renewed"));
  }

  // A neutral line while the answer is on its way; no imitation of somebody who types.
  #await() {
    this.#stopWaiting();
    const show = (text) => {
      if (this.#line.waiting.length === 0) this.#parts.waiting.textContent = text;
    };
    this.#waits = WAITING.map(([after, text]) => setTimeout(show, after, text));
  }

  #stopWaiting() {
    this.#waits.forEach(clearTimeout);
    this.#waits = [];
    this.#parts.waiting.textContent = "";
  }

  #resume() {
    if (this.#line.known || !this.#parts.panel.hidden) this.#line.start();
  }

  // A browser opens only a few connections to one host, so a tab that nobody looks at gives its
  // stream up, unless an answer may come in it.
  #visibility() {
    clearTimeout(this.#sleep);
    this.#look();
    if (!document.hidden) {
      this.#resume();
      return;
    }
    this.#sleep = setTimeout(() => {
      const busy = this.#waits.length > 0 || this.#line.waiting.length > 0;
      if (this.#owner === "bot" && !busy) this.#line.stop();
    }, HIDDEN_TAB);
  }
}

function length(text) {
  return [...text].length;
}

function characters(count) {
  const key = count === 1 ? "character" : "characters";
  return say(key, { number: count.toLocaleString("nl-NL") });
}

customElements.define("loket-chat", LoketChat);

// One script tag is enough: the element is added unless the page has placed it itself.
if (!document.querySelector("loket-chat")) {
  const script = [...document.scripts].find(({ src }) => src === import.meta.url);
  const element = document.createElement("loket-chat");
  Object.assign(element.dataset, script?.dataset);
  document.body.append(element);
}
