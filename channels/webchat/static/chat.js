// One chat in its element: what the customer sees and does, and what comes in. Another language or mode
// makes another one (element.js); the conversation itself is the server's.

import { Alerts } from "./alerts.js";
import { Attention } from "./attention.js";
import { Clock } from "./clock.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { Frame } from "./frame.js";
import { FullScreen } from "./fullscreen.js";
import { Identifying } from "./identifying.js";
import { Incoming } from "./incoming.js";
import { Log } from "./log.js";
import { Saving } from "./saving.js";
import { Storage } from "./storage.js";
import { say } from "./texts.js";
import { SYSTEM } from "./theme.js";
import { Typing } from "./typing.js";
import { Waiting } from "./waiting.js";
import { Welcome } from "./welcome.js";

const BACK_TO_BOT = "/resume_bot"; // the option that leaves the person, or the queue, for the bot

export class Chat {
  #host;
  #storage;
  #line;
  #attention;
  #alerts;
  #incoming;
  #page;
  #clock = new Clock();
  #waiting = new Waiting(() => this.#line.waiting.length === 0);
  #welcome = new Welcome((text) => this.#choose(text));
  #composer;
  #log = new Log(this.#welcome.node, this.#clock, (title, payload) => this.#choose(title, payload),
    () => this.#line.votes);
  #frame;
  #screen;
  #owner = "bot";
  #left = null; // aborts when the element leaves the page
  #identifying;

