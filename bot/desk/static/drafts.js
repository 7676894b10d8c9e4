// What an agent types: kept on the server, so that it follows to another device. Until the server has
// it, it is kept here, also when the page is loaded anew or the network is away.

import { act } from "./server.js";

const PAUSE = 800; // ms without a key after which it is kept
const desk = document.getElementById("desk");
const id = desk?.dataset.talk;

/** What is typed in one field of a conversation; `part` is the server's name for it. */
class Draft {
  #part;
  #latest = null; // as it was typed in this page; null: nothing was
  #saved = null; // as the server has it, as far as this page knows
  #timer = 0;
  #busy = false;

  constructor(part) {
    this.#part = part;
    window.addEventListener("online", () => this.#save());
    window.addEventListener("pagehide", () => this.#save({ keepalive: true }));
  }

  /** What was typed and the page that the server made may not know of; null for nothing. */
  kept() {
    return this.#latest ?? sessionStorage.getItem(this.#place(id));
  }

  /** Keeps what stands in the field. */
  keep(text) {
    this.#latest = text;
    sessionStorage.setItem(this.#place(id), text);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), PAUSE);
  }

  /** Shows it in a field that is new: a quick typist may have begun before this script was there. */
  restore(area) {
    if (area.value === area.defaultValue) area.value = this.kept() ?? area.value;
    if (area.value !== area.defaultValue) this.keep(area.value);
  }

  /** Takes it along to another conversation, where this one goes on. */
  takeAlong(other, text) {
    if (text) sessionStorage.setItem(this.#place(other), text);
    sessionStorage.removeItem(this.#place(id));
  }

  /** Forgets it: the server has, as what it was for is over. */
  over() {
    clearTimeout(this.#timer);
    this.#latest = null;
    sessionStorage.removeItem(this.#place(id));
  }

  // What one person typed is not shown to, or sent by, who logs in after them in the same tab.
  #place(talk) {
    return `loket-draft-${this.#part}-${desk?.dataset.agentId}-${talk}`;
  }

  async #save({ keepalive = false } = {}) {
    clearTimeout(this.#timer);
    if (this.#busy || this.#latest === null || this.#latest === this.#saved) return;
    this.#busy = true;
    const text = this.#latest;
    try {
      // Also where the answer is that all is over: what was typed for it is then nobody's.
      await act(`/desk/c/${id}/draft`, { [this.#part]: text }, { keepalive });
      this.#saved = text;
      if (this.#latest === text) sessionStorage.removeItem(this.#place(id));
    } catch {
      // It stays here, and goes with the next key or when the network is back.
      return;
    } finally {
      this.#busy = false;
    }
    if (this.#latest !== this.#saved) this.#save();
  }
}

export const answer = new Draft("text");
export const settled = new Draft("settled");
