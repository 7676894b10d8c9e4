// The supervisors' figures, kept up to date.

import { follow } from "./live.js";
import { line } from "./messages.js";
import { atRest, replaceChanged } from "./patch.js";
import { piece } from "./server.js";
import { startTicking, tick } from "./ticking.js";

async function refresh() {
  try {
    const next = await piece("/desk/overzicht/figures");
    await atRest();
    replaceChanged(document.getElementById("figures"), next.getElementById("figures"));
    tick();
  } catch {
    // The banner tells when the line is down.
  }
}

startTicking();
setInterval(refresh, 30_000); // who is on line rings no bell
follow("/desk/events", {
  lists: refresh,
  talk: () => {},
  line: (up) => line(up ? "up" : "down"),
  bye: () => line("out"),
});
