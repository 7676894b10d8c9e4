// What the page tells the agent: the banner about the line, alerts about acts, and quiet news for
// screen readers.

import { say } from "./texts.js";

const banner = document.getElementById("banner");
const place = document.getElementById("alert");
const quiet = document.getElementById("announce");

/** Shows whether the server can be reached; `out`: the person is not signed in any more. */
export function line(state) {
  banner.replaceChildren();
  banner.classList.toggle("shown", state !== "up");
  if (state === "up") return;
  if (state === "down") {
    banner.textContent = say("offline");
    return;
  }
  const link = document.createElement("a");
  const next = encodeURIComponent(location.pathname);
  link.href = `/desk/login?next=${next}`;
  link.textContent = say("log_in");
  banner.append(`${say("logged_out")} `, link);
}

/** Says why something did not work. */
export function alarm(sentence) {
  const words = document.createElement("p");
  words.textContent = sentence;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "second small";
  button.textContent = say("close");
  button.addEventListener("click", calm);
  place.replaceChildren(words, button);
}

export function calm() {
  place.replaceChildren();
}

/** Tells a screen reader. */
export function announce(words) {
  quiet.textContent = words;
}

const NEXT = "loket-desk-next";

/** Keeps a sentence for the page that comes next: why the agent is there. */
export function keepForNext(sentence) {
  try {
    sessionStorage.setItem(NEXT, sentence);
  } catch {
    // Then the page comes without a word.
  }
}

/** Says what the page before kept. */
export function tellKept() {
  try {
    const sentence = sessionStorage.getItem(NEXT);
    sessionStorage.removeItem(NEXT);
    if (sentence) alarm(sentence);
  } catch {
    // Nothing was kept.
  }
}
