// The live line: says when there is something new. A browser keeps few connections to one host, so
// of the tabs that nobody looks at only one keeps its line; the others look now and then.

const RARELY = 30_000;

/**
 * Calls `lists` and `talk` when there is news, and after each (re)connection; `line` with whether
 * the server can be reached; `bye` when the person is not signed in any more.
 */
export function follow(path, { lists, talk, line, bye }) {
  let source = null;
  let over = false;
  let leads = !navigator.locks; // without locks every tab keeps its line
  let failing = 0;

  function open() {
    if (source || over) return;
    source = new EventSource(path);
    source.addEventListener("open", () => {
      clearTimeout(failing);
      failing = 0;
      line(true);
      lists();
      talk();
    });
    source.addEventListener("lists", lists);
    source.addEventListener("talk", talk);
    source.addEventListener("bye", () => end());
    source.addEventListener("error", () => {
      // A restart of the server is over at once; what lasts, the agent should know.
      if (!failing) failing = setTimeout(() => line(false), 2_500);
      if (source?.readyState === EventSource.CLOSED) refused();
    });
  }

  // The server answered, but not with a stream.
  async function refused() {
    close();
    let status = 0;
    try {
      status = (await fetch(path, { method: "GET", headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(3_000) })).status;
    } catch {
      // A stream that opens does not end: the time is up, or there is no network.
    }
    if (status === 401) end();
    else setTimeout(adjust, 3_000);
  }

  function end() {
    over = true;
    close();
    bye();
  }

  function close() {
    source?.close();
    source = null;
  }

  function adjust() {
    if (!document.hidden || leads) open();
    else close();
  }

  document.addEventListener("visibilitychange", adjust);
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", adjust);
  window.addEventListener("offline", () => line(false));
  window.addEventListener("online", () => { close(); adjust(); });
  setInterval(() => { if (!source && !over) lists(); }, RARELY);
  navigator.locks?.request("loket-desk-line", () => {
    leads = true;
    adjust();
    return new Promise(() => {}); // until this tab closes
  });
  adjust();
}
