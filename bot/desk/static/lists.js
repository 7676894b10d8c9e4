// The left column: the queue, one's own conversations, requests to be called back.

import { announce } from "./messages.js";
import { atRest, keepingFocus, patchKeyed } from "./patch.js";
import { piece } from "./server.js";
import { tick } from "./ticking.js";
import { ring } from "./sound.js";
import { say } from "./texts.js";

const SEEN = "loket-desk-seen";
const talk = document.getElementById("desk")?.dataset.talk ?? "";
const title = document.title;
let busy = false;
let again = false;

/** Fetches the lists; calls that come meanwhile make one more. */
export async function refreshLists() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    const next = (await piece(`/desk/lists?c=${talk}`)).getElementById("lists");
    await atRest();
    const before = waiting();
    const known = reminded();
    keepingFocus(() => patch(next));
    tell(before);
    remind(known);
    tick();
  } catch {
    // The banner tells when the line is down; the next event tries again.
  } finally {
    busy = false;
    if (again) {
      again = false;
      refreshLists();
    }
  }
}

/** Sets the tab's title and the marks of unread messages. */
export function mark() {
  const number = waiting().size;
  const mine = markUnread();
  const count = number + mine;
  document.title = count ? `(${count}) ${title}` : title;
}

function patch(next) {
  const now = document.getElementById("lists");
  const sections = [...next.children];
  const shape = (node) => [...node.querySelectorAll("[data-keyed]")].map((each) => each.dataset.keyed);
  if (shape(now).join() !== shape(next).join()) {
    now.replaceWith(document.adoptNode(next));
  } else {
    sections.forEach((section, index) => {
      const old = now.children[index];
      const list = old.querySelector("[data-keyed]");
      old.querySelector("h2").replaceWith(section.querySelector("h2"));
      if (list) patchKeyed(list, section.querySelector("[data-keyed]"));
    });
  }
  mark();
}

function waiting() {
  return new Set([...document.querySelectorAll('[data-keyed="waiting"] > li')]
    .map((node) => node.dataset.key));
}

function tell(before) {
  const fresh = [...waiting()].filter((key) => !before.has(key));
  if (!fresh.length) return;
  const topic = document.querySelector(`[data-key="${fresh[0]}"] .row-title`).textContent.trim();
  announce(fresh.length === 1 ? say("new_one", { topic })
    : say("new_many", { count: fresh.length }));
  ring();
}

// Own conversations whose customer got no answer for too long.
function reminded() {
  return new Set([...document.querySelectorAll('[data-keyed="mine"] > .reminded')]
    .map((node) => node.dataset.key));
}

function remind(before) {
  const fresh = [...reminded()].filter((key) => !before.has(key));
  if (!fresh.length) return;
  const who = document.querySelector(`[data-key="${fresh[0]}"] .row-title`).textContent.trim();
  announce(say("answer_now", { who }));
  ring();
}

// A conversation counts as seen as far as it went when its page was in view.
function markUnread() {
  const seen = remembered();
  let unread = 0;
  const kept = {};
  for (const node of document.querySelectorAll('[data-keyed="mine"] > li')) {
    const { key, newest } = node.dataset;
    if (key === talk && !document.hidden) seen[key] = newest;
    kept[key] = seen[key] ?? "";
    const fresh = node.classList.contains("open-question") && newest > kept[key];
    node.querySelector(".unread").hidden = !fresh;
    node.classList.toggle("is-unread", fresh);
    if (fresh) unread += 1;
  }
  try {
    localStorage.setItem(SEEN, JSON.stringify(kept));
  } catch {
    // Then marks last as long as the page.
  }
  return unread;
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(SEEN)) ?? {};
  } catch {
    return {};
  }
}

