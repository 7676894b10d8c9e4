// The line to the server: sending with retries, and the event stream. No page in here. Where
// something on the way holds a stream back, it asks for news every few seconds instead.
//
// Events (CustomEvent, data in `detail`):
//   entry    one message of the conversation; `now` is the server's time when it was sent
//   state    {owner}: who answers; the first one after connecting says that the replay is over
//   typing   {name, seconds}: the person who has it is typing, for so long; 0: no longer
//   line     {up}: whether the server can be reached
//   delivered {id}   refused {id, error}   slow {error}: the server asks to wait
//   forbidden {error}: this website may not use the chat; nothing more is tried
//   renewed  the old session was no longer accepted; a new conversation has begun
//   other    another conversation takes this one's place: nothing of this one may stay

import { Outgoing } from "./outgoing.js";
import { Pauses, backoff, timer } from "./pauses.js";
import { Forbidden, Requests, seconds, sentence } from "./requests.js";
import { events } from "./sse.js";

const FIRST_WORD = 5_000; // a stream begins at once; one that does not is held back on the way
const SILENCE = 35_000; // the server sends something every 10 s; after this the line is dead
const ASK_EVERY = 2_000; // while streams are held back and the customer looks
const ASK_RARELY = 10_000; // while nobody looks
const NOTHING = "i0.o0"; // cursor before everything
const HELD_BACK = 300_000; // ms until a stream is tried again

export class Connection extends EventTarget {
  #requests;
  #storage;
  #outgoing;
  #pauses = new Pauses();
  #cursor = null;
  #replayed = false;
  #running = 0; // number of the loop that listens; 0: none
  #loops = 0;
  #abort = null;
  #suspect = false; // whether the last stream said nothing in time
  #shown = null; // the conversation that the page shows
  #begin = null; // and after which place; empty: after what is there now
  #unconfirmed = null; // cursor of a first replay that is not complete yet

  /** Whether somebody looks at the conversation. */
  attended = false;

  constructor(base, storage) {
    super();
    this.#requests = new Requests(base, storage, () => this.#startOver(), () => this.forget());
    this.#storage = storage;
    this.#outgoing = new Outgoing(this.#requests, storage, this.#pauses,
      (type, detail) => this.#say(type, detail));
  }

