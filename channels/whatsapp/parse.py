"""Turns Meta's JSON into Loket's values: pure, and distrustful of every byte.

A notification holds several entries, each several changes, each several messages and statuses; all
are read. What a future version of the platform adds is left out, never an error. Sources:
https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from bot.errors import Rejected
from bot.messages import Attachment, Inbound, RemoteFile
from channels import for_agents
from channels.send_results import Receipt
from channels.whatsapp import form_answers, message_kinds
from channels.whatsapp.json_access import identifier, mapping, moment, objects, text
from channels.whatsapp.moves import Move, of_system, of_update

#: Largest request body: Meta sends up to 3 MB.
MAX_BODY: Final = 3 * 1024 * 1024
_CODES = range(10_000_000)
#: Text, callback and attachment.
Content = tuple[str, str | None, Attachment | None]

_MEDIA: Final[Mapping[str, Attachment]] = {
    "audio": "audio",
    "image": "image",
    "video": "video",
    "document": "document",
    "sticker": "sticker",
    "location": "location",
    "contacts": "contacts",
    "order": "order",
}
#: Of these a person can be shown the file, which Meta keeps under an id.
_FILES: Final = ("image", "document", "audio")
_STATUSES: Final[Mapping[str, Literal["sent", "delivered", "read", "failed"]]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A customer's message.

    Attributes:
        inbound: the message; its sender is the business-scoped user id where there is one, else
            the phone number. The payload of a tapped option is the id that `render` gave it.
        phone: the phone number (digits), or empty when Meta does not give it.
    """

    inbound: Inbound
    phone: str = ""

    @property
    def aliases(self) -> tuple[str, ...]:
        """All addresses of the customer; the id first, as it stays when the number is hidden."""
        return tuple(dict.fromkeys(each for each in (self.inbound.sender, self.phone) if each))


@dataclass(frozen=True, slots=True)
class Update:
    """The contents of a notification, in its order.

    Attributes:
        arrivals: customers' messages.
        receipts: the statuses of our messages.
        moves: customers who changed their id.
        shown: what is for agents alone to see: changed messages, and forms filled in.
        strange: names of kinds of messages that nobody here knows, fit for a log.
    """

    arrivals: tuple[Arrival, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    moves: tuple[Move, ...] = ()
    shown: tuple[Arrival, ...] = ()
    strange: tuple[str, ...] = ()


def update(body: bytes, phone_number_id: str) -> Update:
    """Reads what a notification says about our phone number.

    Args:
        body: the raw bytes; verify them first.
        phone_number_id: our own. A Meta app may serve several numbers through one webhook; what
            concerns another number is left out.

    Raises:
        Rejected: 400 for anything that is not a JSON object, 413 for a body that is too large.
    """
    arrivals: list[Arrival] = []
    receipts: list[Receipt] = []
    moves: list[Move] = []
    shown: list[Arrival] = []
    strange: list[str] = []
    for value in _values(_object(body), phone_number_id):
        contacts = tuple(objects(value.get("contacts")))
        for message in objects(value.get("messages")):
            if message.get("type") == "system":
                moves += of_system(message)
            else:
                arrivals += _arrival(message, contacts, _content(message))
                shown += _arrival(message, contacts, _for_agents(message))
                strange += filter(None, [message_kinds.strange(message)])
        receipts += [found for each in objects(value.get("statuses")) for found in _status(each)]
        moves += [each for told in objects(value.get("user_id_update")) for each in of_update(told)]
    return Update(tuple(arrivals), tuple(receipts), tuple(moves), tuple(shown), tuple(strange))


def _object(body: bytes) -> Mapping[str, Any]:
    if len(body) > MAX_BODY:
        raise Rejected("The notification is too large.", 413)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Rejected("The notification is not JSON.", 400) from error
    if not isinstance(value, dict):
        raise Rejected("The notification is not a JSON object.", 400)
    return value


def _values(data: Mapping[str, Any], phone_number_id: str) -> Iterator[Mapping[str, Any]]:
    for entry in objects(data.get("entry")):
        for change in objects(entry.get("changes")):
            value = mapping(change.get("value"))
            ours = mapping(value.get("metadata")).get("phone_number_id", phone_number_id)
            if change.get("field") in ("messages", "user_id_update") and ours == phone_number_id:
                yield value


def _arrival(
    message: Mapping[str, Any], contacts: Sequence[Mapping[str, Any]], content: Content | None
) -> list[Arrival]:
    number = identifier(message.get("id"))
    user, phone = _sender(message, contacts)
    # A group's messages are not addressed to us alone.
    if not number or not (user or phone) or content is None or "group_id" in message:
        return []
    words, payload, attachment = content
    sent_at = moment(message.get("timestamp"))
    who, files = user or phone, tuple(_files(message))
    inbound = Inbound("whatsapp", who, number, words, payload, sent_at, attachment, files)
    return [Arrival(inbound, phone)]


def _files(message: Mapping[str, Any]) -> Iterator[RemoteFile]:
    if message.get("type") in _FILES:
        inner = mapping(message.get(str(message["type"])))
        if number := identifier(inner.get("id")):
            yield RemoteFile(number, text(inner.get("filename")))


def _sender(message: Mapping[str, Any], contacts: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """User id and phone number, each empty when it is not given."""
    user, phone = identifier(message.get("from_user_id")), identifier(message.get("from"))
    for contact in contacts:
        known_user, known_phone = (
            identifier(contact.get("user_id")),
            identifier(contact.get("wa_id")),
        )
        same = (user and user == known_user) or (phone and phone == known_phone)
        if same or (
            len(contacts) == 1 and not (user and known_user) and not (phone and known_phone)
        ):
            return user or known_user, phone or known_phone
    return user, phone


def _for_agents(message: Mapping[str, Any]) -> Content | None:
    """What only an agent is to see of a message, if anything."""
    if message.get("type") == "edit":
        now = _content(mapping(mapping(message.get("edit")).get("message")))
        return (for_agents.edited(now[0]), None, None) if now and now[0] else None
    if (answers := form_answers.read(message)) is not None:
        return for_agents.filled_in(answers), None, None
    return None


def _content(message: Mapping[str, Any]) -> Content | None:
    """Text, callback and attachment of a message; None when it asks for no answer."""
    name = message.get("type")
    if not isinstance(name, str) or message_kinds.is_act(message):
        return None
    if form_answers.read(message) is not None:
        return None
    inner = mapping(message.get(name))
    if name == "text":
        return text(inner.get("body")), None, None
    if name == "button":
        payload = text(inner.get("payload"))
        return text(inner.get("text")), payload if payload.startswith("/") else None, None
    if name == "interactive":
        return _reply(inner)
    attachment = _MEDIA.get(name, "other")
    if attachment == "audio" and inner.get("voice") is True:
        attachment = "voice"
    return text(inner.get("caption")) or text(inner.get("text")), None, attachment


def _reply(inner: Mapping[str, Any]) -> Content:
    for name in ("button_reply", "list_reply"):
        reply = mapping(inner.get(name))
        if callback := identifier(reply.get("id")):
            return text(reply.get("title")), callback, None
    return "", None, "other"


def _status(status: Mapping[str, Any]) -> list[Receipt]:
    number, name = identifier(status.get("id")), status.get("status")
    known = _STATUSES.get(name) if isinstance(name, str) else None
    if not number or known is None:
        return []
    codes = [each.get("code") for each in objects(status.get("errors"))]
    error = next((str(code) for code in codes if isinstance(code, int) and code in _CODES), "")
    key = identifier(status.get("biz_opaque_callback_data"))
    return [Receipt("whatsapp", number, known, error, key)]
