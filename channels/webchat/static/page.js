// What a page is told of its chat by events: that something happened, never what was said.

export class Page {
  #host;
  #unseen = 0;
  #known = false;
  #open = false;

  /** @param host the element, from which each event goes up through the page. */
  constructor(host) {
    this.#host = host;
  }

  /** Tells that something happened: `loket:` and the type are the event's name. */
  tell(type, detail = {}) {
    const more = { detail, bubbles: true, composed: true };
    this.#host.dispatchEvent(new CustomEvent(`loket:${type}`, more));
  }

  /** Somebody said something, or what the customer said arrived. */
  said({ id, author, at }) {
    this.tell("message", { id, author, at });
  }

  /** Whether the panel is open. */
  set open(open) {
    if (open === this.#open) return;
    this.#open = open;
    this.tell(open ? "open" : "close");
  }

  /** So many messages were not seen yet. */
  set unseen(count) {
    if (count === this.#unseen) return;
    this.#unseen = count;
    this.tell("unread", { count });
  }

  /** Whether the chat is that of a customer whom the page has logged in. */
  set known(known) {
    if (known === this.#known) return;
    this.#known = known;
    this.tell("identified", { known });
  }
}
