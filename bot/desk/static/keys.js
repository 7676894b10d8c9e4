// Keys, each with Alt so that no letter typed by somebody who dictates does anything.

/** What each key does; `code` so that a Mac's Option key, which types other signs, works too. */
export function setUpKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(event);
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const work = KEYS[event.code];
    if (!work) return;
    event.preventDefault();
    work();
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.drop[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("toggle", opened, true);
}

const KEYS = {
  KeyA: () => (document.getElementById("take") ??
    document.querySelector('[data-keyed="waiting"] .take'))?.click(),
  KeyR: () => document.getElementById("reply")?.focus(),
  KeyS: () => openMenu("menu-answers"),
  KeyW: () => (document.querySelector(".row-link") ?? document.getElementById("column-lists")).focus(),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
};

function step(by) {
  const links = [...document.querySelectorAll(".row-link")];
  if (!links.length) return;
  const here = links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = here < 0 ? (by > 0 ? 0 : links.length - 1)
    : (here + by + links.length) % links.length;
  location.assign(links[next].href);
}

function openMenu(id) {
  const menu = document.getElementById(id);
  if (menu) menu.open = true;
}

// One menu at a time; the first thing to fill in has the focus.
function opened(event) {
  const menu = event.target;
  if (!menu.matches?.("details.drop") || !menu.open) return;
  for (const other of document.querySelectorAll("details.drop[open]")) {
    if (other !== menu) other.open = false;
  }
  menu.querySelector("textarea, select, input:not([type=hidden]), .drop-form button")?.focus();
}

function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.drop[open]")) {
    menu.open = false;
    if (menu.contains(event.target)) menu.querySelector("summary").focus();
  }
}
