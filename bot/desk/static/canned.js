// Canned texts in a field for the customer: chosen from a menu, or brought up by a slash and a word.

import { alarm, announce } from "./messages.js";
import { say } from "./texts.js";

const SLASH = /(^|\s)\/([\p{L}\d-]*)$/u; // before the caret
const PLACEHOLDER = /\{([a-z0-9_]+)\}/g;
const MOST = 8; // options at once: what a phone shows above its keyboard
let shown = null; // the open list: {field, list, from, found, at}

export function setUpCanned() {
  document.addEventListener("input", ({ target }) => {
    if (!target.matches("[data-offers]")) return;
    offer(target);
    showUnfilled(target);
  });
  // Before the page's own keys: an open list takes the arrows, Enter, Tab and Escape.
  document.addEventListener("keydown", keys, true);
  document.addEventListener("focusout", ({ target }) => {
    if (target === shown?.field) shut();
  });
  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest("[role=option]")) event.preventDefault(); // the field keeps the focus
  });
  document.addEventListener("click", ({ target }) => {
    const option = target.closest("[role=option]");
    if (option && shown) choose(Number(option.dataset.at));
    const answer = target.closest(".answer");
    if (answer) append(document.getElementById(answer.dataset.for), answer);
  });
}

/** The placeholders that are left in a field, as `{name}`. */
function unfilled(field) {
  const known = (field.dataset.placeholders ?? "").split(" ");
  const left = [...field.value.matchAll(PLACEHOLDER)].filter(([, name]) => known.includes(name));
  return [...new Set(left.map(([whole]) => whole))];
}

/** The word behind a slash that still waits for a text to be chosen, as `/word`; or empty. */
function slashed(field) {
  const before = field.value.slice(0, field.selectionStart);
  if (shown?.field === field) return before.match(SLASH)?.[0].trim() ?? "";
  return field.value.trim().match(/^\/[\p{L}\d-]+$/u)?.[0] ?? "";
}

/** Whether what stands in a field cannot go to a customer yet; then it is said why, and selected. */
export function isUnfinished(field) {
  const left = unfilled(field);
  const word = slashed(field);
  if (left.length) alarm(say("unfilled", { what: left.join(", ") }));
  else if (word) alarm(say("slashed", { what: word }));
  else return false;
  selectUnfilled(field);
  return true;
}

/** Marks under a field what is left to fill in. */
export function showUnfilled(field) {
  const place = document.getElementById(`${field.id}-unfilled`);
  const left = unfilled(field);
  const words = left.length ? say("unfilled", { what: left.join(", ") }) : "";
  if (place && place.textContent !== words) place.textContent = words;
}

/** Selects what is to be filled in first, so that typing replaces it. */
function selectUnfilled(field) {
  field.focus();
  const [first] = unfilled(field);
  if (!first) return;
  const from = field.value.indexOf(first);
  field.setSelectionRange(from, from + first.length);
}

function append(field, answer) {
  const menu = answer.closest("details");
  if (menu.contains(field)) field.value = answer.dataset.text;
  else {
    menu.open = false;
    insertInto(field, answer.dataset.text);
    return;
  }
  changed(field);
}

/** Puts a text below what stands in a field already, and the focus there. */
export function insertInto(field, text) {
  if (field.disabled) return;
  const gap = field.value && !field.value.endsWith("\n") ? "\n\n" : "";
  field.value = `${field.value}${gap}${text}`;
  changed(field);
}

function changed(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
  selectUnfilled(field);
}

function offer(field) {
  const before = field.value.slice(0, field.selectionStart);
  const match = field.selectionStart === field.selectionEnd && before.match(SLASH);
  const found = match ? fitting(field, match[2].toLowerCase()) : [];
  if (!found.length) {
    shut();
    return;
  }
  const news = shown?.found.length !== found.length;
  const list = document.getElementById(field.dataset.offers);
  shown = { field, list, from: before.length - match[2].length - 1, found, at: 0 };
  list.replaceChildren(...found.map(option));
  list.hidden = false;
  mark(0);
  if (!news) return;
  announce(found.length === 1 ? say("offers_one") : say("offers_many", { count: found.length }));
}

// Those whose word begins so, then those with it in the title.
function fitting(field, typed) {
  const all = [...document.querySelectorAll(`.answer[data-for="${field.id}"]`)];
  const title = (each) => each.querySelector(".answer-title").textContent.toLowerCase();
  const byWord = all.filter(({ dataset }) => dataset.word && dataset.word.startsWith(typed));
  const byTitle = all.filter((each) => !byWord.includes(each) && title(each).includes(typed));
  return [...byWord, ...byTitle].slice(0, MOST);
}

function option(answer, at) {
  const node = document.createElement("li");
  node.role = "option";
  node.id = `${shown.list.id}-${at}`;
  node.dataset.at = at;
  for (const name of ["answer-title", "answer-text"]) {
    const words = document.createElement("span");
    words.className = name;
    words.textContent = answer.querySelector(`.${name}`).textContent;
    node.append(words);
  }
  return node;
}

function mark(at) {
  shown.at = at;
  for (const [index, node] of [...shown.list.children].entries()) {
    node.setAttribute("aria-selected", index === at);
    if (index !== at) continue;
    shown.field.setAttribute("aria-activedescendant", node.id);
    node.scrollIntoView({ block: "nearest" });
  }
}

function choose(at) {
  const { field, from, found } = shown;
  shut();
  field.setRangeText(found[at].dataset.text, from, field.selectionStart, "end");
  changed(field);
}

function shut() {
  if (!shown) return;
  shown.list.hidden = true;
  shown.list.replaceChildren();
  shown.field.removeAttribute("aria-activedescendant");
  shown = null;
}

function keys(event) {
  if (event.target !== shown?.field || event.ctrlKey || event.metaKey || event.altKey) return;
  const { found, at } = shown;
  const work = {
    ArrowDown: () => mark((at + 1) % found.length),
    ArrowUp: () => mark((at + found.length - 1) % found.length),
    Enter: () => choose(at),
    Tab: () => choose(at),
    Escape: shut,
  }[event.key];
  if (!work || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.stopPropagation();
  work();
}
