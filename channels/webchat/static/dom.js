// Small helpers to build the page without HTML strings: text is always text.

import { say } from "./texts.js";

const SVG = "http://www.w3.org/2000/svg";

// Drawn on a grid of 24; lines only, so that they take the colour of the text.
const ICONS = {
  chat: "M4 5h16v11H9l-5 4z M8 9h8 M8 12.5h5",
  close: "M6 6l12 12 M18 6L6 18",
  send: "M4 12l16-7-5 15-3.5-6z M11.5 14L20 5",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4 20c.8-3.6 4-5.5 8-5.5s7.2 1.9 8 5.5",
  assistant: "M5 8h14v10H5z M12 8V4.5 M9.2 12.200v1.6 M14.8 12.200v1.6 M2.5 12v3 M21.5 12v3",
  save: "M12 4v11 M7.5 10.500L12 15l4.5-4.5 M5 19.500h14",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 11v5 M12 7.700v.3",
  check: "M5 12.500l4.5 4.500L19 7.5",
  down: "M12 5v13 M6.5 12.500L12 18l5.5-5.5",
  attach: "M19 11.500l-7.5 7.500a4.5 4.5 0 0 1-6.4-6.400L13 4.700a3 3 0 0 1 4.300 4.300l-7.700 7.700a1.500 1.500 0 0 1-2.100-2.100L14.500 7.500",
  more: "M5 12h.1 M12 12h.1 M19 12h.1",
  sound: "M4 10v4h3.500l4.500 4V6L7.500 10z M15.500 9a4 4 0 0 1 0 6 M18 6.500a8 8 0 0 1 0 11",
  bell: "M6 16.500h12l-1.500-2.500v-3.500a4.500 4.500 0 0 0-9 0V14z M10.500 19.500h3",
  wipe: "M5 7h14 M10 7V4.500h4V7 M7 7l1 12.500h8L17 7 M10.500 10.500v5.500 M13.500 10.500v5.500",
  file: "M6 3h8l4 4v14H6z M14 3v4h4",
};

const MOUTHS = {
  1: "M8 17.500c1.5-3 6.5-3 8 0",
  2: "M8.5 16.800c1.8-1.6 5.2-1.6 7 0",
  3: "M8.5 16h7",
  4: "M8.5 15c1.8 1.9 5.2 1.9 7 0",
  5: "M7.5 14c1.3 4.6 7.7 4.6 9 0z",
};

/**
 * An element. Attributes that are null, undefined or false are left out; functions become
 * listeners; children that are null, undefined or false are left out.
 */
export function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child || child === 0));
  return node;
}

function svg(className, ...paths) {
  const node = document.createElementNS(SVG, "svg");
  const attributes = { viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" };
  for (const [name, value] of Object.entries({ ...attributes, class: className })) {
    node.setAttribute(name, value);
  }
  for (const d of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    node.append(path);
  }
  return node;
}

/** A line drawing by name; hidden from screen readers. */
export function icon(name) {
  return svg("icon", ICONS[name]);
}

/** A face for a score from 1 (sad) to 5 (glad). */
export function smiley(score) {
  return svg(
    `smiley smiley-${score}`,
    "M12 21.500a9.5 9.5 0 1 0 0-19 9.5 9.5 0 0 0 0 19z",
    "M9 9.200v1.3 M15 9.200v1.3",
    MOUTHS[score],
  );
}

/** Text that only screen readers get. */
export function unseen(text) {
  return h("span", { class: "unseen" }, text);
}

/** The full address if it is http(s) (a path counts from the page we are on), otherwise null. */
export function safeAddress(address) {
  if (typeof address !== "string" || address === "") return null;
  try {
    const url = new URL(address, document.baseURI);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/** A link to another page, in a new tab; plain text when the address is not safe. */
export function link(address, ...children) {
  const href = safeAddress(address);
  if (!href) return h("span", null, ...children);
  const attributes = { href, target: "_blank", rel: "noopener noreferrer" };
  return h("a", attributes, ...children, unseen(say("new_tab")));
}
