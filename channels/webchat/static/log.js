// The messages on the screen: in order, each once, with old options switched off.

import { Days } from "./days.js";
import { h } from "./dom.js";
import { DoubleClick } from "./double_click.js";
import { Message, notice } from "./messages.js";
import { Scrolling } from "./scrolling.js";
import { say } from "./texts.js";

const TURN = 5_000; // ms; what the bot says so soon after the last thing is of the same turn

export class Log {
  #entries = new Map(); // by the server's name of an entry
  #own = new Map(); // messages of this customer by the browser's id
  #choose;
  #votes;
  #clock;
  #welcome;
  #list = h("div", { class: "list" });
  #scroller;
  #scrolling;
  #days;
  #clicks;
  #live = false;
  #previous = null; // what was said last
  #turn = null; // the first message of the last turn

  /**
   * @param welcome what is shown as long as nothing was said.
   * @param clock the time.
   * @param choose called with (title, payload) when the customer taps an option.
   * @param votes gives what keeps whether quotes helped.
   */
  constructor(welcome, clock, choose, votes) {
    this.#welcome = welcome;
    this.#clock = clock;
    this.#choose = choose;
    this.#votes = votes;
    this.#scroller = h("div",
      { class: "log", part: "messages", role: "log", "aria-label": say("messages"), "aria-live": "off", tabindex: "0" },
      welcome, this.#list);
    this.#days = new Days(this.#list, clock);
    this.#scrolling = new Scrolling(this.#scroller, this.#list);
    this.node = this.#scrolling.node;
    this.#clicks = new DoubleClick(this.node, ".message");
  }

  /** How many messages the server has sent. */
  get size() {
    return this.#entries.size;
  }

  /** What was said last, as the server sent it. */
  get newest() {
    return [...this.#entries.values()].at(-1)?.entry;
  }

  /** Shows what the server sent, unless it is there already; says whether it is new. */
  receive(entry) {
    if (this.#entries.has(entry.entry)) return false;
    const own = entry.id && this.#own.get(entry.id);
    const message = own || new Message(entry, this.#choose, this.#votes());
    this.#entries.set(entry.entry, message);
    if (own) {
      own.confirmed = true;
      own.status("");
      own.at = entry.at;
      this.#moveUp(own);
      this.#retime();
    } else {
      this.#show(message, this.#unconfirmed()[0]?.node ?? null);
    }
    if (entry.author === "customer") this.#switchOff(message.node, entry.payload);
    return !own;
  }

  /** Shows a message of the customer that the server has not confirmed. */
  send({ id, text, payload, at, file }) {
    if (this.#own.has(id)) return;
    const entry = { author: "customer", kind: "text", id, text, payload, file };
    const message = new Message({ ...entry, at: this.#timeOf(at) }, this.#choose);
    message.typed = at;
    message.status(say("sending"));
    this.#own.set(id, message);
    this.#show(message, null);
    this.#switchOff(message.node, payload);
    this.#scrolling.toEnd();
  }

  delivered(id) {
    this.#own.get(id)?.status("");
  }

  refused(id, error) {
    const message = this.#own.get(id);
    if (!message) return;
    message.confirmed = true;
    message.status(say("not_sent", { error }), true);
  }

  /** A line of our own about the conversation. */
  note(text, first = false) {
    const line = notice({ text });
    if (first) this.#list.prepend(line);
    else this.#list.append(line);
  }

  /**
   * Everything said before now is shown: from here on a screen reader reads what comes in.
   * @param unseen what was not seen yet, oldest first; else the last turn is shown.
   */
  goLive([unseen]) {
    if (this.#live) return;
    this.#live = true;
    this.#days.draw();
    this.#scrolling.from(this.#entries.get(unseen?.entry)?.node ?? this.#turn);
    this.#scroller.setAttribute("aria-live", "polite");
  }

  get live() {
    return this.#live;
  }

  /** Another conversation begins, and nothing of this one stays. */
  clear() {
    this.#entries.clear();
    this.#own.clear();
    this.#list.replaceChildren();
    this.#days.clear();
    this.#scrolling.toEnd();
    this.#scroller.setAttribute("aria-live", "off");
    this.#welcome.hidden = false;
    this.#live = false;
    this.#previous = this.#turn = null;
  }

  /** Old options can no longer be tapped. */
  switchAllOff() {
    for (const message of this.#entries.values()) message.deactivate();
  }

  focus() {
    this.#scroller.focus();
  }

  #show(message, before) {
    this.#scrolling.before();
    const { author } = message.entry;
    const begins = this.#begins(message.entry);
    this.#welcome.hidden = true;
    this.#clicks.appeared(message.node);
    this.#list.insertBefore(message.node, before);
    this.#days.put(message.node, message.at);
    if (this.#live) this.#days.draw();
    if (begins || author === "customer") this.#turn = begins ? message.node : null;
    this.#previous = message.entry;
    if (!this.#live) return;
    if (author === "customer") this.#scrolling.follow();
    else this.#scrolling.added(message.node, begins);
  }

  // Whether a message is the first of a turn. A person's messages are a turn each.
  #begins({ at, author }) {
    if (author === "customer") return false;
    const before = this.#previous;
    return !before || author === "human" || before.author === "customer"
      || new Date(at) - new Date(before.at) > TURN;
  }

  #unconfirmed() {
    return [...this.#own.values()].filter((own) => !own.confirmed);
  }

  // By the server's clock, which may have been told only now, for all that it has not confirmed.
  #retime() {
    for (const own of this.#own.values()) {
      if (!own.confirmed) own.at = this.#timeOf(own.typed);
      this.#days.put(own.node, own.at);
    }
    if (this.#live) this.#days.draw();
  }

  #timeOf(device) {
    return new Date(this.#clock.of(device)).toISOString();
  }

  // A message of ours that the server took goes before those it has not taken yet: that is the
  // order in which everybody sees them.
  #moveUp(own) {
    const first = this.#unconfirmed().find(({ node }) => precedes(node, own.node));
    if (first) this.#list.insertBefore(own.node, first.node);
  }

  // The customer went on: what was offered before cannot be chosen any more.
  #switchOff(node, payload) {
    for (const message of this.#entries.values()) {
      if (message.active && precedes(message.node, node)) message.deactivate(payload);
    }
  }
}

function precedes(node, other) {
  return Boolean(node.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
}
