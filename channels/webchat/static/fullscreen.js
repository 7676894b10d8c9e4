// While the panel is the whole screen (phones, and any screen that is zoomed in a lot) it is the only
// thing there: for the keyboard, for screen readers, and for Back. The sizes are those of the style sheet.

const WHOLE = window.matchMedia("(max-width: 30em), (max-height: 30em)");
const FOCUSABLE = "button:enabled, textarea, a[href], [tabindex='0']";

export class FullScreen {
  #host;
  #panel;
  #close;
  #inert = []; // what we made inert
  #open = false;
  #remembered = ours(history.state); // whether an entry of the history is for the open panel
  #leaving = false; // whether we go back from it ourselves

  /**
   * @param host the element on the page.
   * @param panel what becomes the screen.
   * @param close called when the customer goes back.
   */
  constructor(host, panel, close) {
    this.#host = host;
    this.#panel = panel;
    this.#close = close;
    panel.addEventListener("keydown", (event) => this.#keepFocus(event));
  }

  /** Follows the window until the signal aborts. */
  follow(signal) {
    WHOLE.addEventListener("change", () => this.#arrange(), { signal });
    // The target's capturing listeners come first, so a page's router does not hear of our entry.
    window.addEventListener("popstate", (event) => this.#back(event), { signal, capture: true });
    for (const type of ["resize", "scroll"]) {
      window.visualViewport?.addEventListener(type, () => this.#fit(), { signal });
    }
    signal.addEventListener("abort", () => this.#release());
    this.#arrange();
  }

  /** Whether the open panel is, or would be, the whole screen. */
  get whole() {
    return WHOLE.matches;
  }

  /** The panel was opened; by the customer, or by the page on arrival, which Back does not undo. */
  opened(byCustomer) {
    this.#open = true;
    this.#arrange();
    if (byCustomer && WHOLE.matches && !ours(history.state)) this.#remembered = remember();
  }

  /** The panel was closed, other than by Back: the entry that we made goes too. */
  closed() {
    this.#open = false;
    this.#arrange();
    if (!ours(history.state)) return;
    this.#leaving = true;
    history.back();
  }

  #back(event) {
    const undone = this.#leaving;
    this.#leaving = false;
    if (ours(event.state) || !(undone || (this.#open && WHOLE.matches && this.#remembered))) return;
    event.stopImmediatePropagation();
    this.#remembered = false;
    if (undone) return;
    this.#open = false;
    this.#arrange();
    this.#close();
  }

  #arrange() {
    const modal = this.#open && WHOLE.matches;
    this.#release();
    if (modal) {
      this.#panel.setAttribute("aria-modal", "true");
      for (const node of others(this.#host)) {
        node.inert = true;
        this.#inert.push(node);
      }
    } else {
      this.#panel.removeAttribute("aria-modal");
    }
    this.#fit();
  }

  #release() {
    for (const node of this.#inert) node.inert = false;
    this.#inert = [];
  }

  // A keyboard on the screen covers the window without making it smaller. Whoever zooms in by two
  // fingers wants to see less of the same panel.
  #fit() {
    const { height, offsetTop, scale } = window.visualViewport ?? { scale: 0 };
    const whole = this.#open && WHOLE.matches && Math.abs(scale - 1) < 0.01;
    this.#panel.style.setProperty("--top", whole ? `${offsetTop}px` : "");
    this.#panel.style.setProperty("--height", whole ? `${height}px` : "");
  }

  #keepFocus(event) {
    if (event.key !== "Tab" || !this.#inert.length) return;
    const stops = [...this.#panel.querySelectorAll(FOCUSABLE)]
      .filter((node) => node.getClientRects().length > 0);
    const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (this.#panel.getRootNode().activeElement !== from) return;
    event.preventDefault();
    to.focus();
  }
}

function ours(state) {
  return Boolean(state?.loketChat);
}

// A frame may forbid it; then Back leaves the page, as without us.
function remember() {
  try {
    history.pushState({ ...history.state, loketChat: true }, "");
    return true;
  } catch {
    return false;
  }
}

// Everything on the page but the element itself and what holds it.
function* others(host) {
  for (let node = host; node && node !== document.body; node = node.parentElement) {
    for (const sibling of node.parentElement?.children ?? []) {
      if (sibling !== node && !sibling.inert) yield sibling;
    }
  }
}
