// Requests to the server in the name of this browser's session, which begins with the first one.

import { say } from "./texts.js";

const REQUEST_TIME = 20_000;
const KEEPALIVE = 15_000; // characters of a body that a browser surely sends on while a page is left

/** The server does not let this website use the chat; nothing changes that while the page stands. */
export class Forbidden extends Error {}

/** The conversation that a request was for is not this browser's any more. */
export class Gone extends Error {}

export class Requests {
  #forbidden = null; // why this website may not use the chat, once the server said so
  #base;
  #storage;
  #renewed;
  #sessions = null; // the request for a session that is under way
  #checked = false; // whether the server has seen the kept token since this page was loaded
  #era = 0; // counts the conversations that this page was in
  #left;

  /**
   * @param base where the server is.
   * @param storage keeps the session.
   * @param renewed called when the old session was no longer accepted and a new one has begun.
   * @param left called when that of a customer is no longer accepted: only the page can renew it.
   */
  constructor(base, storage, renewed, left) {
    this.#left = left;
    this.#base = base;
    this.#storage = storage;
    this.#renewed = renewed;
  }

  /** Sees to it that there is a session, so that the next request is one request. */
  async begin() {
    await this.#token();
  }

  /** A request with the session's token; with a new session when the server refuses this one. */
  async send(path, options) {
    const era = this.#era;
    const token = await this.#token();
    this.#check(era);
    const response = await this.#fetch(path, options, token);
    if (response.status !== 401) return response;
    this.#check(era);
    const fresh = await this.#token(token);
    this.#check(era);
    return this.#fetch(path, options, fresh);
  }

  /** Another conversation begins: nothing that is under way for this one reaches it. */
  startOver() {
    this.#era += 1;
    this.#checked = false;
    this.#sessions = null;
  }

  /**
   * Asks the server who it is that the page has logged in.
   * @param token the page's proof.
   * @returns the customer's session.
   * @throws {Error} the server does not believe it; the message says why.
   */
  async identify(token) {
    const response = await this.#fetch("identify", post({ token }));
    if (!response.ok) throw new Error(await sentence(response));
    return response.json();
  }

  /** Tells, by its ticket, that a conversation was wiped. */
  wipe(ticket) {
    return this.#fetch("wipe", plain({ ticket }));
  }

  // What belongs to one conversation is never sent, or kept, in another's name.
  #check(era) {
    if (era !== this.#era) throw new Gone();
  }

  #fetch(path, { headers, signal, ...options }, token) {
    return fetch(new URL(path, this.#base), {
      cache: "no-store",
      credentials: "omit",
      ...options,
      headers: token ? { ...headers, Authorization: `Bearer ${token}` } : headers,
      signal: signal ?? AbortSignal.timeout(REQUEST_TIME),
    });
  }

  // Said once, to whoever builds the website; the customer reads the sentence of the server.
  async #forbid(response) {
    this.#forbidden = new Forbidden(await sentence(response));
    console.error(`Loket: pages of ${location.origin} may not use the chat of ${this.#base.origin}. `
      + "Add that origin to LOKET_ALLOWED_ORIGINS there and restart Loket.");
    return this.#forbidden;
  }

  // The token in use; a first one, or another than the refused one, comes from the server.
  async #token(refused = null) {
    if (this.#forbidden) throw this.#forbidden;
    const kept = this.#storage.session;
    if (this.#storage.customer) {
      if (kept.token !== refused) return kept.token;
      this.#left();
      throw new Gone();
    }
    const good = kept && kept.token !== refused;
    if (good && this.#checked) return kept.token;
    if (this.#sessions) return this.#sessions;
    const obtaining = alone(`loket ${this.#base}`, () => this.#obtain(refused))
      .finally(() => { if (this.#sessions === obtaining) this.#sessions = null; });
    this.#sessions = obtaining;
    return obtaining;
  }

  async #obtain(refused) {
    const era = this.#era;
    // Another tab may have been first.
    const kept = this.#storage.session;
    if (kept && kept.token !== refused && this.#checked) return kept.token;
    const response = await this.#fetch("session", plain(kept ? { token: kept.token } : {}));
    if (response.status === 403 && fromLoket(response)) throw await this.#forbid(response);
    if (!response.ok) throw new Error(await sentence(response));
    const session = await response.json();
    this.#check(era);
    this.#storage.session = session;
    this.#checked = true;
    if (kept?.conversation !== session.conversation) this.#storage.seen = 0;
    if (kept && kept.conversation !== session.conversation) this.#renewed();
    return session.token;
  }
}

/** Options of a request that sends data; it goes on when the page is left meanwhile. */
export function post(data) {
  const body = JSON.stringify(data);
  return {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
    keepalive: body.length <= KEEPALIVE,
  };
}

// As plain text it needs no leave beforehand: a website that may not use the chat can read why, and a
// page may be left at once.
function plain(data) {
  const { headers, ...options } = post(data);
  return options;
}

/** How many seconds the server asks to wait; 0 when it does not say. */
export function seconds(response) {
  const after = Number(response.headers.get("Retry-After"));
  return Number.isFinite(after) ? Math.min(after, 120) : 0;
}

/**
 * When what the server did not take may be tried again: milliseconds to wait at least, or null for the
 * page's own pause; undefined: never.
 */
export function retryIn(response) {
  if (response.status === 429) return seconds(response) * 1000;
  return response.status >= 500 || response.status === 401 || response.status === 408 ? null : undefined;
}

/** Why the server refused, in words for the customer. */
export async function sentence(response) {
  try {
    return (await response.json()).error;
  } catch {
    return say("failed");
  }
}

// Something on the way may refuse as well, and may think otherwise a moment later.
function fromLoket(response) {
  return response.headers.get("Content-Type")?.startsWith("application/json");
}

// One tab at a time, where the browser knows locks (https and localhost).
function alone(name, work) {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}
