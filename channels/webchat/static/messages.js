// One message of the conversation as an element. Every text goes in as text, never as HTML.

import { h, icon, link, safeAddress, smiley, unseen } from "./dom.js";
import { helpful } from "./helpful.js";
import { isPicture, picture } from "./picture.js";
import { locale, say } from "./texts.js";

const ICONS = { bot: "assistant", human: "person" };
const NOTICES = { disclosure: "assistant", to_human: "person", to_bot: "assistant", info: "info" };
const ADDRESS = /https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]/g;

const time = moments({ hour: "2-digit", minute: "2-digit" });
const day = moments({ weekday: "long", day: "numeric", month: "long" });
const date = moments({ day: "numeric", month: "long", year: "numeric" });

/** A message on the screen. */
export class Message {
  #buttons = [];

  /**
   * @param entry what the server sent, or {author: "customer", text, payload, at, id} of our own.
   * @param choose called with (title, payload) when the customer taps an option.
   * @param votes keeps whether a quote helped; none for messages of the customer.
   */
  constructor(entry, choose, votes) {
    this.entry = entry;
    this.node = entry.kind === "notice" ? notice(entry) : this.#bubble(entry, choose, votes);
  }

  /** From now on nothing in it can be tapped; the option with this payload shows as chosen. */
  deactivate(payload = null) {
    for (const { button, option } of this.#buttons) {
      if (option.payload === payload && !button.classList.contains("chosen")) {
        button.classList.add("chosen");
        button.append(unseen(say("chosen")));
      }
      button.disabled = true;
    }
  }

  get active() {
    return this.#buttons.some(({ button }) => !button.disabled);
  }

  /** When it was said (ISO 8601). */
  get at() {
    return this.entry.at;
  }

  set at(at) {
    this.entry.at = at;
    const shown = this.node.querySelector(".meta time");
    if (!shown || shown.dateTime === at) return;
    shown.dateTime = at;
    shown.textContent = time(at);
  }

  /** What is under a message of the customer while it is on its way, or when it was refused. */
  status(text, failed = false) {
    const status = this.node.querySelector(".status");
    status.textContent = text;
    this.node.classList.toggle("failed", failed);
    this.node.classList.toggle("pending", text !== "" && !failed);
  }

  #bubble(entry, choose, votes) {
    const content = h("div", { class: "content", part: "bubble", dir: "auto", lang: spoken(entry) },
      ...this.#content(entry, choose));
    return h("div",
      { class: `message from-${entry.author}`, part: `message message-${entry.author}` },
      byline(entry),
      content,
      entry.kind === "quote" && helpful(entry.entry, votes),
      h("div", { class: "meta" },
        h("time", { datetime: entry.at }, time(entry.at)),
        entry.author === "customer" && h("span", { class: "status" }),
      ),
    );
  }

  #content(entry, choose) {
    switch (entry.kind) {
      case "choice":
        return [...paragraphs(entry.text), this.#options(entry, choose)];
      case "rating":
        return [...paragraphs(entry.text), this.#scores(entry, choose)];
      case "quote":
        return [...(entry.text ? paragraphs(entry.text) : []), quote(entry)];
      case "media":
        return entry.filename && entry.text ? [...paragraphs(entry.text), media(entry)] : [media(entry)];
      case "file":
        return [h("p", { class: "file" }, icon("file"), say(`attached.${entry.attachment}`))];
      default:
        if (isPicture(entry.file)) return [picture(entry.file, entry.text)];
        return paragraphs(said(entry), entry.author !== "customer");
    }
  }

  #options(entry, choose) {
    const buttons = entry.options.map((option) =>
      this.#button(option, choose, { class: "option", part: "option" }, icon("check"), option.title));
    return h("div", { class: "options", role: "group", "aria-label": say("choose") },
      ...buttons);
  }

  #scores(entry, choose) {
    const buttons = entry.options.map((option, index) =>
      this.#button(option, choose,
        { class: "score", part: "score",
          "aria-label": say("score", { score: option.title, meaning: meaning(index + 1) }) },
        smiley(index + 1), h("span", null, option.title)));
    return h("div", { class: "rating" },
      h("div", { class: "scores", role: "group", "aria-label": say("rate") },
        ...buttons),
      h("div", { class: "ends", "aria-hidden": "true" },
        h("span", null, meaning(1)), h("span", null, meaning(5))),
    );
  }

  #button(option, choose, attributes, ...children) {
    const click = () => choose(option.title, option.payload);
    const button = h("button", { type: "button", ...attributes, click }, ...children);
    this.#buttons.push({ button, option });
    return button;
  }
}

/**
 * The words for a day: today, yesterday, or its date.
 * @param at a moment of that day.
 * @param moment the present.
 */
export function dayName(at, moment) {
  const then = new Date(at);
  const now = new Date(moment);
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  return sameDay(then, now) ? say("today")
    : sameDay(then, yesterday) ? say("yesterday")
    : then.getFullYear() === now.getFullYear() ? day(then) : date(then);
}

/** Whether two moments fall on one calendar day here. */
export function sameDay(a, b) {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** A line about the conversation itself. */
export function notice({ text, author, notice: kind = "info" }) {
  return h("div", { class: `notice notice-${kind}`, part: "notice" },
    icon(NOTICES[kind] ?? "info"),
    h("p", { dir: "auto", lang: spoken({ author }) }, text),
  );
}

// The language of what the organisation says is Dutch, whatever that of the labels; what a customer
// writes may be anything, and a line of our own is in the language of the labels.
function spoken({ author }) {
  return author && author !== "customer" ? "nl" : null;
}

// Formats a moment in the language of the labels.
function moments(options) {
  return (at) => new Intl.DateTimeFormat(locale(), options).format(new Date(at));
}

function byline({ author, name }) {
  const role = say(`name.${author}`);
  if (!ICONS[author]) return unseen(`${role}: `);
  return h("div", { class: "byline" }, icon(ICONS[author]),
    name ? say("byline", { name, role: role.toLowerCase() }) : role, unseen(":"));
}

function meaning(score) {
  return say(`score.${score}`);
}

function said({ text, payload }) {
  const score = /^\/rate\{.*"score"\s*:\s*([1-5])/.exec(payload ?? "")?.[1];
  return score ? say("rated", { score }) : text;
}

function paragraphs(text, withLinks = true) {
  return text.split(/\n{2,}/).map((part) =>
    h("p", null, ...(withLinks ? linked(part) : [part])));
}

function linked(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    parts.push(text.slice(end, match.index), link(match[0], match[0]));
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}

function quote({ parts, title, url, date: checked, note }) {
  return h("figure", { class: "quote" },
    h("blockquote", null,
      ...parts.map(({ text, marked }) => (marked ? h("mark", null, text) : text))),
    h("figcaption", null,
      say("source"),
      url ? link(url, title) : title,
      checked && h("span", { class: "checked" },
        say("checked"), h("time", { datetime: checked }, date(checked))),
      note && h("span", { class: "note" }, note),
    ),
  );
}

function media({ text: told, filename, url, media_type: type }) {
  const address = safeAddress(url);
  const text = filename || told;
  if (!address) return h("p", null, text);
  if (type.startsWith("image/")) {
    const image = h("img", { src: address, alt: text, loading: "lazy" });
    return filename ? link(address, image) : image;
  }
  const format = type === "application/pdf" && !filename ? " (pdf)" : "";
  return h("p", { class: "file" }, icon("file"), link(address, `${text}${format}`));
}
