// The page of queue and conversation.

import { restoreClosing, setUpClosing } from "./closing.js";
import { settled } from "./drafts.js";
import { fold, setUpFolds } from "./folds.js";
import { setUpKeys } from "./keys.js";
import { mark, refreshLists } from "./lists.js";
import { follow } from "./live.js";
import { alarm, calm, line, tellKept } from "./messages.js";
import { follow as followDraft, restore, setUpReply, takeDraft } from "./reply.js";
import { act } from "./server.js";
import { setUpSound } from "./sound.js";
import { refreshConversation, setUpConversation, toNewest } from "./conversation.js";
import { newestSeen, showUnseen } from "./seen.js";
import { startTicking } from "./ticking.js";

const TAKEN = "loket-desk-taken"; // the page of what was taken in a list: its reply field is next
const talk = document.getElementById("desk").dataset.talk ?? "";

// Every act but a reply: the button, its form, and what comes of it.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-act]")) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  calm();
  const fields = new FormData(form, event.submitter);
  const closes = form.querySelector("[name=settled]") !== null;
  if (closes) fields.set("seen", newestSeen());
  try {
    const { to } = await act(form.getAttribute("action"), fields);
    done(form, to);
  } catch (error) {
    alarm(error.sentence);
    refreshLists();
    await refreshConversation();
    if (closes) showUnseen();
  } finally {
    delete form.dataset.busy;
  }
});

function done(form, to) {
  if (form.querySelector("[name=settled]")) {
    closed();
    return;
  }
  if (to && to !== location.pathname && !form.matches(".row-acts form")) {
    if (form.action.endsWith("/take")) sessionStorage.setItem(TAKEN, to);
    location.assign(to);
    return;
  }
  const menu = form.closest("details.drop");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  form.reset();
  refreshLists();
  refreshed(form);
}

// Whoever takes a conversation answers what was said last, wherever they were reading.
async function refreshed(form) {
  await refreshConversation();
  if (/\/take(-over)?$/.test(form.action)) toNewest();
}

// The button is gone with the conversation: on with the next one, as somebody who closes many does.
async function closed() {
  settled.over();
  document.getElementById("menu-close").open = false;
  await Promise.all([refreshLists(), refreshConversation()]);
  // The lists may not be there yet: what was closed just now is left out here.
  const other = (list) => document.querySelector(`[data-keyed="${list}"] .row-link:not([aria-current])`);
  // Where the lists are not beside the conversation, the way back to them is next.
  const next = [other("mine"), other("waiting"), document.querySelector(".back")];
  (next.find((node) => node?.offsetParent) ?? document.getElementById("column-lists")).focus();
}

startTicking();
setUpSound();
setUpKeys();
setUpFolds();
setUpConversation((replaced, drafted) => {
  if (replaced.includes("talk-acts")) restoreClosing();
  if (replaced.includes("talk-acts") || replaced.includes("talk-joined")) fold();
  if (replaced.includes("composer")) {
    restore();
    document.getElementById("reply")?.focus();
  } else if (drafted !== null) takeDraft(drafted);
}, followDraft);
tellKept();
setUpReply();
setUpClosing();
if (sessionStorage.getItem(TAKEN) === location.pathname) document.getElementById("reply")?.focus();
sessionStorage.removeItem(TAKEN);
mark();
document.addEventListener("visibilitychange", mark);
// Keys and forms do from here on what they promise.
document.getElementById("desk").dataset.ready = "yes";
follow(`/desk/events${talk ? `?c=${talk}` : ""}`, {
  lists: refreshLists,
  talk: refreshConversation,
  line: (up) => line(up ? "up" : "down"),
  bye: () => line("out"),
});
