// Answers from the pages for what the customer asked, with their source: shown beside the reply field,
// put into it only by the agent.

import { insertInto } from "./canned.js";
import { alarm, calm } from "./messages.js";
import { act } from "./server.js";
import { say } from "./texts.js";

const id = document.getElementById("desk")?.dataset.talk;

export function setUpSuggestion() {
  document.addEventListener("click", ({ target }) => {
    if (target.closest("#suggest")) look(target.closest("#suggest"));
  });
}

async function look(button) {
  const place = document.getElementById("suggestion");
  if (button.getAttribute("aria-busy")) return;
  calm();
  button.setAttribute("aria-busy", "true");
  place.textContent = say("suggesting");
  try {
    show(place, await act(`/desk/c/${id}/suggest`, {}));
  } catch (error) {
    place.replaceChildren();
    alarm(error.sentence);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

function show(place, { sure, passages }) {
  if (!passages.length) {
    place.textContent = say("suggested_none");
    return;
  }
  const close = button("button second small", say("close"));
  close.addEventListener("click", () => {
    place.replaceChildren();
    document.getElementById("suggest")?.focus();
  });
  const head = part("p", "suggestion-head", "");
  head.append(part("strong", "", say(sure ? "suggested" : "suggested_maybe")), close);
  place.replaceChildren(head, ...passages.map((each) => proposal(place, each)));
}

function proposal(place, { text, title, url, exact, source }) {
  const words = part("p", "suggestion-text", text);
  const from = part("a", "suggestion-source", say("suggested_source", { title }));
  if (/^https?:/.test(url) || url.startsWith("/")) from.href = exact;
  from.target = "_blank";
  from.rel = "noopener noreferrer";
  const use = button("button small", say("suggested_use"));
  use.addEventListener("click", () => {
    place.replaceChildren();
    insertInto(document.getElementById("reply"), `${text}\n\n${source}`);
  });
  const acts = part("p", "suggestion-acts", "");
  acts.append(use, from);
  const node = part("div", "suggestion-one", "");
  node.append(words, acts);
  return node;
}

function button(name, words) {
  const node = part("button", name, words);
  node.type = "button";
  return node;
}

function part(kind, name, words) {
  const node = document.createElement(kind);
  node.className = name;
  node.textContent = words;
  return node;
}
