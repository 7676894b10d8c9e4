// The messages on the screen: in order, each once, with old options switched off.

import { h, icon } from "./dom.js";
import { Message, dayLine, notice, sameDay } from "./messages.js";
import { say } from "./texts.js";

const END = 48; // px from the end that still count as being at the end
const AGES_AGO = new Date(0);

export class Log {
  #entries = new Map(); // by the server's name of an entry
  #own = new Map(); // messages of this customer by the browser's id
  #choose;
  #welcome;
  #list = h("div", { class: "list" });
  #scroller;
  #newer;
  #live = false;
  #last = AGES_AGO; // when the message shown last was said

  /**
   * @param welcome what is shown as long as nothing was said.
   * @param choose called with (title, payload) when the customer taps an option.
   */
  constructor(welcome, choose) {
    this.#welcome = welcome;
    this.#choose = choose;
    this.#scroller = h("div",
      { class: "log", role: "log", "aria-label": say("messages"), "aria-live": "off", tabindex: "0" },
      welcome, this.#list);
    this.#newer = h("button",
      { type: "button", class: "newer", hidden: true, click: () => this.#toNewer() },
      icon("down"), say("newer"));
    this.node = h("div", { class: "middle" }, this.#scroller, this.#newer);
    this.#keepEnd();
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
    const message = own || new Message(entry, this.#choose);
    this.#entries.set(entry.entry, message);
    if (own) {
      own.confirmed = true;
      own.status("");
      this.#moveUp(own);
    } else {
      this.#show(message, this.#unconfirmed()[0]?.node ?? null);
    }
    if (entry.author === "customer") this.#switchOff(message.node, entry.payload);
    return !own;
  }

  /** Shows a message of the customer that the server has not confirmed. */
  send({ id, text, payload, at }) {
    if (this.#own.has(id)) return;
    const entry = { author: "customer", kind: "text", id, text, payload, at: new Date(at) };
    const message = new Message({ ...entry, at: entry.at.toISOString() }, this.#choose);
    message.status(say("sending"));
    this.#own.set(id, message);
    this.#show(message, null);
    this.#switchOff(message.node, payload);
    this.toEnd();
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

  /** Everything said before now is shown: from here on a screen reader reads what comes in. */
  goLive() {
    if (this.#live) return;
    this.#live = true;
    this.toEnd();
    this.#scroller.setAttribute("aria-live", "polite");
  }

  get live() {
    return this.#live;
  }

  /** Old options can no longer be tapped. */
  switchAllOff() {
    for (const message of this.#entries.values()) message.deactivate();
  }

  toEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#newer.hidden = true;
  }

  focus() {
    this.#scroller.focus();
  }

  #show(message, before) {
    const wasAtEnd = this.#atEnd();
    const { at, author } = message.entry;
    this.#welcome.hidden = true;
    const today = this.#last === AGES_AGO ? Date.now() : this.#last;
    if (!sameDay(today, at)) this.#list.insertBefore(dayLine(at), before);
    this.#last = at;
    this.#list.insertBefore(message.node, before);
    if (!this.#live || author === "customer") return;
    if (wasAtEnd) this.#reveal(message.node);
    else this.#newer.hidden = false;
  }

  #unconfirmed() {
    return [...this.#own.values()].filter((own) => !own.confirmed);
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

  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < END;
  }

  // A message longer than the log is shown from its beginning.
  #reveal(node) {
    if (node.offsetHeight > this.#scroller.clientHeight - END) {
      this.#scroller.scrollTop = node.offsetTop - this.#scroller.offsetTop;
    } else {
      this.toEnd();
    }
  }

  // When the log becomes larger or smaller its end stays in sight. The browser may scroll by itself
  // on the way there; that says nothing about where the customer was.
  #keepEnd() {
    let atEnd = true;
    let size = "";
    const sizeNow = () => `${this.#scroller.clientWidth} ${this.#scroller.clientHeight}`;
    this.#scroller.addEventListener("scroll", () => {
      if (size !== sizeNow()) return;
      atEnd = this.#atEnd();
      if (atEnd) this.#newer.hidden = true;
    });
    new ResizeObserver(() => {
      size = sizeNow();
      if (atEnd) this.toEnd();
    }).observe(this.#scroller);
  }

  #toNewer() {
    this.toEnd();
    this.focus();
  }
}

function precedes(node, other) {
  return Boolean(node.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
}
