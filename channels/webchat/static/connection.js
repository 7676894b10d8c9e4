// The line to the server: sending with retries, and the event stream. No page in here. Where
// something on the way holds a stream back, it asks for news every few seconds instead.
//
// Events (CustomEvent, data in `detail`):
//   entry    one message of the conversation; `now` is the server's time when it was sent
//   state    {owner}: who answers; the first one after connecting says that the replay is over
//   line     {up}: whether the server can be reached
//   delivered {id}   refused {id, error}   slow {error}: the server asks to wait
//   renewed  the old session was no longer accepted; a new conversation has begun

import { Requests, post, seconds, sentence } from "./requests.js";
import { events } from "./sse.js";

const FIRST_WORD = 5_000; // a stream begins at once; one that does not is held back on the way
const SILENCE = 35_000; // the server sends something every 10 s; after this the line is dead
const ASK_EVERY = 2_000; // while streams are held back and the customer looks
const ASK_RARELY = 10_000; // while nobody looks
const HELD_BACK = 300_000; // ms until a stream is tried again
const LONGEST_PAUSE = 15_000;

export class Connection extends EventTarget {
  #requests;
  #storage;
  #cursor = null;
  #replayed = false;
  #running = 0; // number of the loop that listens; 0: none
  #loops = 0;
  #flushing = false;
  #abort = null;
  #sleepers = new Set(); // what ends our own pauses early
  #unconfirmed = null; // cursor of a first replay that is not complete yet
  #saw = null; // the newest entry that the customer saw
  #told = null; // the newest of which the server knows that

  /** Whether somebody looks at the conversation. */
  attended = false;

