// The web chat: <loket-chat>. On any page one line is enough:
//   <script type="module" src="https://HOST/webchat/loket-chat.js" data-title="..."></script>
// Attributes of the script or the element: data-title (the organisation), data-intro (a sentence
// before the first message), data-starters (first questions, separated by |). They may change.

import { Clock } from "./clock.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { h } from "./dom.js";
import { FullScreen } from "./fullscreen.js";
import { Header } from "./header.js";
import { Launcher } from "./launcher.js";
import { Log } from "./log.js";
import { say } from "./texts.js";
import { Seen } from "./seen.js";
import { Storage } from "./storage.js";
import { Waiting } from "./waiting.js";
import { Welcome } from "./welcome.js";

const BASE = new URL(".", import.meta.url);
const MOST_REPLAYED = 200;
const BACK_TO_BOT = "/resume_bot"; // the option that leaves the person, or the queue, for the bot
const HIDDEN_TAB = 30_000;
const OFFLINE = say("offline");

export class LoketChat extends HTMLElement {
  static observedAttributes = ["data-title", "data-intro", "data-starters"];

  #storage = new Storage(BASE.origin);
  #line = new Connection(BASE, this.#storage);
  #seen = new Seen(this.#storage);
  #clock = new Clock();
  #waiting = new Waiting(() => this.#line.waiting.length === 0);
  #welcome = new Welcome((text) => this.#choose(text));
  #composer = new Composer(this.#storage, (text) => this.#say(text),
    (file) => this.#log.send(this.#line.upload(file)));
  #log = new Log(this.#welcome.node, this.#clock, (title, payload) => this.#choose(title, payload));
  #launcher = new Launcher(() => this.open());
  #header = new Header({
    close: () => this.close(),
    toPerson: () => this.#choose("medewerker"),
    toBot: () => this.#choose(say("to_bot"), BACK_TO_BOT),
    save: () => this.#save(),
  });
  #banner = h("p", { class: "banner", role: "status" });
  #panel = h("section",
    { class: "panel", role: "dialog", "aria-labelledby": "title", hidden: true,
      keydown: (event) => event.key === "Escape" && this.close() },
    this.#header.top, this.#header.tools, this.#banner, this.#log.node, this.#waiting.node,
    this.#composer.form, this.#composer.hint);
  #frame = h("div", { class: "frame", lang: "nl", dir: "ltr", hidden: true },
    this.#panel, this.#launcher.node, this.#launcher.news);
  #screen = new FullScreen(this, this.#panel, () => this.#closed());
  #owner = "bot";
  #sleep = null;
  #saving = false;
  #begun = false;
  #left = null; // aborts when the element leaves the page

  connectedCallback() {
    // A style sheet that comes back to a page is loaded once more.
    this.#frame.hidden = true;
    if (this.#begun) this.#arrive();
    if (this.shadowRoot) return;
    const load = () => this.#dressed();
    const style = h("link",
      { rel: "stylesheet", href: new URL("loket-chat.css", BASE), load, error: load });
    this.attachShadow({ mode: "open" }).append(style, this.#frame);
  }

  // Shown once it is dressed; also when the style sheet fails, since it works without.
  #dressed() {
    this.#frame.hidden = false;
    if (!this.#begun) this.#begin();
  }

  disconnectedCallback() {
    // A page that only moves the element takes it out and puts it back at once.
    setTimeout(() => this.isConnected || this.#leave());
  }

  attributeChangedCallback() {
    this.#header.title = this.dataset.title;
    this.#welcome.show(this.dataset);
  }

  #begin() {
    const line = this.#line;
    const on = (type, work) => line.addEventListener(type, ({ detail }) => work(detail));
    on("entry", (entry) => this.#receive(entry));
    on("state", ({ owner, name = "" }) => this.#state(owner, name));
    on("line", ({ up }) => { this.#banner.textContent = up ? "" : OFFLINE; });
    on("delivered", ({ id }) => this.#log.delivered(id));
    on("refused", ({ id, error }) => this.#log.refused(id, error));
    on("forbidden", ({ error }) => { this.#banner.textContent = error; });
    on("slow", ({ error }) => { this.#composer.hint.textContent = error; });
    on("renewed", () => this.#renewed());
    this.#begun = true;
    this.attributeChangedCallback();
    this.#composer.restore();
    for (const message of line.waiting) this.#log.send(message);
    this.#arrive();
    if (this.#storage.open) this.open(false);
  }

  #arrive() {
    if (this.#left || !this.isConnected) return;
    this.#left = new AbortController();
    const { signal } = this.#left;
    const on = (target, type, work) => target.addEventListener(type, work, { signal });
    on(window, "offline", () => { this.#banner.textContent = OFFLINE; });
    on(window, "pagehide", () => this.#line.stop());
    on(window, "pageshow", (event) => event.persisted && this.#resume());
    on(window, "storage", (event) => this.#storage.isSeen(event) && this.#look());
    on(document, "visibilitychange", () => this.#visibility());
    this.#line.follow(signal);
    this.#screen.follow(signal);
    this.#resume();
  }

  // The page is done with the element: nothing of it goes on.
  #leave() {
    this.#left?.abort();
    this.#left = null;
    clearTimeout(this.#sleep);
    this.#line.stop();
  }

  /** Opens the chat; with focus in the text field unless `focus` is false. */
  open(focus = true) {
    this.#panel.hidden = false;
    this.#launcher.node.hidden = true;
    this.#storage.open = true;
    this.#line.start();
    this.#composer.typed();
    this.#look();
    this.#screen.opened(focus);
    if (focus) this.#composer.focus();
  }

  /** Closes it; the conversation goes on. */
  close() {
    this.#closed();
    this.#screen.closed();
  }

  #closed() {
    this.#panel.hidden = true;
    this.#launcher.node.hidden = false;
    this.#storage.open = false;
    this.#look();
    this.#launcher.node.focus();
  }

  // What the customer does.

  #say(text, payload = null) {
    this.#log.send(this.#line.send(text, payload));
    // A person answers when a person can; a tap is for the assistant.
    if (this.#owner !== "human" || payload) this.#waiting.start();
  }

  #choose(title, payload = null) {
    this.#say(title, payload);
    // The button is off now, and focus would fall out of the chat. On a touch screen focus in the
    // text field would bring up the keyboard over the answer.
    if (window.matchMedia("(pointer: coarse)").matches) this.#log.focus();
    else this.#composer.focus();
  }

  async #save() {
    if (this.#saving) return;
    this.#saving = true;
    const { hint } = this.#composer;
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
    this.#waiting.stop();
    if (this.#log.live) this.#look();
  }

  #state(owner, name) {
    this.#owner = owner;
    this.#header.show(owner, name);
    this.#launcher.show(owner, name);
    this.#panel.classList.toggle("with-human", owner === "human");
    this.#composer.upload.allow(owner === "queued" || owner === "human");
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
    if (recent && newest.author === "customer" && owner !== "human") this.#waiting.start();
  }

  // What stands in an open panel that is in front of the customer is seen.
  #look() {
    const attended = !this.#panel.hidden && !document.hidden;
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

  #resume() {
    if (this.#line.known || !this.#panel.hidden) this.#line.start();
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
      const busy = this.#waiting.going || this.#line.waiting.length > 0;
      if (this.#owner === "bot" && !busy) this.#line.stop();
    }, HIDDEN_TAB);
  }
}

customElements.define("loket-chat", LoketChat);

// One script tag is enough: the element is added unless the page has placed it itself.
if (!document.querySelector("loket-chat")) {
  const script = [...document.scripts].find(({ src }) => src === import.meta.url);
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
