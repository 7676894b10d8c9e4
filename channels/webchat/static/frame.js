// The chat as it stands on the page: the button that opens it, and the panel with its parts.

import { h } from "./dom.js";
import { Header } from "./header.js";
import { Launcher } from "./launcher.js";
import { language } from "./texts.js";
import { isDark } from "./theme.js";

export class Frame {
  #inline;
  #header;
  #launcher;
  #banner = h("p", { class: "banner", role: "status" });

  /**
   * @param inline whether it stands in the page, always open, rather than above it.
   * @param acts what the customer may ask of it: as `Header` takes them, and {open}.
   * @param parts what stands between the top and the end of the panel.
   */
  constructor(inline, acts, parts) {
    this.#inline = inline;
    this.#header = new Header({ ...acts, close: inline ? null : acts.close });
    this.#launcher = new Launcher(acts.open);
    this.panel = h("section",
      { class: "panel", part: "panel", role: inline ? "region" : "dialog", "aria-labelledby": "title",
        hidden: !inline, keydown: (event) => event.key === "Escape" && acts.close() },
      this.#header.top, this.#header.tools, this.#header.menu, this.#banner, ...parts);
    this.node = h("div",
      { class: inline ? "frame inline" : "frame", lang: language(), dir: "ltr", hidden: true },
      this.panel, inline ? null : this.#launcher.node, this.#launcher.news);
  }

  /** Whether it stands in the page, rather than above it. */
  get inline() {
    return this.#inline;
  }

  /** Whether the panel is open. */
  get open() {
    return !this.panel.hidden;
  }

  set open(open) {
    this.panel.hidden = !open;
    this.#launcher.node.hidden = open;
  }

  /** Shows who answers from now on: the conversation's owner, and the person's name or "". */
  show(owner, name) {
    this.#header.show(owner, name);
    this.#launcher.show(owner, name);
    this.panel.classList.toggle("with-human", owner === "human");
  }

  /** Shows what the page's attributes say. */
  dress({ title, theme }) {
    this.#header.title = title;
    this.node.classList.toggle("dark", isDark(theme));
  }

  /** What is wrong with the line, or "". */
  set trouble(words) {
    this.#banner.textContent = words;
  }

  /** What was not seen yet, oldest first. */
  set unread(entries) {
    this.#launcher.unread = entries;
  }

  /** Back to the button that opens it. */
  focusLauncher() {
    this.#launcher.node.focus();
  }
}
