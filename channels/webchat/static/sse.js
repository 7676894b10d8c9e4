// Reads server-sent events from a fetch response. `EventSource` cannot send a header, and a token
// in an address ends up in logs.

/**
 * The events of a stream as they arrive: {event, data, id}; a heartbeat comes as {event: null}.
 * Format: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let current = fresh();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        if (line === "") {
          yield { event: current.data.length ? current.event : null, id: current.id,
            data: current.data.join("\n") };
          current = fresh();
        } else {
          take(current, line);
        }
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function fresh() {
  return { event: "message", data: [], id: null };
}

function take(current, line) {
  const colon = line.indexOf(":");
  if (colon <= 0) return;
  const value = line.slice(colon + 1).replace(/^ /, "");
  switch (line.slice(0, colon)) {
    case "event":
      current.event = value;
      break;
    case "data":
      current.data.push(value);
      break;
    case "id":
      current.id = value;
      break;
  }
}
