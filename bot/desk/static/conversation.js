// The conversation: what was said, kept up to date; older messages on demand.

import { atRest, keepingFocus, patchRegions } from "./patch.js";
import { keepForNext } from "./messages.js";
import { watch } from "./seen.js";
import { piece } from "./server.js";
import { tick } from "./ticking.js";

const NEAR = 80; // px from the end that still count as being at the end
const desk = document.getElementById("desk");
const id = desk?.dataset.talk;
const log = document.getElementById("log");
const newer = document.getElementById("newer");
// The agent chose to answer here, though the customer may write elsewhere.
const stays = new URLSearchParams(location.search).has("hier");
let busy = false;
let again = false;

/** Called with the ids of the regions that were replaced. */
let changed = () => {};
/** Called with the conversation's new id when it goes on on another channel. */
let follows = () => {};

/** Whether the newest message is in sight, and stays so whatever changes its size. */
let stuck = true;

export function setUpConversation(onChange, onFollow) {
  if (!id) return;
  changed = onChange;
  follows = onFollow;
  if (location.hash) toEnd();
  else toNewest();
  watch(id);
  newer.addEventListener("click", () => { toEnd(); log.focus(); });
  log.addEventListener("click", (event) => {
    const link = event.target.closest("[data-before]");
    if (!link) return;
    event.preventDefault();
    older(link);
  });
  let height = log.clientHeight;
  // A form that opens as another closes: what scrolled then is not what somebody scrolled.
  log.addEventListener("scroll", () => { if (log.clientHeight === height) stuck = atEnd(); });
  new ResizeObserver(() => {
    height = log.clientHeight;
    if (stuck) toEnd();
  }).observe(log);
  // A picture has no height before it is there.
  log.addEventListener("load", () => { if (stuck) toEnd(); }, true);
}

/** Fetches what is new; calls that come meanwhile make one more. */
export async function refreshConversation() {
  if (!id) return;
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    const next = await piece(`/desk/c/${id}/live${stays ? "?hier=1" : ""}`);
    if (!new URL(next.URL).pathname.includes(id)) {
      // The customer goes on on another channel: the page and what was typed go along.
      const there = new URL(next.URL).pathname.replace(/\/live$/, "");
      follows(there.split("/").at(-1));
      location.replace(there);
      return;
    }
    await atRest();
    const replaced = [];
    const drafted = next.getElementById("reply")?.defaultValue ?? null;
    keepingFocus(() => {
      lines(next.getElementById("lines"));
      replaced.push(...patchRegions(next));
    });
    tick();
    changed(replaced, drafted);
  } catch (error) {
    // Another team's by now: nothing here is this agent's business any more.
    if (error.status === 403 || error.status === 404) {
      keepForNext(error.sentence);
      location.assign("/desk");
    }
  } finally {
    busy = false;
    if (again) {
      again = false;
      refreshConversation();
    }
  }
}

/** Shows the newest message. */
export function toNewest() {
  makeRoom();
  toEnd();
}

/** Where one thing is seen at a time, the bar on top makes room for the conversation. */
export function makeRoom() {
  if (matchMedia("(max-width: 63.99rem)").matches) log.parentElement.scrollIntoView({ behavior: "instant" });
}

function toEnd() {
  log.scrollTop = log.scrollHeight;
  stuck = true;
}

function lines(next) {
  const now = document.getElementById("lines");
  const known = new Map([...now.children].map((node) => [node.dataset.key, node]));
  const fresh = [...next.children];
  const meets = fresh.some((node) => known.has(node.dataset.key) && node.dataset.key !== "older");
  if (now.querySelector(".line") && !meets) {
    // Away so long that a whole page was missed.
    now.replaceChildren(...fresh.map((node) => document.adoptNode(node)));
    toEnd();
    return;
  }
  const wasAtEnd = stuck || atEnd();
  let added = false;
  let after = null;
  for (const node of fresh) {
    const old = known.get(node.dataset.key);
    if (old) {
      update(old, node);
      after = old;
    } else if (after && !["older"].includes(node.dataset.key)) {
      const moved = document.adoptNode(node);
      after.after(moved);
      after = moved;
      added = true;
    } else if (!now.children.length) {
      now.append(document.adoptNode(node));
      after = now.lastChild;
      added = true;
    }
  }
  if (!added) return;
  if (wasAtEnd) toEnd();
  else newer.hidden = false;
}

// How far a message came changes, and a file that was on its way is there; what was said does not
// change. Nothing is read aloud twice.
function update(old, fresh) {
  const files = fresh.querySelector(".files");
  const had = old.querySelector(".files");
  if (files && had?.dataset.version !== files.dataset.version) {
    if (had) had.replaceWith(document.adoptNode(files));
    else old.querySelector(".said")?.append(document.adoptNode(files));
  }
  const status = fresh.querySelector(".status");
  if (!status) return;
  const shown = old.querySelector(".status");
  if (shown && shown.textContent !== status.textContent) shown.textContent = status.textContent;
  old.classList.toggle("failed", fresh.classList.contains("failed"));
}

async function older(link) {
  link.setAttribute("aria-disabled", "true");
  let next;
  try {
    next = await piece(`/desk/c/${id}/older?before=${link.dataset.before}`);
  } catch {
    link.removeAttribute("aria-disabled");
    return;
  }
  const first = link.parentElement.nextElementSibling;
  const before = log.scrollHeight - log.scrollTop;
  const nodes = [...next.querySelectorAll("ol > li")].map((node) => document.adoptNode(node));
  link.parentElement.replaceWith(...nodes);
  // The day of the message that was first stands above older ones of the same day now.
  if (first?.classList.contains("day")) dropRepeated(first);
  log.scrollTop = log.scrollHeight - before;
  log.focus();
}

function dropRepeated(day) {
  let node = day.previousElementSibling;
  while (node && !node.classList.contains("day")) node = node.previousElementSibling;
  if (node && node.textContent === day.textContent) day.remove();
}

function atEnd() {
  return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
}
