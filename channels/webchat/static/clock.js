// The time. The server's, as soon as it said something: a device may be hours, days or a year off.
// `performance.now` only counts on, so a device that is set right meanwhile moves nothing.

export class Clock {
  #server = null; // the server's time when it was told last, in ms
  #told = 0; // when that was, by `performance.now`

  /** Takes in what time it is at the server (ISO 8601). */
  set(now) {
    this.#server = Date.parse(now);
    this.#told = performance.now();
  }

  /** The time now, in ms since 1970. */
  now() {
    return this.#server === null ? Date.now() : this.#server + performance.now() - this.#told;
  }

  /** The time at a moment that this device's own clock names (ms since 1970). */
  of(device) {
    return device + this.now() - Date.now();
  }
}
