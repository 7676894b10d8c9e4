// The second click of a double click must not choose what appeared under it in between.

const DOUBLE = 500; // ms between the two, at most; what systems take when nothing else is set
const NEAR = 24; // px that a hand moves between them, at most

export class DoubleClick {
  #shown = new WeakMap(); // element -> when it appeared
  #before = null; // the click before

  /**
   * @param area where clicks are looked at.
   * @param kind selector of the elements that were noted with `appeared`.
   */
  constructor(area, kind) {
    area.addEventListener("click", (event) => this.#judge(event, kind), { capture: true });
  }

  /** Notes that an element can be clicked from now on. */
  appeared(node) {
    this.#shown.set(node, performance.now());
  }

  #judge(event, kind) {
    const before = this.#before;
    const { clientX: x, clientY: y } = event;
    // The keyboard clicks too, but in no place.
    if (event.detail === 0) return;
    this.#before = { at: performance.now(), x, y };
    if (!before || this.#before.at - before.at > DOUBLE) return;
    if (Math.abs(x - before.x) > NEAR || Math.abs(y - before.y) > NEAR) return;
    const node = event.target.closest(kind);
    if (!node || !(this.#shown.get(node) >= before.at)) return;
    event.stopPropagation();
    event.preventDefault();
  }
}
