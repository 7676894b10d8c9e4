// What the agent has had in view of a conversation: only that counts as seen.

const KEEP = "loket-desk-in-view";
const HALF = 0.5; // part of a message, or of the log, that must show
const log = document.getElementById("log");
const list = document.getElementById("lines");
const newer = document.getElementById("newer");
let talk = "";
let newest = 0;

/** Follows which lines of a conversation come into view, also lines that are added later. */
export function watch(id) {
  talk = id;
  newest = kept();
  const sight = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const shown = entry.intersectionRect.height;
      const whole = Math.min(entry.boundingClientRect.height, log.clientHeight);
      if (!entry.isIntersecting || shown < HALF * whole) continue;
      sight.unobserve(entry.target);
      note(entry.target);
    }
  }, { threshold: Array.from({ length: 21 }, (_, step) => step / 20) });
  const follow = (nodes) => {
    for (const node of nodes) if (node.matches?.(".line")) sight.observe(node);
  };
  follow(list.children);
  new MutationObserver((changes) => changes.forEach((each) => follow(each.addedNodes)))
    .observe(list, { childList: true });
}

/** Inbox id of the newest message of the customer that was in view. */
export function newestSeen() {
  return String(newest);
}

/** Brings the first message of the customer that was not in view into it. */
export function showUnseen() {
  const lines = [...list.querySelectorAll(':scope > [data-key^="i"]')];
  lines.find((node) => number(node) > newest)?.scrollIntoView({ block: "center" });
}

function note(line) {
  if (line === list.lastElementChild) newer.hidden = true;
  if (!line.dataset.key.startsWith("i") || number(line) <= newest) return;
  newest = number(line);
  try {
    sessionStorage.setItem(KEEP, JSON.stringify({ ...all(), [talk]: newest }));
  } catch {
    // Then it counts as long as the page.
  }
}

function number(line) {
  return Number(line.dataset.key.slice(1));
}

function kept() {
  return all()[talk] ?? 0;
}

function all() {
  try {
    return JSON.parse(sessionStorage.getItem(KEEP)) ?? {};
  } catch {
    return {};
  }
}
