// The customer's own picture, as it is on the device. Drawn, not linked: the page that the chat is on
// may allow no pictures of this kind.

import { h } from "./dom.js";

const MOST = 640; // px: more is not shown, and a photo of a phone has ten times as many

/** Whether a file is a picture that can be shown. */
export function isPicture(file) {
  return Boolean(file?.type.startsWith("image/"));
}

/**
 * A picture as an element, which its name stands in for until it is there, or when it cannot be read.
 * @param file the picture.
 * @param name what it is called, for whoever does not see it.
 */
export function picture(file, name) {
  const place = h("p", { class: "own-picture" }, name);
  draw(file).then((drawn) => {
    drawn.setAttribute("role", "img");
    drawn.setAttribute("aria-label", name);
    place.replaceChildren(drawn);
  }, () => {});
  return place;
}

async function draw(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, MOST / Math.max(bitmap.width, bitmap.height));
  const drawn = h("canvas", {});
  drawn.width = Math.max(1, Math.round(bitmap.width * scale));
  drawn.height = Math.max(1, Math.round(bitmap.height * scale));
  drawn.getContext("2d").drawImage(bitmap, 0, 0, drawn.width, drawn.height);
  bitmap.close();
  return drawn;
}
