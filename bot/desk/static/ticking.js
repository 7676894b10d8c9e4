// Lengths of time that go on: counted as in bot/desk/dutch_labels.py, from the time in `data-since`.

import { say } from "./texts.js";

const MINUTE = 60_000;

function lasted(since) {
  const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(since)) / MINUTE));
  if (minutes < 1) return say("lasted_moment");
  if (minutes < 60) return say("lasted_minutes", { minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) {
    return say("lasted_hours", { hours, minutes: String(minutes % 60).padStart(2, "0") });
  }
  const days = Math.floor(hours / 24);
  return days === 1 ? say("lasted_day") : say("lasted_days", { days });
}

export function tick() {
  for (const time of document.querySelectorAll("[data-since]")) {
    const words = lasted(time.dataset.since);
    if (time.textContent !== words) time.textContent = words;
  }
}

export function startTicking() {
  tick();
  setInterval(tick, 5_000);
}
