// Keys, each with Alt so that no letter typed by somebody who dictates does anything.

import { makeRoom } from "./conversation.js";

/** What each key does; `code` so that a Mac's Option key, which types other signs, works too. */
export function setUpKeys() {
  // Before anything else: within a form, Enter in any field would send all of it.
  document.addEventListener("keydown", stayInMenu, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(event);
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const work = KEYS[event.code];
    if (!work) return;
    event.preventDefault();
    work();
  });
  document.addEventListener("click", (event) => {
    const menu = event.target.closest("details.drop");
    closeOthers(menu);
    if (!menu || !event.target.closest("summary")) return;
    // The browser would tell that it opened only later: what is typed at once went to the summary,
    // and a space there closes the menu again.
    event.preventDefault();
    if (menu.open) menu.open = false;
    else open(menu);
  });
}

const KEYS = {
  KeyA: () => (document.getElementById("take") ??
    document.querySelector('[data-keyed="waiting"] .take'))?.click(),
  KeyR: () => {
    closeOthers(null); // one with a form in a low window has the place of the reply
    document.getElementById("reply")?.focus();
  },
  KeyS: () => openMenu("menu-answers"),
  KeyK: () => openMenu("menu-close"),
  KeyL: () => openMenu("menu-snooze"),
  KeyW: () => (document.querySelector(".row-link") ?? document.getElementById("column-lists")).focus(),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
};

// In a field with `data-enter`, Enter presses the first such thing in its menu, and the arrow goes
// to it.
function stayInMenu(event) {
  const first = event.target.dataset?.enter;
  if (!first || event.isComposing || !["Enter", "ArrowDown"].includes(event.key)) return;
  if (event.key === "ArrowDown" && event.target.type !== "search") return; // a date has its own
  event.preventDefault();
  event.stopPropagation();
  const wanted = event.target.closest(".drop-form").querySelector(first);
  if (event.key === "Enter") wanted?.click();
  else wanted?.focus();
}

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
  if (!menu) return;
  closeOthers(menu);
  open(menu);
}

// The first thing to fill in has the focus; a search of the last time is over.
function open(menu) {
  const around = menu.closest("details.fold");
  if (around) around.open = true;
  menu.open = true;
  const search = menu.querySelector("input[type=search]");
  if (search) {
    search.value = ""; // Escape may have emptied it without an event
    search.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (menu.closest(".column-talk")) makeRoom();
  menu.querySelector("textarea, select, input:not([type=hidden]), .drop-form button")?.focus();
}

// One menu at a time.
function closeOthers(menu) {
  for (const other of document.querySelectorAll("details.drop[open]")) {
    if (other !== menu) other.open = false;
  }
}

function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.drop[open]")) {
    menu.open = false;
    if (menu.contains(event.target)) menu.querySelector("summary").focus();
  }
}
