// What comes in of the conversation: shown, counted, and told to the page.

import { say } from "./texts.js";

const MOST_REPLAYED = 200;
const RECENT = 60_000; // ms within which an answer to the last message may still come

export class Incoming {
  #parts;

  /** @param parts what takes part in it: {clock, log, waiting, attention, alerts, page, line}. */
  constructor(parts) {
    this.#parts = parts;
  }

  /** Takes in what the server sent. */
  receive(entry) {
    const { clock, log, waiting, attention, alerts, page, line } = this.#parts;
    clock.set(entry.now);
    const fresh = log.receive(entry);
    if (!fresh || entry.author === "customer") return;
    attention.add(entry);
    waiting.stop();
    if (!log.live) return;
    attention.look(true);
    page.said({ ...entry, id: entry.entry });
    if (!line.attended) alerts.tell(entry);
  }

  /** The server has a message of the customer. */
  delivered(id) {
    const { clock, log, page } = this.#parts;
    log.delivered(id);
    page.said({ id, author: "customer", at: new Date(clock.now()).toISOString() });
  }

  /** All that was said before is there; `owner` has the conversation. */
  goLive(owner) {
    const { clock, log, waiting, attention } = this.#parts;
    if (log.size >= MOST_REPLAYED) log.note(say("older", { button: say("save") }), true);
    log.goLive(attention.unseen);
    const { newest } = log;
    const recent = newest && clock.now() - new Date(newest.at) < RECENT;
    if (recent && newest.author === "customer" && owner !== "human") waiting.start();
  }
}
