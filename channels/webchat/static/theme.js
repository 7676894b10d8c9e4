// Light or dark, as the page says, or the reader's system where the page leaves it to that.

export const SYSTEM = window.matchMedia("(prefers-color-scheme: dark)");

/** Whether the chat is dark under a value of `data-theme`; light unless that says otherwise. */
export function isDark(theme) {
  return theme === "dark" || (theme === "auto" && SYSTEM.matches);
}
