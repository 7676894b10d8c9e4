// The reply field: a draft that survives, an answer that is sent once whatever happens.

import { attaching, choose, chosen, setUpAttach, showAttached } from "./attach.js";
import { isUnfinished, setUpCanned, showUnfilled } from "./canned.js";
import { answer as draft, settled } from "./drafts.js";
import { setUpLater } from "./later.js";
import { alarm, calm } from "./messages.js";
import { refreshConversation, toNewest } from "./conversation.js";
import { act } from "./server.js";
import { setUpSuggestion } from "./suggestion.js";
import { say } from "./texts.js";
import { typing } from "./typing.js";

const desk = document.getElementById("desk");
const id = desk?.dataset.talk;
// Nor is what one person sent, by who logs in after them in the same tab.
const WAITING = `loket-waiting-${desk?.dataset.agentId}-${id}`;
let sending = false;
let measuring = 0;

const form = () => document.getElementById("reply-form");
const field = () => document.getElementById("reply");

export function setUpReply() {
  if (!id) return;
  setUpAttach();
  setUpCanned();
  setUpSuggestion();
  setUpLater(unique);
  restore();
  document.addEventListener("input", (event) => {
    if (event.target === field()) typed();
    if (event.target.id === "answer-search") filter(event.target.value);
  });
  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    event.preventDefault();
    send();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    if (event.target === field()) {
      event.preventDefault();
      send();
    } else if (event.target.closest(".drop-form")) {
      event.preventDefault();
      event.target.form?.requestSubmit();
    }
  });
  window.addEventListener("online", flush);
  flush();
}

/** Moves the draft and the answers on their way to another conversation, where this one goes on. */
export function follow(other) {
  draft.takeAlong(other, field()?.value ?? draft.kept());
  settled.takeAlong(other, document.getElementById("settled")?.value ?? settled.kept());
  const kept = sessionStorage.getItem(WAITING);
  if (kept === null) return;
  sessionStorage.setItem(`loket-waiting-${desk.dataset.agentId}-${other}`, kept);
  sessionStorage.removeItem(WAITING);
}

/** Shows the draft in a reply field that is new. */
export function restore() {
  const area = field();
  if (!area) return;
  draft.restore(area);
  grow(area);
  measure();
  show();
  showAttached();
  showUnfilled(area);
}

/** Shows the draft as another device left it, or sent it, in a field that nobody touched here. */
export function takeDraft(text) {
  const area = field();
  if (!area || draft.kept() !== null) return;
  if (area.value !== area.defaultValue || area.defaultValue === text) return;
  area.defaultValue = text;
  area.value = text;
  grow(area);
  measure();
  showUnfilled(area);
}

function typed() {
  showUnfilled(field());
  draft.keep(field().value);
  typing(field().value);
  grow(field());
  clearTimeout(measuring);
  measuring = setTimeout(measure, 250);
}

function grow(area) {
  area.rows = Math.min(10, Math.max(3, area.value.split("\n").length + Math.floor(area.value.length / 90)));
}

// Answers on their way, oldest first: {id, text, file}. They are kept until the server has them.
function waiting() {
  try {
    return JSON.parse(sessionStorage.getItem(WAITING)) ?? [];
  } catch {
    return [];
  }
}

function keep(answers) {
  sessionStorage.setItem(WAITING, JSON.stringify(answers));
  show();
}

function send() {
  const area = field();
  if (!area || area.disabled) return;
  const text = area.value.trim();
  const file = chosen();
  if (attaching() || (!text && !file)) {
    area.focus();
    return;
  }
  calm();
  if (isUnfinished(area)) return;
  keep([...waiting(), { id: unique(), text, file }]);
  choose(null);
  area.value = "";
  typed();
  area.focus();
  flush();
}

async function flush() {
  if (sending) return;
  sending = true;
  try {
    for (let answer; (answer = waiting()[0]); ) {
      if (!(await deliver(answer))) await new Promise((resolve) => setTimeout(resolve, 2_000));
    }
  } finally {
    sending = false;
  }
}

// Whether the server has spoken; if it could not be reached, the same answer goes again.
async function deliver({ id: client, text, file }) {
  try {
    await act(`/desk/c/${id}/reply`, { text, client_id: client, file: file?.name ?? "" });
  } catch (error) {
    if (error.status === 0 || error.status >= 500 || error.status === 401) return false;
    drop(client);
    giveBack(text);
    if (file) choose(file);
    alarm(say("not_sent", { reason: error.sentence }));
    refreshConversation();
    return true;
  }
  await refreshConversation();
  drop(client);
  toNewest();
  return true;
}

function drop(client) {
  keep(waiting().filter((answer) => answer.id !== client));
}

function giveBack(text) {
  const begun = field()?.value ?? draft.kept();
  const both = begun ? `${text}\n\n${begun}` : text;
  if (!field()) {
    draft.keep(both);
    return;
  }
  field().value = both;
  typed();
  measure();
}

function show() {
  const place = document.getElementById("pending");
  place.replaceChildren(...waiting().map(({ text, file }) => {
    const node = document.createElement("p");
    const words = document.createElement("span");
    words.textContent = [file?.label, text].filter(Boolean).join(" – ");
    const status = document.createElement("span");
    status.className = "status";
    status.textContent = say("sending");
    node.append(words, status);
    return node;
  }));
}

async function measure() {
  const area = field();
  const size = document.getElementById("size");
  if (!area || !size) return;
  const text = area.value;
  if (!text.trim()) {
    size.textContent = "";
    return;
  }
  try {
    const found = await act(`/desk/measure/${desk.dataset.channel}`, { text });
    if (field()?.value !== text) return;
    if (size.textContent !== found.words) size.textContent = found.words;
    size.classList.toggle("many", found.many);
  } catch {
    size.textContent = "";
  }
}

function filter(words) {
  const wanted = words.trim().toLowerCase();
  for (const item of document.querySelectorAll(".answers > li")) {
    item.hidden = !item.textContent.toLowerCase().includes(wanted);
  }
}

// `crypto.randomUUID` exists on https and localhost only.
function unique() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