  constructor(base, storage) {
    super();
    this.#requests = new Requests(base, storage, () => this.#startOver());
    this.#storage = storage;
    window.addEventListener("online", () => this.#wake());
    window.addEventListener("offline", () => this.#abort?.abort());
    window.addEventListener("storage", (event) => {
      if (this.#storage.isOtherConversation(event)) this.#startOver();
    });
  }

  get known() {
    return this.#storage.session !== null;
  }

  /** Messages that are not delivered yet, oldest first. */
  get waiting() {
    return this.#storage.waiting;
  }

  start() {
    if (this.#running) return;
    this.#running = this.#loops += 1;
    this.#listen(this.#running);
    this.#flush();
  }

  stop() {
    this.#running = 0;
    this.#abort?.abort();
    this.#wake();
  }

  /** Keeps a message and sends it as soon as possible; gives back what is shown meanwhile. */
  send(text, payload = null) {
    const newest = this.waiting.at(-1)?.at ?? 0;
    const message = { id: uuid(), text, payload, at: Math.max(Date.now(), newest + 1) };
    this.#storage.keep(message);
    this.start();
    this.#flush();
    return message;
  }

  /** Tells the server that the customer saw everything up to this entry; again when it failed. */
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

  /** The conversation as a file. */
  async transcript() {
    const response = await this.#requests.send("transcript", {});
    if (!response.ok) throw new Error(await sentence(response));
    return response.blob();
  }

  async #flush() {
    if (this.#flushing) return;
    this.#flushing = true;
    try {
      let failures = 0;
      for (let message; (message = this.waiting[0]); ) {
        const pause = await this.#deliver(message);
        failures = pause === 0 ? 0 : failures + 1;
        if (pause !== 0) await this.#pause(pause ?? 0, backoff(failures));
      }
    } finally {
      this.#flushing = false;
    }
  }

  // 0: done with this message; otherwise milliseconds to wait at least, or null.
  async #deliver({ id, text, payload }) {
    let response;
    try {
      response = await this.#requests.send("messages", post({ id, text, payload }));
    } catch {
      this.#say("line", { up: false });
      return null;
    }
    if (response.ok) {
      this.#say("line", { up: true });
      this.#storage.forget(id);
      this.#say("delivered", { id });
      this.#wake();
      return 0;
    }
    if (response.status === 429) {
      this.#say("slow", { error: await sentence(response) });
      return seconds(response) * 1000;
    }
    if (response.status >= 500 || response.status === 401 || response.status === 408) return null;
    this.#storage.forget(id);
    this.#say("refused", { id, error: await sentence(response) });
    return 0;
  }

  async #listen(loop) {
    let failures = 0;
    while (this.#running === loop) {
      const began = performance.now();
      const asks = this.#storage.heldBack;
      const pause = await (asks ? this.#ask() : this.#stream());
      if (this.#running !== loop) break;
      if (asks && pause === null) {
        failures = 0;
        await this.#sleep(this.attended ? ASK_EVERY : ASK_RARELY);
        continue;
      }
      failures = performance.now() - began > 2 * FIRST_WORD ? 1 : failures + 1;
      // Once may be a restart of the server; twice, the customer should know.
      if (failures > 1 || !navigator.onLine) this.#say("line", { up: false });
      await this.#pause(pause ?? 0, backoff(failures));
    }
  }

  // All there is now, in one answer; null when it came, else milliseconds to wait.
  async #ask() {
    try {
      const response = await this.#news("events?once", AbortSignal.timeout(FIRST_WORD * 3));
      if (!response.ok) return seconds(response) * 1000;
      this.#say("line", { up: true });
      for await (const event of events(response.body)) this.#take(event);
      return null;
    } catch {
      return 0;
    }
  }

  #news(path, signal) {
    const headers = { Accept: "text/event-stream" };
    if (this.#cursor) headers["Last-Event-ID"] = this.#cursor;
    return this.#requests.send(path, { headers, signal });
  }

  #take({ event, data, id }) {
    if (event === "message") this.#receive(JSON.parse(data), id);
    if (event === "state") this.#caughtUp(JSON.parse(data));
  }

  // Reads events until the line breaks; milliseconds to wait before the next try.
  async #stream() {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const watchdog = timer(() => this.#abort?.abort());
    const first = timer(() => {
      this.#storage.heldBack = HELD_BACK;
      this.#abort?.abort();
    });
    try {
      await this.#requests.begin();
      first.restart(FIRST_WORD);
      watchdog.restart(SILENCE);
      const response = await this.#news("events", signal);
      if (!response.ok) return seconds(response) * 1000;
      this.#say("line", { up: true });
      this.#wake();
      for await (const event of events(response.body)) {
        first.stop();
        watchdog.restart(SILENCE);
        this.#take(event);
      }
    } catch {
      // Broken off, or we did it ourselves: the caller tries again.
    } finally {
      first.stop();
      watchdog.stop();
    }
    return 0;
  }

  #receive(entry, id) {
    // Until the first replay is complete a cursor could skip what has not arrived.
    if (this.#replayed) this.#cursor = id;
    else this.#unconfirmed = id;
    if (entry.id) this.#storage.forget(entry.id);
    this.#say("entry", entry);
  }

  #caughtUp(state) {
    if (!this.#replayed) this.#cursor = this.#unconfirmed;
    this.#replayed = true;
    this.#say("state", state);
  }

  #startOver() {
    this.#cursor = this.#unconfirmed = null;
    this.#replayed = false;
    this.#saw = this.#told = null;
    this.#abort?.abort();
    this.#say("renewed", {});
  }

  // The longer of the two. What the server asked for is waited out, whatever happens meanwhile;
  // the rest of our own caution ends as soon as the line is there.
  async #pause(asked, cautious) {
    if (asked > 0) await new Promise((resolve) => setTimeout(resolve, asked));
    if (cautious > asked) await this.#sleep(cautious - asked);
  }

  #sleep(milliseconds) {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(id);
        this.#sleepers.delete(end);
        resolve();
      };
      const id = setTimeout(end, milliseconds);
      this.#sleepers.add(end);
    });
  }

  #wake() {
    for (const end of [...this.#sleepers]) end();
  }

  #say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

// Random part, so that a restarted server is not met by everybody at once.
function backoff(failures) {
  return Math.min(LONGEST_PAUSE, 300 * 2 ** (failures - 1)) * (0.75 + Math.random() / 2);
}

function timer(work) {
  let id = null;
  return {
    restart(milliseconds) {
      clearTimeout(id);
      id = setTimeout(work, milliseconds);
    },
    stop() {
      clearTimeout(id);
    },
  };
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
