// How a customer hears of a message while looking elsewhere: a soft sound, a notice of the system. Both
// by choice, off at first, and kept in this browser; neither says what was said.

import { say } from "./texts.js";

const LAST = 0.4; // s
const HELD = 10_000; // ms in which every tab has heard of a message

export class Alerts {
  #choices;
  #audio = null;
  #open;

  /**
   * @param choices keeps what the customer chose, by name (`Storage.chosen`).
   * @param open called when the customer taps a notice.
   */
  constructor(choices, open) {
    this.#choices = choices;
    this.#open = open;
  }

  /** Whether this browser can show notices of the system, and was not told never to. */
  static get possible() {
    return "Notification" in window && Notification.permission !== "denied";
  }

  get sound() {
    return this.#choices.chosen("sound");
  }

  /** A tap lets the browser make a sound from now on; it is heard at once. */
  set sound(on) {
    this.#choices.choose("sound", on);
    if (on) this.#ring();
  }

  get notices() {
    return this.#choices.chosen("notices") && Alerts.possible && Notification.permission === "granted";
  }

  /** Asks the browser first; gives back whether it allows what was chosen. */
  async chooseNotices(on) {
    const allowed = !on || await Notification.requestPermission() === "granted";
    this.#choices.choose("notices", on && allowed);
    return allowed;
  }

  /** Whether something may be heard or seen of a message that nobody looks at. */
  get on() {
    return this.sound || this.notices;
  }

  /** Somebody else than the customer said something that nobody looks at; of several tabs one tells. */
  tell(entry) {
    if (!this.on || !this.#choices.isFirst(Number(entry.entry.slice(1)))) return;
    // What one tab keeps reaches the others a moment later; a lock does at once.
    if (!navigator.locks) this.#tell(entry);
    else navigator.locks.request(`loket-told-${entry.entry}`, { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      this.#tell(entry);
      await new Promise((resolve) => setTimeout(resolve, HELD));
    });
  }

  #tell({ author, name }) {
    if (this.sound) this.#ring();
    if (!this.notices) return;
    const words = name ? say("from_named", { name }) : say(`from.${author}`);
    const notice = new Notification(words, { tag: "loket" });
    notice.addEventListener("click", () => {
      window.focus();
      notice.close();
      this.#open();
    });
  }

  #ring() {
    this.#audio ??= new AudioContext();
    const now = this.#audio.currentTime;
    const tone = this.#audio.createOscillator();
    const volume = this.#audio.createGain();
    tone.frequency.setValueAtTime(660, now);
    tone.frequency.setValueAtTime(880, now + LAST / 3);
    volume.gain.setValueAtTime(0.08, now);
    volume.gain.exponentialRampToValueAtTime(0.001, now + LAST);
    tone.connect(volume).connect(this.#audio.destination);
    tone.start(now);
    tone.stop(now + LAST);
  }
}
