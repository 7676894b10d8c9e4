"""Turns the browser's JSON into an `Inbound`: pure, and distrustful of every byte."""

from __future__ import annotations

import json
import re
from typing import Final, NoReturn
from uuid import UUID

from bot.catalogue import say
from bot.errors import Rejected
from bot.messages import Inbound

#: Largest request body, in bytes.
MAX_BODY: Final = 64 * 1024
#: Longest message, in characters (Unicode code points).
MAX_TEXT: Final = 10_000
#: Longest payload of an option, in characters.
MAX_PAYLOAD: Final = 1_000

_FIELDS = frozenset({"id", "text", "payload"})
#: Control characters mean nothing in a chat, and PostgreSQL cannot store NUL; line ends and tabs
#: stay. U+2028 and U+2029 are line ends too.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]")
_LINE_END = re.compile(r"\r\n?|[\u2028\u2029]")
#: A row's number fits 63 bits.
_ENTRY = re.compile(r"o([1-9]\d{0,17})", re.ASCII)
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def object_of(body: bytes) -> dict[str, object]:
    """The JSON object in a request body; an empty body is an empty object.

    Raises:
        Rejected: 413 for more than `MAX_BODY` bytes; 400 for anything that is not a JSON object.
    """
    if len(body) > MAX_BODY:
        raise Rejected(say("webchat.refused.too_large"), 413)
    if not body.strip():
        return {}
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Rejected(say("webchat.refused.unreadable"), 400) from error
    if not isinstance(value, dict):
        raise Rejected(say("webchat.refused.unreadable"), 400)
    return value


def message(body: bytes, sender: str) -> Inbound:
    """Reads the customer's message in a request body.

    The browser's id becomes unique in the whole channel by the sender in front of it, so nobody
    can use up another customer's id.

    Args:
        body: `{"id": uuid, "text": str, "payload": str or null}`; text or payload may be left out.
        sender: the session's address.

    Raises:
        Rejected: 400 or 413 with a Dutch sentence that says what is wrong.
    """
    data = object_of(body)
    if data.keys() - _FIELDS:
        raise Rejected(say("webchat.refused.field"), 400)
    text, payload = _text(data.get("text", "")), _payload(data.get("payload"))
    if not text and payload is None:
        raise Rejected(say("webchat.refused.empty"), 400)
    return Inbound(
        channel="webchat",
        sender=sender,
        message_id=message_key(sender, data.get("id")),
        text=text,
        payload=payload,
    )


def seen(body: bytes) -> int:
    """The newest message (row of the outbox) that a browser says its customer had in sight.

    Args:
        body: `{"entry": "o34"}`, the entry's name in the stream.

    Raises:
        Rejected: 400 or 413 with a Dutch sentence that says what is wrong.
    """
    data = object_of(body)
    match data:
        case {"entry": str(entry), **rest} if not rest and (found := _ENTRY.fullmatch(entry)):
            return int(found[1])
    raise Rejected(say("webchat.refused.entry"), 400)


def vote(body: bytes) -> tuple[int, bool]:
    """The quote (row of the outbox) of which a customer says whether it helped, and whether it did.

    Args:
        body: `{"entry": "o34", "helpful": true}`, with the entry's name in the stream.

    Raises:
        Rejected: 400 or 413 with a Dutch sentence that says what is wrong.
    """
    match object_of(body):
        case {"entry": str(entry), "helpful": bool(helpful), **rest} if not rest:
            if found := _ENTRY.fullmatch(entry):
                return int(found[1]), helpful
    raise Rejected(say("webchat.refused.entry"), 400)


def message_key(sender: str, number: object) -> str:
    """The id of a message in the whole channel.

    Args:
        sender: the session's address.
        number: the browser's own id.

    Raises:
        Rejected: 400, it is none.
    """
    return f"{sender}.{_uuid(number)}"


def client_id(message_id: str) -> str:
    """The browser's own id in an `Inbound.message_id` made by `message_key`."""
    return message_id.rpartition(".")[2]


def _uuid(value: object) -> str:
    if isinstance(value, str) and len(value) == 36:
        try:
            return str(UUID(value))
        except ValueError:
            pass
    raise Rejected(say("webchat.refused.id"), 400)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Rejected(say("webchat.refused.unreadable"), 400)
    if len(value) > MAX_TEXT:
        raise Rejected(say("webchat.refused.too_long"), 413)
    text = _LINE_END.sub("\n", _SURROGATE.sub("\ufffd", value))
    return _CONTROL.sub("", text).strip()


def _payload(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value.startswith("/") or len(value) > MAX_PAYLOAD:
        raise Rejected(say("webchat.refused.choice"), 400)
    if _CONTROL.search(value) or _SURROGATE.search(value):
        raise Rejected(say("webchat.refused.choice"), 400)
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
