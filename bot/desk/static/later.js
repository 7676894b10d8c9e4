// An answer for later: planned with the words in the reply field, shown above it, withdrawn into it.

import { insertInto, isUnfinished } from "./canned.js";
import { refreshConversation } from "./conversation.js";
import { refreshLists } from "./lists.js";
import { alarm, calm } from "./messages.js";
import { act } from "./server.js";

const id = document.getElementById("desk")?.dataset.talk;
let busy = false;

/** `unique` makes the browser's own id of an answer. */
export function setUpLater(unique) {
  document.addEventListener("click", ({ target }) => {
    const plans = target.closest("[data-plan]");
    if (plans) once(() => plan(plans.dataset.plan, unique()));
    const takesBack = target.closest("[data-withdraw]");
    if (takesBack) once(() => withdraw(takesBack.dataset.withdraw));
  });
}

async function once(work) {
  if (busy) return;
  busy = true;
  calm();
  try {
    await work();
  } catch (error) {
    alarm(error.sentence);
  } finally {
    busy = false;
  }
  refreshLists();
  await refreshConversation();
}

async function plan(until, client) {
  const area = document.getElementById("reply");
  const text = area.value;
  const due = document.getElementById("plan-due").value;
  if (isUnfinished(area)) return;
  await act(`/desk/c/${id}/plan`, { text, until, due, client_id: client });
  document.getElementById("menu-later").open = false;
  if (area.value === text) area.value = "";
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

async function withdraw(number) {
  const { text } = await act(`/desk/c/${id}/planned/${number}/withdraw`, {});
  const area = document.getElementById("reply");
  if (area) insertInto(area, text);
}
