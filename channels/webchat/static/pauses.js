// Waiting: between two tries, and for what should have happened by then.

const LONGEST = 15_000;

/** The pauses of one line to the server; whatever brings it back ends them. */
export class Pauses {
  #sleepers = new Set(); // what ends our own pauses early

  /**
   * The longer of the two (ms). What the server asked for is waited out, whatever happens meanwhile;
   * the rest of our own caution ends as soon as the line is there.
   */
  async wait(asked, cautious) {
    if (asked > 0) await new Promise((resolve) => setTimeout(resolve, asked));
    if (cautious > asked) await this.sleep(cautious - asked);
  }

  /** So many milliseconds, or until something wakes us. */
  sleep(milliseconds) {
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

  wake() {
    for (const end of [...this.#sleepers]) end();
  }
}

/** Does what waits, one after the other, however often each takes. */
export class Drain {
  #pauses;
  #next;
  #work;
  #going = false;

  /**
   * @param pauses between two tries.
   * @param next gives the first that waits, or nothing.
   * @param work does it: 0 when it is done with, else milliseconds to wait at least, or null.
   */
  constructor(pauses, next, work) {
    this.#pauses = pauses;
    this.#next = next;
    this.#work = work;
  }

  /** Begins, unless it goes on already. Whoever adds something calls it, also in the same breath. */
  async run() {
    if (this.#going) return;
    this.#going = true;
    let failures = 0;
    try {
      for (let first; (first = this.#next()); ) {
        const pause = await this.#work(first);
        failures = pause === 0 ? 0 : failures + 1;
        if (pause !== 0) await this.#pauses.wait(pause ?? 0, backoff(failures));
      }
    } finally {
      // In one go with the last look: what is added after that look begins anew.
      this.#going = false;
    }
  }
}

/** Milliseconds after so many failures; partly random, so that not everybody comes back at once. */
export function backoff(failures) {
  return Math.min(LONGEST, 300 * 2 ** (failures - 1)) * (0.75 + Math.random() / 2);
}

/** Does something, unless it is stopped or begun anew before. */
export function timer(work) {
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