  /** Follows the browser's own news of the line and of other tabs, until the signal aborts. */
  follow(signal) {
    const on = (type, work) => window.addEventListener(type, work, { signal });
    on("online", () => this.#pauses.wake());
    on("offline", () => this.#abort?.abort());
    on("storage", (event) => {
      if (this.#storage.isOtherConversation(event)) this.#leave();
      else if (this.#storage.isWiped(event)) this.#empty();
    });
    this.#outgoing.leave();
  }

  // Another tab began another conversation; one of a customer is in the memory of each tab.
  #leave() {
    if (this.identified) this.forget();
    else this.#away();
  }

  /** Looks whether another conversation began while this page was asleep. */
  check() {
    const other = this.#shown !== null && this.#shown !== this.#storage.session?.conversation;
    if (other || this.#storage.isLeft) this.#leave();
    else if (this.#shown !== null && this.#begin !== this.#storage.begin) this.#empty();
  }

  /** What was said goes off this device. A stranger's conversation ends; a customer's goes on. */
  wipe() {
    if (this.identified) {
      this.#storage.clear();
      this.#storage.begin = this.#cursor ?? "";
      this.#empty();
      return;
    }
    this.#storage.leave();
    this.forget();
    this.#outgoing.leave();
  }

  #empty() {
    this.#away();
    this.start();
  }

  /** Takes this conversation off this device. */
  forget() {
    this.#storage.end();
    this.#away();
  }

  /**
   * Goes on as the customer whom the page has logged in.
   * @param token the page's proof.
   * @param holds whether the page still means it when the server has answered.
   * @throws {Error} the server does not believe it.
   */
  async identify(token, holds) {
    const session = await this.#requests.identify(token);
    if (!holds()) return;
    if (this.#storage.customer?.conversation === session.conversation) {
      this.#storage.refresh(session);
    } else {
      this.#storage.enter(session);
      this.#away();
    }
    this.start();
  }

  get known() {
    return this.#storage.session !== null;
  }

  /** Whether it is a customer's whom the page has logged in. */
  get identified() {
    return this.#storage.customer !== null;
  }

  /** Messages that are not delivered yet, oldest first. */
  get waiting() {
    return this.#outgoing.waiting;
  }

  /** What the customer says of quotes. */
  get votes() {
    return this.#outgoing.votes;
  }

  start() {
    if (this.#running) return;
    this.#running = this.#loops += 1;
    this.#listen(this.#running);
    this.#outgoing.flush();
  }

  stop() {
    this.#running = 0;
    this.#abort?.abort();
    this.#pauses.wake();
  }

  /** Keeps a message and sends it as soon as possible; gives back what is shown meanwhile. */
  send(text, payload = null) {
    const message = this.#outgoing.keep(text, payload);
    this.start();
    this.#outgoing.flush();
    return message;
  }

  /** Tells the server that the customer saw everything up to this entry. */
  saw(entry) {
    this.#outgoing.saw(entry);
  }

  /** Sends a file to the person who has the conversation; gives back what is shown meanwhile. */
  upload(file) {
    return this.#outgoing.upload(file);
  }

  /** The conversation as a file. */
  async transcript() {
    const response = await this.#requests.send("transcript", {});
    if (!response.ok) throw new Error(await sentence(response));
    return response.blob();
  }

  async #listen(loop) {
    let failures = 0;
    while (this.#running === loop) {
      const began = performance.now();
      const suspect = this.#suspect;
      this.#suspect = false;
      const asks = this.#storage.heldBack || suspect;
      const pause = await (asks ? this.#ask(loop) : this.#stream(loop));
      if (this.#running !== loop) break;
      if (asks && pause === null) {
        failures = 0;
        const fast = performance.now() - began < FIRST_WORD;
        // A server that is slow with all it does holds nothing back.
        if (suspect && fast) this.#storage.heldBack = HELD_BACK;
        await this.#pauses.sleep(this.attended ? ASK_EVERY : ASK_RARELY);
        continue;
      }
      failures = performance.now() - began > 2 * FIRST_WORD ? 1 : failures + 1;
      // Once may be a restart of the server; twice, the customer should know.
      if (failures > 1 || !navigator.onLine) this.#say("line", { up: false });
      await this.#pauses.wait(pause ?? 0, backoff(failures));
    }
  }

  // All there is now, in one answer; null when it came, else milliseconds to wait.
  async #ask(loop) {
    try {
      const response = await this.#news("events?once", AbortSignal.timeout(FIRST_WORD * 3));
      if (!response.ok) return seconds(response) * 1000;
      this.#say("line", { up: true });
      for await (const event of events(response.body)) this.#take(event, loop);
      return null;
    } catch (error) {
      this.#ended(error);
      return 0;
    }
  }

  #news(path, signal) {
    const headers = { Accept: "text/event-stream" };
    if (!this.#cursor) this.#begin = this.#storage.begin;
    const cursor = this.#cursor ?? this.#begin;
    if (cursor) headers["Last-Event-ID"] = cursor;
    return this.#requests.send(path, { headers, signal });
  }

  // What was still on its way when we stopped is of no use, and may be of another conversation.
  #take({ event, data, id }, loop) {
    if (this.#running !== loop) return;
    if (event === "message") this.#receive(JSON.parse(data), id);
    if (event === "state") this.#caughtUp(JSON.parse(data));
    if (event === "typing") this.#say("typing", JSON.parse(data));
  }

  // Reads events until the line breaks; milliseconds to wait before the next try.
  async #stream(loop) {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const watchdog = timer(() => this.#abort?.abort());
    const first = timer(() => {
      this.#suspect = true;
      this.#abort?.abort();
    });
    try {
      await this.#requests.begin();
      first.restart(FIRST_WORD);
      watchdog.restart(SILENCE);
      const response = await this.#news("events", signal);
      if (!response.ok) return seconds(response) * 1000;
      this.#say("line", { up: true });
      this.#pauses.wake();
      for await (const event of events(response.body)) {
        first.stop();
        watchdog.restart(SILENCE);
        this.#take(event, loop);
      }
    } catch (error) {
      // Broken off, or we did it ourselves: mostly the caller tries again.
      this.#ended(error);
    } finally {
      first.stop();
      watchdog.stop();
    }
    return 0;
  }

  #ended(error) {
    if (!(error instanceof Forbidden)) return;
    this.stop();
    this.#say("forbidden", { error: error.message });
  }

  #receive(entry, id) {
    // Until the first replay is complete a cursor could skip what has not arrived.
    if (this.#replayed) this.#cursor = id;
    else this.#unconfirmed = id;
    if (entry.id) this.#storage.forget(entry.id);
    if (this.#begin !== "") this.#say("entry", entry);
  }

  #caughtUp(state) {
    if (!this.#replayed) this.#cursor = this.#unconfirmed;
    this.#shown = this.#storage.session?.conversation ?? null;
    this.#replayed = true;
    if (this.#begin === "") {
      this.#begin = this.#storage.begin ||= this.#unconfirmed ?? NOTHING;
      this.#outgoing.flush();
    }
    this.#say("state", state);
  }

  #away() {
    this.stop();
    this.#requests.startOver();
    this.#startOver("other");
  }

  #startOver(how = "renewed") {
    this.#cursor = this.#unconfirmed = null;
    this.#replayed = false;
    this.#shown = null;
    this.#outgoing.startOver();
    this.#abort?.abort();
    this.#say(how, {});
  }

  #say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
