// A photo or PDF that goes with the answer: sent to the server when it is chosen, and kept by name
// until the answer goes, also when the page is loaded anew.

import { alarm, calm } from "./messages.js";
import { Refused, upload } from "./server.js";
import { say } from "./texts.js";

const desk = document.getElementById("desk");
const id = desk?.dataset.talk;
const KEPT = `loket-file-${desk?.dataset.agentId}-${id}`;
let busy = false;

/** The chosen file, {name, label}; null without one. */
export function chosen() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

/** Whether a file is still on its way to the server: the answer waits for it. */
export function attaching() {
  return busy;
}

export function setUpAttach() {
  if (!id) return;
  document.addEventListener("click", (event) => {
    if (event.target.closest("#attach")) document.getElementById("attach-file").click();
    if (event.target.closest("#detach")) {
      choose(null);
      document.getElementById("attach")?.focus();
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.id === "attach-file") take(event.target);
  });
  showAttached();
}

/** Sets the file that goes with the next answer; null for none. */
export function choose(file) {
  if (file) sessionStorage.setItem(KEPT, JSON.stringify(file));
  else sessionStorage.removeItem(KEPT);
  showAttached();
}

/** Shows the chosen file in a composer that is new. */
export function showAttached() {
  const button = document.getElementById("attach");
  const place = document.getElementById("attached");
  if (!button || !place) return;
  const file = chosen();
  button.hidden = Boolean(file) || busy;
  place.hidden = !file && !busy;
  // With a file an answer needs no words.
  document.getElementById("reply").required = !file;
  place.replaceChildren();
  if (busy) place.textContent = say("attaching");
  if (!file || busy) return;
  const words = document.createElement("span");
  words.textContent = file.label;
  const remove = document.createElement("button");
  remove.type = "button";
  remove.id = "detach";
  remove.className = "second small";
  remove.textContent = "×";
  remove.setAttribute("aria-label", say("detach", { name: file.label }));
  place.append(words, remove);
}

async function take(input) {
  const [file] = input.files;
  input.value = ""; // the same file can be chosen once more
  if (!file || busy) return;
  calm();
  busy = true;
  showAttached();
  let taken = null;
  try {
    taken = await upload(`/desk/c/${id}/upload`, file);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    alarm(error.sentence);
  } finally {
    busy = false;
    choose(taken);
  }
  document.getElementById("reply")?.focus();
}
