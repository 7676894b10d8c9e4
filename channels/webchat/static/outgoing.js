// What goes to the server: messages, votes and that a conversation was wiped, kept until it has
// confirmed them; files, and what was seen.

import { Drain } from "./pauses.js";
import { Forbidden, Gone, post, retryIn, sentence } from "./requests.js";
import { say } from "./texts.js";
import { Votes } from "./votes.js";

const UPLOAD_TIME = 120_000;

export class Outgoing {
  #requests;
  #storage;
  #pauses;
  #say;
  #delivering;
  #leaving;
  #saw = null; // the newest entry that the customer saw
  #told = null; // the newest of which the server knows that

  /** @param say called with the name and details of each event, as `Connection` tells them. */
  constructor(requests, storage, pauses, say) {
    this.#requests = requests;
    this.#storage = storage;
    this.#pauses = pauses;
    this.#say = say;
    // Until it is known where a wiped conversation goes on, what is said would be taken for wiped.
    const next = () => storage.begin !== "" && this.waiting[0];
    this.#delivering = new Drain(pauses, next, (message) => this.#deliver(message));
    this.#leaving = new Drain(pauses, () => storage.ticket, (ticket) => this.#left(ticket));
    this.votes = new Votes(requests, storage, pauses);
  }

  /** Messages that are not delivered yet, oldest first. */
  get waiting() {
    return this.#storage.waiting;
  }

  /** Keeps a message until it is delivered; gives back what is shown meanwhile. */
  keep(text, payload) {
    const newest = this.waiting.at(-1)?.at ?? 0;
    const message = { id: uuid(), text, payload, at: Math.max(Date.now(), newest + 1) };
    this.#storage.keep(message);
    return message;
  }

  /** Sends what waits, in order, however often it takes. */
  flush() {
    this.votes.flush();
    this.#delivering.run();
    this.leave();
  }

  /** Tells the server which conversations nobody can open any more, however often it takes. */
  leave() {
    this.#leaving.run();
  }

  /** Sends a file, once: a page keeps none. Gives back what is shown meanwhile. */
  upload(file) {
    const id = uuid();
    this.#upload(id, file);
    return { id, text: say("file_sent", { name: file.name }), payload: null, at: Date.now(), file };
  }

  /** Tells the server that the customer saw everything up to this entry. */
  async saw(entry) {
    const telling = this.#saw !== this.#told;
    this.#saw = entry;
    if (telling) return;
    try {
      while (this.#saw !== this.#told) {
        const newest = this.#saw;
        const response = await this.#requests.send("seen", post({ entry: newest }));
        if (!response.ok) throw new Error(await sentence(response));
        this.#told = newest;
      }
    } catch {
      this.#saw = this.#told; // the next call, as when the line is back, tells it
    }
  }

  /** Another conversation begins. */
  startOver() {
    this.#saw = this.#told = null;
  }

  // 0: done with this message; otherwise milliseconds to wait at least, or null.
  async #deliver({ id, text, payload }) {
    let response;
    try {
      response = await this.#requests.send("messages", post({ id, text, payload }));
    } catch (error) {
      if (error instanceof Forbidden) return this.#refuse(id, error.message);
      if (error instanceof Gone) return null; // and the message with it
      this.#say("line", { up: false });
      return null;
    }
    if (response.ok) {
      this.#say("line", { up: true });
      this.#storage.forget(id);
      this.#say("delivered", { id });
      this.#pauses.wake();
      return 0;
    }
    const pause = retryIn(response);
    if (pause === undefined) return this.#refuse(id, await sentence(response));
    if (response.status === 429) this.#say("slow", { error: await sentence(response) });
    return pause;
  }

  async #left(ticket) {
    try {
      const pause = retryIn(await this.#requests.wipe(ticket));
      if (pause !== undefined) return pause || null;
    } catch {
      return null;
    }
    this.#storage.dropTicket(ticket);
    return 0;
  }

  async #upload(id, file) {
    try {
      const response = await this.#requests.send(`files?id=${id}`, {
        method: "POST",
        headers: { "Content-Type": "application/octet-stream" },
        body: file,
        signal: AbortSignal.timeout(UPLOAD_TIME),
      });
      if (response.ok) this.#say("delivered", { id });
      else this.#say("refused", { id, error: await sentence(response) });
    } catch (error) {
      // A line that broke says so in the browser's own words; those are nobody's here.
      const known = error instanceof Forbidden ? error.message : say("failed");
      this.#say("refused", { id, error: known });
    }
  }

  #refuse(id, error) {
    this.#storage.forget(id);
    this.#say("refused", { id, error });
    return 0;
  }
}

// `crypto.randomUUID` exists on https and localhost only.
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
