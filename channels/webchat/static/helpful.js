// The question below a quote whether it helped: one tap, which can be changed.

import { h } from "./dom.js";
import { say } from "./texts.js";

/**
 * The question, or null where the customer answered it before.
 * @param entry the server's name of the message.
 * @param votes keeps the answer and tells the server.
 */
export function helpful(entry, votes) {
  if (votes.has(entry)) return null;
  const thanks = h("p", { class: "thanks" });
  const press = (pressed) => {
    yes.setAttribute("aria-pressed", String(pressed === true));
    no.setAttribute("aria-pressed", String(pressed === false));
  };
  const answer = (label, value) => h("button", {
    type: "button",
    class: "vote",
    part: "vote",
    "aria-pressed": "false",
    click: () => {
      press(value);
      thanks.textContent = say(value ? "thanks_yes" : "thanks_no");
      votes.give(entry, value, (why) => {
        press(null);
        thanks.textContent = why;
      });
    },
  }, label);
  const yes = answer(say("helpful_yes"), true);
  const no = answer(say("helpful_no"), false);
  return h("div", { class: "helpful", role: "group", "aria-label": say("helpful") },
    h("span", { "aria-hidden": "true" }, say("helpful")), yes, no, thanks);
}
