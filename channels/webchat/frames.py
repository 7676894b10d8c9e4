"""Makes the server-sent events for the browser, as bytes.

Format: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot.conversation import built_in_messages
from bot.messages import Inbound, Owner
from bot.store.history.timeline import TimelineEntry
from channels.webchat import WebChat
from channels.webchat.parse import client_id

#: Keeps proxies from closing a quiet stream, and tells the browser that it still stands.
HEARTBEAT: Final = b": \n\n"
#: First bytes of a stream: how many milliseconds to wait before connecting again.
OPENING: Final = b"retry: 2000\n\n"
#: How long the browser shows that a person is typing. A desk's page tells it every 3 seconds
#: (`bot/desk/static/typing.js`), so that one sign may come late.
TYPING_SECONDS: Final = 6

_render = WebChat().render


def entry_frame(entry: TimelineEntry, now: datetime, name: str = "") -> bytes:
    """One entry of the conversation as an event; its id is the cursor to go on from.

    Args:
        entry: the entry.
        now: the present (aware): the browser reckons with this clock, whatever its own says.
        name: of the person who says it; empty when no person does.
    """
    return _frame("message", {**entry_data(entry, name), "now": now.isoformat()}, entry.cursor)


def state_frame(owner: Owner, person: str = "") -> bytes:
    """The event that tells the owner from now on; the first one also ends the replay.

    Args:
        owner: the conversation's owner.
        person: name of the person who has it; empty when no person has.
    """
    return _frame("state", {"owner": owner, "name": person} if person else {"owner": owner})


def typing_frame(person: str, *, typing: bool) -> bytes:
    """The event that tells that the person who has the conversation is typing, or no longer.

    Args:
        person: that person's name; empty when nobody knows it.
        typing: whether that person is.
    """
    told = {"name": person, "seconds": TYPING_SECONDS} if typing else {"seconds": 0}
    return _frame("typing", told)


def entry_data(entry: TimelineEntry, name: str = "") -> dict[str, object]:
    """The JSON of an entry.

    `entry` names it for good (`i12` a customer's message, `o34` one of ours), whereas a cursor
    depends on what was read before it. `id` is the browser's own id of a customer's message, `name`
    that of the person who answers; `attachment` the kind of a file that came without words.
    """
    head: dict[str, str] = {"author": entry.author, "at": entry.at.isoformat()}
    if entry.inbound is not None:
        inbound = entry.inbound.inbound
        return {
            "entry": f"i{entry.inbound.id}",
            **head,
            "id": client_id(inbound.message_id),
            **_written(inbound),
            "payload": inbound.payload,
        }
    if entry.outbound is None:
        raise ValueError("an entry holds a message of the customer or one of ours")
    (shown,) = _render(entry.outbound.message)
    if name:
        head["name"] = name
    return {"entry": f"o{entry.outbound.id}", **head, **shown}


def _written(inbound: Inbound) -> dict[str, str]:
    """What a customer typed, or the kind of the file that was sent, with words in its place."""
    if inbound.text or inbound.attachment is None:
        return {"kind": "text", "text": inbound.text}
    words = built_in_messages.attachment_shown(inbound.attachment)
    return {"kind": "file", "text": words, "attachment": inbound.attachment}


def _frame(event: str, data: Mapping[str, Any], event_id: str | None = None) -> bytes:
    # JSON with ASCII only holds no line end, so one `data:` line always does.
    body = json.dumps(data, separators=(",", ":"))
    head = f"id: {event_id}\n" if event_id else ""
    return f"{head}event: {event}\ndata: {body}\n\n".encode("ascii")
