// What the customer says of quotes, whether they helped: kept until the server has it, and then as
// the note that nobody need be asked again.

import { backoff } from "./pauses.js";
import { Forbidden, Gone, post, seconds, sentence } from "./requests.js";

export class Votes {
  #requests;
  #storage;
  #pauses;
  #flushing = false;
  #refused = new Map(); // by entry, what is called with the reason when the server does not take it

  constructor(requests, storage, pauses) {
    this.#requests = requests;
    this.#storage = storage;
    this.#pauses = pauses;
  }

  /** Whether the customer said something of this entry in this browser. */
  has(entry) {
    return this.#storage.votes.some((vote) => vote.entry === entry);
  }

  /**
   * Keeps what the customer says, in place of what was said before, and tells the server.
   * @param refused called with a sentence for the customer when the server does not take it.
   */
  give(entry, helpful, refused) {
    this.#refused.set(entry, refused);
    this.#storage.vote({ entry, helpful, told: false });
    this.flush();
  }

  /** Tells the server what it does not know yet, however often it takes. */
  async flush() {
    if (this.#flushing) return;
    this.#flushing = true;
    try {
      let failures = 0;
      for (let vote; (vote = this.#storage.votes.find(({ told }) => !told)); ) {
        const pause = await this.#tell(vote);
        failures = pause === 0 ? 0 : failures + 1;
        if (pause !== 0) await this.#pauses.wait(pause ?? 0, backoff(failures));
      }
    } finally {
      this.#flushing = false;
    }
  }

  // 0: done with this one; otherwise milliseconds to wait at least, or null.
  async #tell({ entry, helpful }) {
    let response;
    try {
      response = await this.#requests.send("votes", post({ entry, helpful }));
    } catch (error) {
      if (error instanceof Forbidden) return this.#drop(entry, error.message);
      // Gone with its conversation: the next look finds only votes of the one that is there.
      return error instanceof Gone ? 0 : null;
    }
    if (response.ok) {
      const kept = this.#storage.votes.find((vote) => vote.entry === entry);
      // Changed meanwhile: the newer word is still to be told.
      if (kept?.helpful === helpful) this.#storage.vote({ entry, helpful, told: true });
      return 0;
    }
    if (response.status === 429) return seconds(response) * 1000;
    if (response.status >= 500 || response.status === 401 || response.status === 408) return null;
    return this.#drop(entry, await sentence(response));
  }

  #drop(entry, why) {
    this.#storage.unvote(entry);
    this.#refused.get(entry)?.(why);
    return 0;
  }
}
