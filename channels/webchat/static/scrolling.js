// Where the log stands. What comes in is shown from its beginning: the log follows to the end only as
// far as the first message of the turn stays in sight. Who reads elsewhere is left alone.

import { h, icon } from "./dom.js";
import { say } from "./texts.js";

const END = 48; // px from the end that still count as being at the end
const SLACK = 24; // px of a message that may be out of sight: no more than the time below it
const AIR = 8; // px above the message that is shown first

export class Scrolling {
  #scroller;
  #button;
  #first = null; // the message that stays in sight while more comes in
  #news = []; // what came in since the end was in sight
  #following = true; // false: the customer scrolled elsewhere
  #top = 0; // where the log stood when we last looked
  #size = "";

  /**
   * @param scroller the element that scrolls.
   * @param content the element in it that grows.
   */
  constructor(scroller, content) {
    this.#scroller = scroller;
    this.#button = h("button",
      { type: "button", class: "newer", hidden: true, click: () => this.#onward() });
    this.node = h("div", { class: "middle" }, scroller, this.#button);
    scroller.addEventListener("scroll", () => this.#look());
    const settle = new ResizeObserver(() => this.#settle());
    settle.observe(scroller);
    settle.observe(content);
  }

  /** To the end; there the log stays until something comes in. */
  toEnd() {
    this.#start(null);
  }

  /** Shows from this message on; to the end when there is none. */
  from(node) {
    this.#start(node);
  }

  /** To be called before something is added: the customer may have scrolled since. */
  before() {
    this.#look();
  }

  /** The customer went on elsewhere: the end is shown, unless the customer reads something else. */
  follow() {
    if (this.#following) this.toEnd();
  }

  /**
   * A message was added at the end.
   * @param begins whether it is the first of a turn; the others belong to the one before.
   */
  added(node, begins) {
    this.#news.push(node);
    // While part of an earlier turn is still below, nothing of it is skipped for a new one.
    const alone = this.#news.length === 1;
    if (this.#following && (!this.#first || (begins && alone))) this.#first = node;
    this.#settle();
  }

  get #shown() {
    return this.#scroller.clientHeight > 0;
  }

  #start(node) {
    this.#first = node;
    this.#following = true;
    this.#news = [];
    this.#settle();
  }

  // When the log or what is in it becomes larger or smaller, it goes on standing where it stood.
  #settle() {
    if (!this.#shown) return;
    this.#size = this.#sizeNow();
    if (this.#following) {
      const { scrollHeight, clientHeight } = this.#scroller;
      const end = scrollHeight - clientHeight;
      this.#go(this.#first ? Math.min(end, this.#placeOf(this.#first) - AIR) : end);
    }
    this.#offer();
  }

  // The browser may scroll by itself when the size changes; that says nothing about the customer.
  #look() {
    if (!this.#shown || this.#size !== this.#sizeNow()) return;
    const { scrollTop } = this.#scroller;
    if (Math.abs(scrollTop - this.#top) > 1) {
      this.#top = scrollTop;
      this.#first = null;
      this.#following = this.#atEnd();
    }
    this.#offer();
  }

  // The next message that is not wholly in sight, from its beginning; a long one piece by piece.
  #onward() {
    const { scrollTop, clientHeight } = this.#scroller;
    const next = this.#next();
    this.#following = true;
    this.#first = next ?? null;
    if (next && this.#placeOf(next) - AIR <= scrollTop + 1) {
      this.#go(scrollTop + clientHeight - END);
      this.#first = null;
      this.#following = this.#atEnd();
      this.#offer();
    } else {
      this.#settle();
    }
    this.#scroller.focus();
  }

  #next(slack = 1) {
    const bottom = this.#bottom + slack;
    return this.#news.find((node) => this.#placeOf(node) + node.offsetHeight > bottom);
  }

  #go(top) {
    this.#scroller.scrollTop = top;
    this.#top = this.#scroller.scrollTop; // as far as there is room
  }

  #offer() {
    if (!this.#shown) return;
    const next = this.#next(SLACK);
    this.#button.hidden = !next;
    if (!next) {
      if (this.#atEnd()) this.#news = [];
      return;
    }
    const words = say(this.#placeOf(next) < this.#bottom ? "read_on" : "newer");
    if (this.#button.textContent !== words) this.#button.replaceChildren(icon("down"), words);
  }

  get #bottom() {
    return this.#scroller.scrollTop + this.#scroller.clientHeight;
  }

  #placeOf(node) {
    const { scrollTop } = this.#scroller;
    return node.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top + scrollTop;
  }

  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < END;
  }

  #sizeNow() {
    return `${this.#scroller.clientWidth} ${this.#scroller.clientHeight}`;
  }
}
