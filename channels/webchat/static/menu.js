// What is asked of the chat less often, behind one button.

import { Alerts } from "./alerts.js";
import { h, icon, unseen } from "./dom.js";
import { say } from "./texts.js";

export class Menu {
  #wipe;
  #known;
  #why = h("p", { id: "sure" });
  #items;
  #ask;
  #sure;
  #no;

  /**
   * @param wipe called when the customer wants the conversation off this device.
   * @param known says whether the page has logged the customer in.
   * @param alerts what the customer may choose to hear of.
   * @param refused called when the browser does not allow it.
   */
  constructor({ wipe, known, alerts, refused }) {
    this.#wipe = wipe;
    this.#known = known;
    this.button = h("button",
      { type: "button", class: "tool more", part: "tool", "aria-expanded": "false",
        "aria-controls": "menu", click: () => this.#toggle() },
      icon("more"), unseen(say("more")));
    this.#ask = h("button", { type: "button", class: "item", click: () => this.#doubt() },
      icon("wipe"), say("wipe"));
    this.#no = h("button", { type: "button", class: "option", click: () => this.#calm() },
      say("wipe_no"));
    const yes = h("button", { type: "button", class: "option", click: () => this.#carryOut() },
      say("wipe_yes"));
    this.#sure = h("div", { class: "sure", role: "group", "aria-labelledby": "sure", hidden: true },
      this.#why, h("div", { class: "ways" }, yes, this.#no));
    const sound = choice("sound", say("sound"), () => alerts.sound, (on) => { alerts.sound = on; });
    const notices = choice("bell", say("notices"), () => alerts.notices,
      async (on) => { if (!await alerts.chooseNotices(on)) refused(); });
    this.#items = [sound, ...(Alerts.possible ? [notices] : [])];
    this.node = h("div",
      { class: "menu", id: "menu", part: "menu", hidden: true, keydown: (event) => this.#key(event) },
      ...this.#items.map(({ node }) => node), this.#ask, this.#sure);
  }

  #toggle() {
    this.#show(this.node.hidden);
  }

  #show(open) {
    this.node.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    for (const { node, show } of this.#items) {
      node.hidden = false;
      show();
    }
    this.#ask.hidden = false;
    this.#sure.hidden = true;
    if (open) this.node.querySelector("button").focus();
  }

  // Once, in place of the button itself. A second tap on the same spot changes nothing.
  #doubt() {
    for (const { node } of this.#items) node.hidden = true;
    this.#ask.hidden = true;
    this.#why.textContent = say(this.#known() ? "wipe_sure_known" : "wipe_sure");
    this.#sure.hidden = false;
    this.#no.focus();
  }

  #calm() {
    this.#show(false);
    this.button.focus();
  }

  #carryOut() {
    this.#show(false);
    this.#wipe();
  }

  // Escape closes what was opened last.
  #key(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#calm();
  }
}

// A button that is on or off: its node, and what shows which.
function choice(drawing, words, is, set) {
  const mark = h("span", { class: "switch", "aria-hidden": "true" });
  const show = () => node.setAttribute("aria-checked", String(is()));
  const click = async () => {
    await set(!is());
    show();
  };
  const node = h("button", { type: "button", class: "item", role: "switch", click },
    icon(drawing), h("span", { class: "grow" }, words), mark);
  show();
  return { node, show };
}
