// Puts a new piece of a page in place of the old one and disturbs as little as possible: what did
// not change stays, what somebody works in stays, the focus stays.

/** Makes the children of `now` those of `next`, told apart by `data-key`. */
export function patchKeyed(now, next) {
  const old = new Map([...now.children].map((node) => [node.dataset.key, node]));
  let after = null;
  for (const fresh of [...next.children]) {
    const known = old.get(fresh.dataset.key);
    old.delete(fresh.dataset.key);
    const node = known && same(known, fresh) ? known : document.adoptNode(fresh);
    if (known && known !== node) known.replaceWith(node);
    const place = after ? after.nextSibling : now.firstChild;
    if (node !== place) now.insertBefore(node, place);
    after = node;
  }
  for (const gone of old.values()) gone.remove();
}

/** Replaces regions (`data-region`) that changed; gives back those it replaced. */
export function patchRegions(next) {
  const replaced = [];
  for (const fresh of next.querySelectorAll("[data-region]")) {
    const now = document.getElementById(fresh.id);
    const { version } = fresh.dataset;
    if (!now || (version ? now.dataset.version === version : same(now, fresh))) continue;
    now.replaceWith(document.adoptNode(fresh));
    replaced.push(fresh.id);
  }
  return replaced;
}

const HELD = 3_000; // ms after which a press counts as let go: its end may have been missed
let pressed = null;

/**
 * Resolves when nothing is being pressed. A link or button that is replaced between the press and
 * the release is never clicked: whoever redraws waits for this first.
 */
export async function atRest() {
  while (pressed) await pressed;
}

function press() {
  const ends = ["pointerup", "pointercancel", "keyup", "blur"];
  const own = new Promise((resolve) => {
    // The click comes after the release: one turn of the loop later.
    const done = () => setTimeout(() => {
      clearTimeout(limit);
      for (const end of ends) window.removeEventListener(end, done, true);
      if (pressed === own) pressed = null;
      resolve();
    });
    const limit = setTimeout(done, HELD);
    for (const end of ends) window.addEventListener(end, done, true);
  });
  pressed = own;
}

window.addEventListener("pointerdown", press, true);
window.addEventListener("keydown", (event) => {
  if (!event.repeat && [" ", "Enter"].includes(event.key) && event.target.closest?.("a, button, summary")) press();
}, true);

/** Puts a new node in place of an old one that it differs from. */
export function replaceChanged(now, fresh) {
  if (same(now, fresh)) return;
  keepingFocus(() => now.replaceWith(document.adoptNode(fresh)));
}

/** Does something to the page and gives the focus back to what had it, or to its successor. */
export function keepingFocus(work) {
  const { id } = document.activeElement ?? {};
  work();
  if (id && document.activeElement?.id !== id) document.getElementById(id)?.focus();
}

// Times tick, a mark is ours, and a menu that is open is somebody's: they make no difference.
function same(a, b) {
  return reduced(a).isEqualNode(reduced(b));
}

function reduced(node) {
  const copy = node.cloneNode(true);
  for (const time of copy.querySelectorAll("[data-since]")) time.textContent = "";
  for (const mark of copy.querySelectorAll(".unread")) mark.hidden = true;
  for (const menu of copy.querySelectorAll("details")) menu.open = false;
  copy.normalize();
  return copy;
}
