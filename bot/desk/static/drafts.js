// What an agent types: kept on the server, so that it follows to another device. Until the server has
// it, it is kept here, also when the page is loaded anew or the network is away.

import { act } from "./server.js";

const PAUSE = 800; // ms without a key after which it is kept
const desk = document.getElementById("desk");
const id = desk?.dataset.talk;
let latest = null; // as it was typed in this page; null: nothing was
let saved = null; // as the server has it, as far as this page knows
let timer = 0;
let busy = false;

// What one person typed is not shown to, or sent by, who logs in after them in the same tab.
const place = (talk) => `loket-draft-${desk?.dataset.agentId}-${talk}`;

export function setUpDrafts() {
  window.addEventListener("online", save);
  window.addEventListener("pagehide", () => save({ keepalive: true }));
}

/** What was typed and the page that the server made may not know of; null for nothing. */
export function keptDraft() {
  return latest ?? sessionStorage.getItem(place(id));
}

/** Keeps what stands in the field. */
export function keepDraft(text) {
  latest = text;
  sessionStorage.setItem(place(id), text);
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
}

/** Takes it along to another conversation, where this one goes on. */
export function takeAlong(other, text) {
  if (text) sessionStorage.setItem(place(other), text);
  sessionStorage.removeItem(place(id));
}

async function save({ keepalive = false } = {}) {
  clearTimeout(timer);
  if (busy || latest === null || latest === saved) return;
  busy = true;
  const text = latest;
  try {
    await act(`/desk/c/${id}/draft`, { text }, { keepalive });
    saved = text;
    if (latest === text) sessionStorage.removeItem(place(id));
  } catch {
    // It stays here, and goes with the next key or when the network is back.
    return;
  } finally {
    busy = false;
  }
  if (latest !== saved) save();
}
