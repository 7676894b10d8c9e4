// Tells the server that the agent is typing an answer, for the customer to see; never what is typed.

import { act } from "./server.js";

const EVERY = 3_000; // ms; the customer sees one sign for twice as long
const id = document.getElementById("desk")?.dataset.talk;
let told = -Infinity; // when the last sign was sent; -Infinity: none that still holds
let shows = true; // whether customers of this channel see it
let line = Promise.resolve(); // one after the other, as the last one counts

/** Takes in that the agent changed the reply field, which holds this text now. */
export function typing(text) {
  const now = performance.now();
  if (!text.trim()) {
    if (now - told < 2 * EVERY) tell({ over: "1" });
    told = -Infinity;
  } else if (now - told >= EVERY) {
    told = now;
    tell({});
  }
}

function tell(fields) {
  line = line.then(async () => {
    if (!shows) return;
    try {
      ({ shown: shows } = await act(`/desk/c/${id}/typing`, fields));
    } catch {
      // The customer misses a sign; nothing that was typed is lost.
    }
  });
}