  /**
   * @param host the element on the page.
   * @param page what is told of the chat.
   * @param base where the server is.
   */
  constructor(host, page, base) {
    this.#host = host;
    this.#page = page;
    this.#storage = new Storage(base.origin);
    this.#line = new Connection(base, this.#storage);
    this.#identifying = new Identifying(this.#line, () => this.#left !== null);
    this.#alerts = new Alerts(this.#storage, () => this.#opens());
    this.#attention = new Attention({
      line: this.#line,
      storage: this.#storage,
      shown: () => this.#frame.open,
      tell: (unseen) => { this.#frame.unread = unseen; page.unseen = unseen.length; },
      idle: () => this.#owner === "bot" && !this.#waiting.going && !this.#alerts.on,
    });
    this.#incoming = new Incoming({ clock: this.#clock, log: this.#log, waiting: this.#waiting,
      attention: this.#attention, alerts: this.#alerts, page, line: this.#line });
    this.#composer = new Composer(this.#storage, (text) => { this.#stays(); this.#say(text); },
      (file) => this.#log.send(this.#line.upload(file)));
    const saving = new Saving(this.#line, this.#clock, this.#composer.hint);
    const acts = {
      open: () => this.#opens(),
      close: () => { this.#storage.open = false; this.close(); },
      toPerson: () => this.#choose("medewerker"),
      toBot: () => this.#choose(say("to_bot"), BACK_TO_BOT),
      save: () => saving.save(),
      wipe: () => this.#wipe(),
      known: () => this.#line.identified,
      alerts: this.#alerts,
      refused: () => { this.#composer.hint.textContent = say("notices_refused"); },
    };
    this.#frame = new Frame(host.dataset.inline !== undefined, acts,
      [this.#log.node, this.#waiting.node, new Typing(this.#line).node, this.#composer.form, this.#composer.hint]);
    this.node = this.#frame.node;
    this.#screen = new FullScreen(host, this.#frame.panel, () => {
      this.#storage.open = false;
      this.#closed();
    });
  }

  /** Begins once the chat is dressed; nothing is told to the page yet. */
  begin() {
    const line = this.#line;
    const on = (type, work) => line.addEventListener(type, ({ detail }) => work(detail));
    on("entry", (entry) => this.#incoming.receive(entry));
    on("state", ({ owner, name = "" }) => this.#state(owner, name));
    on("line", ({ up }) => { this.#frame.trouble = up ? "" : say("offline"); });
    on("delivered", ({ id }) => this.#incoming.delivered(id));
    on("refused", ({ id, error }) => this.#log.refused(id, error));
    on("forbidden", ({ error }) => { this.#frame.trouble = error; });
    on("slow", ({ error }) => { this.#composer.hint.textContent = error; });
    on("renewed", () => this.#renewed());
    on("other", () => this.#startOver());
    this.show();
    this.#composer.restore();
    for (const message of line.waiting) this.#log.send(message);
    this.arrive();
  }

  /**
   * Opens as the customer left it in this tab. A page may have it open, not over a whole phone, nor
   * once the customer has closed it.
   */
  unfold() {
    const wanted = this.#host.dataset.open !== undefined && !this.#screen.whole;
    if (!this.#frame.inline && (this.#storage.open ?? wanted)) this.open(false);
  }

  /** Whether its panel is open above the page; null: it stands in the page. */
  get unfolded() {
    return this.#frame.inline ? null : this.#frame.open;
  }

  /** The element is on a page, again. */
  arrive() {
    if (this.#left || !this.#host.isConnected) return;
    this.#left = new AbortController();
    const { signal } = this.#left;
    const on = (target, type, work) => target.addEventListener(type, work, { signal });
    on(window, "offline", () => { this.#frame.trouble = say("offline"); });
    on(window, "pagehide", () => this.#line.stop());
    on(window, "pageshow", (event) => event.persisted && this.#resume());
    on(window, "storage", (event) => this.#storage.isSeen(event) && this.#look());
    on(document, "visibilitychange", () => this.#visibility());
    on(SYSTEM, "change", () => this.show());
    this.#line.follow(signal);
    if (!this.#frame.inline) this.#screen.follow(signal);
    this.#resume();
  }

  /** The page is done with the element, or with this chat in it: nothing of it goes on. */
  leave() {
    this.#left?.abort();
    this.#left = null;
    this.#attention.stop();
    this.#waiting.stop();
    this.#line.stop();
  }

  /** Shows what the page's attributes say. */
  show() {
    const { dataset } = this.#host;
    this.#frame.dress(dataset);
    this.#welcome.show(dataset);
  }

  /** Opens the chat; with focus in the text field unless `focus` is false. */
  open(focus = true) {
    if (this.#frame.inline) {
      if (focus) this.#composer.focus();
      return;
    }
    this.#frame.open = true;
    this.#line.start();
    this.#composer.typed();
    this.#look();
    this.#screen.opened(focus);
    if (focus) this.#composer.focus();
    this.#page.open = true;
  }

  /** Closes it; the conversation goes on. */
  close() {
    if (this.#frame.inline || !this.#frame.open) return;
    this.#closed();
    this.#screen.closed();
  }

  /** Says something in the customer's name, in sight. */
  send(text) {
    if (!this.#frame.open) this.open(false);
    this.#say(text);
  }

  /** Goes on as the customer in these details, of whom the page says that it is logged in. */
  identify(details) {
    return this.#identifying.identify(details);
  }

  // The customer's own choice is remembered in this tab; a call of the page is none.
  #stays() {
    this.#storage.open = true;
  }

  #opens() {
    this.#stays();
    this.open();
  }

  #closed() {
    this.#frame.open = false;
    this.#look();
    this.#frame.focusLauncher();
    this.#page.open = false;
  }

  #say(text, payload = null) {
    this.#log.send(this.#line.send(text, payload));
    // A person answers when a person can; a tap is for the assistant.
    if (this.#owner !== "human" || payload) this.#waiting.start();
  }

  #choose(title, payload = null) {
    this.#stays();
    this.#say(title, payload);
    // The button is off now, and focus would fall out of the chat. On a touch screen focus in the
    // text field would bring up the keyboard over the answer.
    if (window.matchMedia("(pointer: coarse)").matches) this.#log.focus();
    else this.#composer.focus();
  }

  #show(owner, name) {
    this.#owner = owner;
    this.#frame.show(owner, name);
    this.#composer.upload.allow(owner === "queued" || owner === "human");
  }

  #state(owner, name) {
    this.#show(owner, name);
    // What the assistant offered is not for the person who answers now.
    if (owner === "human") this.#log.switchAllOff();
    if (this.#storage.seen === null) this.#attention.all();
    if (!this.#log.live) this.#incoming.goLive(owner);
    this.#look();
  }

  #look() {
    this.#attention.look(this.#log.live);
  }

  // Nothing of the conversation before may be seen by whoever is there now.
  #startOver() {
    this.#waiting.stop();
    this.#log.clear();
    this.#composer.clear();
    this.#frame.trouble = "";
    this.#attention.clear();
    this.#show("bot", "");
    this.#look();
    this.#page.known = this.#line.identified;
  }

  #wipe() {
    const words = say(this.#line.identified ? "wiped_known" : "wiped");
    this.#line.wipe();
    this.#composer.hint.textContent = words;
    this.#composer.focus();
  }

  #renewed() {
    this.#attention.clear();
    this.#look();
    if (this.#log.size === 0) return;
    this.#log.switchAllOff();
    this.#log.note(say("renewed"));
  }

  #resume() {
    this.#line.check();
    if (this.#line.known || (this.#frame.open && !this.#frame.inline)) this.#line.start();
  }

  #visibility() {
    this.#attention.turned();
    this.#look();
    if (!document.hidden) this.#resume();
  }
}
