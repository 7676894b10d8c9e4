// What the customer says of quotes, whether they helped: kept until the server has it, and then as
// the note that nobody need be asked again.

import { Drain } from "./pauses.js";
import { Forbidden, Gone, post, retryIn, sentence } from "./requests.js";

export class Votes {
  #requests;
  #storage;
  #telling;
  #refused = new Map(); // by entry, what is called with the reason when the server does not take it

  constructor(requests, storage, pauses) {
    this.#requests = requests;
    this.#storage = storage;
    this.#telling = new Drain(pauses, () => this.#storage.votes.find(({ told }) => !told),
      (vote) => this.#tell(vote));
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
  flush() {
    this.#telling.run();
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
    const pause = retryIn(response);
    return pause === undefined ? this.#drop(entry, await sentence(response)) : pause;
  }

  #drop(entry, why) {
    this.#storage.unvote(entry);
    this.#refused.get(entry)?.(why);
    return 0;
  }
}
