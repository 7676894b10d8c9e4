// What was agreed, typed as a conversation is closed: a draft until then, as the answer is.

import { showUnfilled } from "./canned.js";
import { settled } from "./drafts.js";

const field = () => document.getElementById("settled");

export function setUpClosing() {
  restoreClosing();
  document.addEventListener("input", ({ target }) => {
    if (target === field()) settled.keep(target.value);
  });
}

/** Shows the draft in a form that is new. */
export function restoreClosing() {
  const area = field();
  if (!area) return;
  settled.restore(area);
  showUnfilled(area);
}
