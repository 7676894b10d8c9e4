// The browser's memory for the chat: the session, messages not yet delivered, the draft.

import { Shelf } from "./shelf.js";

const kept = new Shelf("localStorage");
const tab = new Shelf("sessionStorage");

// Sessions of customers whom the page has logged in, by server. They are kept nowhere: the next page
// says anew who is there, and whoever comes after finds nothing.
const customers = new Map();

/** What is kept for one Loket server. */
export class Storage {
  #origin;

  constructor(origin) {
    this.#origin = origin;
  }

  // A customer's things stand apart from those of a stranger on the same device.
  get #prefix() {
    const { customer } = this;
    return `${this.#shared}${customer ? `${customer.conversation}:` : ""}`;
  }

  get #shared() {
    return `loket:${this.#origin}:`;
  }

  /** Session of the customer whom the page has logged in: {token, conversation}, or null. */
  get customer() {
    return customers.get(this.#origin) ?? null;
  }

  /** {token, conversation, wipe: what tells the server that it was wiped} or null. */
  get session() {
    return this.customer ?? parsed(kept.get(`${this.#shared}session`));
  }

  set session(value) {
    kept.set(`${this.#shared}session`, JSON.stringify(value));
  }

  /**
   * The page has logged a customer in; what anybody else left here goes. Not where another customer's
   * conversation begins here: that holds no word, and without it all that was wiped would be back.
   */
  enter(session) {
    const spared = [`${this.#shared}${session.conversation}:`, `${this.#shared}customer`];
    if (kept.get(`${this.#shared}said`)) this.leave();
    for (const [shelf, kind] of [[kept, ""], [tab, "draft"]]) {
      shelf.keys()
        .filter((key) => key.startsWith(this.#shared) && key.endsWith(kind))
        .filter((key) => !key.endsWith(":begin") && !spared.some((each) => key.startsWith(each)))
        .forEach((key) => shelf.remove(key));
    }
    customers.set(this.#origin, session);
    kept.set(`${this.#shared}customer`, session.conversation);
  }

  /** The same customer, by a fresh session. */
  refresh(session) {
    customers.set(this.#origin, session);
  }

  /** Takes what was said in this conversation off this device. */
  clear() {
    for (const { id } of this.waiting) this.forget(id);
    for (const { entry } of this.#votes) this.unvote(entry);
    tab.remove(`${this.#prefix}draft`);
  }

  /** The same, and the conversation itself. */
  end() {
    this.clear();
    for (const name of ["seen", "told", "said"]) kept.remove(`${this.#prefix}${name}`);
    const { customer, isLeft } = this;
    customers.delete(this.#origin);
    if (!customer) kept.remove(`${this.#shared}session`);
    else if (!isLeft) kept.remove(`${this.#shared}customer`);
  }

  /** Keeps, for the server, that nobody can open the stranger's conversation any more. */
  leave() {
    const { wipe } = parsed(kept.get(`${this.#shared}session`)) ?? {};
    if (wipe) kept.set(`${this.#tickets}${wipe}`, "1");
  }

  /** A ticket of a conversation that was left, of which the server has not heard; or nothing. */
  get ticket() {
    return kept.keys().find((key) => key.startsWith(this.#tickets))?.slice(this.#tickets.length);
  }

  dropTicket(ticket) {
    kept.remove(`${this.#tickets}${ticket}`);
  }

  // It outlives every conversation, and opens none.
  get #tickets() {
    return `loket-wipe:${this.#origin}:`;
  }

  /**
   * The place after which this device shows a customer's conversation; null: all of it; empty: what
   * was there when it was wiped has not been heard yet, and nothing of it is shown.
   */
  get begin() {
    return kept.get(`${this.#prefix}begin`);
  }

  set begin(cursor) {
    kept.set(`${this.#prefix}begin`, cursor);
  }

  /** Whether a `storage` event says that another tab wiped what was said. */
  isWiped({ key, newValue }) {
    return newValue !== null && key === `${this.#prefix}begin`;
  }

  /** Whether a `storage` event says that another tab has begun, or ended, another conversation. */
  isOtherConversation({ key, oldValue, newValue }) {
    if (this.customer) return key === `${this.#shared}customer` && this.isLeft;
    if (key !== `${this.#shared}session` || !oldValue) return false;
    return parsed(oldValue)?.conversation !== parsed(newValue)?.conversation;
  }

  /** Whether the customer of this page was logged out, or another one in, elsewhere in this browser. */
  get isLeft() {
    const { customer } = this;
    return customer !== null && kept.get(`${this.#shared}customer`) !== customer.conversation;
  }

  /** Messages that the server has not confirmed, of all tabs, oldest first. */
  get waiting() {
    return kept.keys()
      .filter((key) => key.startsWith(`${this.#prefix}out:`))
      .map((key) => parsed(kept.get(key)))
      .filter((message) => message?.id)
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  }

  // One key a message, so that two tabs never overwrite each other's.
  keep(message) {
    if (!this.customer) kept.set(`${this.#shared}said`, "1");
    kept.set(`${this.#prefix}out:${message.id}`, JSON.stringify(message));
  }

  forget(id) {
    kept.remove(`${this.#prefix}out:${id}`);
  }

  /** What the customer said of quotes in this conversation: {entry, helpful, told}. */
  get votes() {
    const conversation = this.session?.conversation;
    return this.#votes.filter((vote) => vote.conversation === conversation);
  }

  vote(vote) {
    const conversation = this.session?.conversation;
    for (const each of this.#votes) if (each.conversation !== conversation) this.unvote(each.entry);
    kept.set(`${this.#prefix}vote:${vote.entry}`, JSON.stringify({ ...vote, conversation }));
  }

  unvote(entry) {
    kept.remove(`${this.#prefix}vote:${entry}`);
  }

  get #votes() {
    return kept.keys()
      .filter((key) => key.startsWith(`${this.#prefix}vote:`))
      .map((key) => parsed(kept.get(key)))
      .filter((vote) => vote?.entry);
  }

  /** Number of the newest message to the customer that was seen; null: nothing is known of it. */
  get seen() {
    return parsed(kept.get(`${this.#prefix}seen`));
  }

  set seen(number) {
    kept.set(`${this.#prefix}seen`, String(number));
  }

  /** Whether a `storage` event says that another tab showed something. */
  isSeen({ key }) {
    return key === `${this.#prefix}seen`;
  }

  /** Whether the customer chose something of this name in this browser; outlives the conversation. */
  chosen(name) {
    return kept.get(`loket-choice:${this.#origin}:${name}`) === "1";
  }

  choose(name, on) {
    const key = `loket-choice:${this.#origin}:${name}`;
    if (on) kept.set(key, "1");
    else kept.remove(key);
  }

  /** Whether no tab has asked this of a message to the customer, by its number, or of a later one. */
  isFirst(number) {
    const first = number > (parsed(kept.get(`${this.#prefix}told`)) ?? 0);
    if (first) kept.set(`${this.#prefix}told`, String(number));
    return first;
  }

  /** Whether something on the way held a stream of this tab back lately. */
  get heldBack() {
    return Date.now() < Number(tab.get(`${this.#shared}held-back`) ?? 0);
  }

  /** For so many milliseconds from now. */
  set heldBack(milliseconds) {
    tab.set(`${this.#shared}held-back`, String(Date.now() + milliseconds));
  }

  /** What is typed but not sent, in this tab. */
  get draft() {
    return tab.get(`${this.#prefix}draft`) ?? "";
  }

  set draft(text) {
    tab.set(`${this.#prefix}draft`, text);
  }

  /** Whether the chat stands open in this tab; null: nobody opened or closed it yet. */
  get open() {
    const kept = tab.get(`${this.#shared}open`);
    return kept === null ? null : kept === "1";
  }

  set open(value) {
    tab.set(`${this.#shared}open`, value ? "1" : "0");
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
