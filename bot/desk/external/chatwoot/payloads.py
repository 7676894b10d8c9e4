"""Translates between Chatwoot's JSON and Loket's values. Pure; no field is trusted unchecked."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, Literal, NotRequired, TypedDict

from bot.catalogue import group, say
from bot.desk.external.external_desk import Case, ExternalAgent, Item, News, Reply

#: `source_id` of each message that Loket shows begins so: one that comes back with it is our own.
OURS: Final = "loket-"
#: A private note that begins so holds the agreement that the customer reads.
AGREED: Final = "afgesproken:"
#: How far the clock of Chatwoot's machine may differ, in seconds; an older call is a replay.
FRESH: Final = 300
#: Chatwoot's own limit for a message's content.
_MOST: Final = 150_000


class NewContact(TypedDict):
    """Body of `POST contacts`."""

    inbox_id: int
    name: str
    identifier: str


class Attributes(TypedDict):
    """What Chatwoot keeps with a conversation for us."""

    loket_handover: int
    onderwerp: str


class NewConversation(TypedDict):
    """Body of `POST conversations`."""

    inbox_id: int
    contact_id: int
    status: Literal["open"]
    custom_attributes: Attributes
    priority: NotRequired[Literal["urgent"]]


class NewMessage(TypedDict):
    """Body of `POST messages`."""

    content: str
    message_type: Literal["incoming", "outgoing"]
    private: bool
    content_type: Literal["text"]
    source_id: str


def genuine(secret: str, body: bytes, timestamp: str, signature: str, now: datetime) -> bool:
    """Whether Chatwoot itself signed this call, lately.

    https://github.com/chatwoot/chatwoot/pull/13892: HMAC-SHA256 over `<timestamp>.<body>`.

    Args:
        secret: of the inbox's webhook.
        body: as it came.
        timestamp: header `X-Chatwoot-Timestamp`, seconds since 1970.
        signature: header `X-Chatwoot-Signature`, `sha256=<hex digits>`.
        now: the present, aware.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return False
    signed = f"{timestamp}.".encode() + body
    wanted = "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    right = hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace"))
    return right and abs(now.timestamp() - int(timestamp)) <= FRESH


def conversation_of(body: bytes) -> str | None:
    """The number of the conversation that a call is about; None: about none, or unreadable."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    payload = _mapping(data)
    inner = _mapping(payload.get("conversation"))
    is_conversation = str(payload.get("event", "")).startswith("conversation_")
    number = payload.get("id") if is_conversation else inner.get("id")
    return str(number) if _is_number(number) else None


def identifier(case: Case) -> str:
    """Chatwoot's `identifier` of the customer: it tells nothing about the customer."""
    return f"{OURS}{case.customer}"


def contact(case: Case, inbox: int) -> NewContact:
    """Body of `POST contacts`."""
    name = say("desk.elsewhere.customer", channel=case.channel)
    return {"inbox_id": inbox, "name": name, "identifier": identifier(case)}


def conversation(case: Case, inbox: int, contact_id: int) -> NewConversation:
    """Body of `POST conversations`."""
    made: NewConversation = {
        "inbox_id": inbox,
        "contact_id": contact_id,
        "status": "open",
        "custom_attributes": {
            "loket_handover": case.handover_id,
            "onderwerp": case.topic or say("desk.elsewhere.unknown"),
        },
    }
    if case.urgent:
        made["priority"] = "urgent"
    return made


def message(item: Item) -> NewMessage:
    """Body of `POST messages`."""
    label = group("desk.elsewhere.name").get(item.author)
    text = f"**{label}:** {item.text}" if label else item.text
    return {
        "content": text[:_MOST],
        "message_type": "incoming" if item.author == "customer" else "outgoing",
        "private": item.author == "note",
        "content_type": "text",
        "source_id": f"{OURS}{item.key}",
    }


def contact_id(data: Any) -> int | None:
    """The number in the answer to `POST contacts`."""
    return number_of(_mapping(_mapping(data).get("payload")).get("contact"))


def found_contact(data: Any, wanted: str) -> int | None:
    """The number of the contact with this identifier in the answer to a search."""
    mine = (each for each in _objects(_payload(data)) if each.get("identifier") == wanted)
    return next((number for each in mine if (number := number_of(each))), None)


def found_conversation(data: Any, handover_id: int) -> str | None:
    """The number of the conversation made for a hand-over, among those of a contact."""
    for each in _objects(_payload(data)):
        attributes = _mapping(each.get("custom_attributes"))
        if attributes.get("loket_handover") == handover_id and (number := number_of(each)):
            return str(number)
    return None


def number_of(data: Any) -> int | None:
    """The `id` of an answer."""
    number = _mapping(data).get("id")
    return number if isinstance(number, int) and _is_number(number) else None


def page(data: Any) -> tuple[Mapping[str, Any], ...]:
    """The messages in the answer to `GET messages`, by number."""
    messages = _objects(_mapping(data).get("payload"))
    return tuple(
        sorted(
            (each for each in messages if _is_number(each.get("id"))), key=lambda m: int(m["id"])
        )
    )


def news(state: Any, messages: Iterable[Mapping[str, Any]]) -> News:
    """The state of a conversation at Chatwoot, and what its agents said.

    Args:
        state: answer to `GET conversations/<number>`.
        messages: from `page`.
    """
    known = tuple(messages)
    data = _mapping(state)
    return News(
        replies=tuple(reply for each in known for reply in _reply(each)),
        keys=frozenset(key for each in known if (key := _key(each))),
        assignee=_person(_mapping(data.get("meta")).get("assignee")),
        resolved=data.get("status") == "resolved",
        agreed=_agreed(known),
    )


def _reply(given: Mapping[str, Any]) -> Iterator[Reply]:
    """An agent's reply to the customer; None for notes, activities, bots and our own messages."""
    sender = _mapping(given.get("sender"))
    by = _person(sender) if sender.get("type", "user") == "user" else None
    outgoing = given.get("message_type") in (1, "outgoing")
    if not outgoing or given.get("private") is not False or _key(given) or by is None:
        return
    parts = [_text(given.get("content"))]
    parts += [_text(each.get("data_url")) for each in _objects(given.get("attachments"))]
    if words := "\n".join(part for part in parts if part):
        yield Reply(int(given["id"]), by, words)


def _agreed(messages: Iterable[Mapping[str, Any]]) -> str:
    """The agreement that the newest note holds."""
    found = ""
    for each in messages:
        text = _text(each.get("content"))
        if each.get("private") is True and not _key(each) and text.lower().startswith(AGREED):
            found = " ".join(text[len(AGREED) :].split())
    return found


def _key(given: Mapping[str, Any]) -> str:
    source = _text(given.get("source_id"))
    return source.removeprefix(OURS) if source.startswith(OURS) else ""


def _person(data: Any) -> ExternalAgent | None:
    given = _mapping(data)
    number, name = given.get("id"), _text(given.get("available_name")) or _text(given.get("name"))
    return (
        ExternalAgent(str(number), name or say("desk.elsewhere.name.human"))
        if _is_number(number)
        else None
    )


def _payload(data: Any) -> Any:
    return _mapping(data).get("payload")


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    yield from (each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63
