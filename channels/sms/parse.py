"""Turns a gateway's request into Loket's values: pure, and distrustful of every byte.

None means: well-formed as far as HTTP goes, but nothing for us; it is acknowledged and ignored.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, Literal
from urllib.parse import parse_qsl

from bot.messages import Attachment, Inbound, RemoteFile
from channels import kind_names
from channels.send_results import Receipt
from channels.sms import charsets

CHANNEL: Final = "sms"
Progress = Literal["sent", "delivered", "read", "failed"]
#: Longest message id kept as it is; no gateway's is longer.
_MAX_ID: Final = 128
#: A number that can be answered; a sender such as "Bank" cannot.
_NUMBER: Final = re.compile(r"\+?[0-9]{3,15}", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]")
_LINE_END: Final = re.compile(r"\r\n?|[\u2028\u2029]")

#: Twilio's MessageStatus; others (queued, sending, accepted) say nothing new.
_TWILIO_STATUS: Final[dict[str, Progress]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
#: Kannel's %d in a dlr-url; 4 (queued at the SMSC) says nothing new.
_KANNEL_STATUS: Final[dict[str, tuple[Literal["sent", "delivered", "failed"], str]]] = {
    "1": ("delivered", ""),
    "2": ("failed", "undeliverable"),
    "8": ("sent", ""),
    "16": ("failed", "rejected"),
}
_KINDS: Final[dict[str, Attachment]] = {
    "image": "image",
    "audio": "audio",
    "video": "video",
}


#: Kinds of file that a person may be shown, by the first part of what Twilio says they are.
_FILES: Final = frozenset({"image", "audio", "application"})
_MOST_FILES: Final = 10


class Fields(dict[str, str]):
    """The fields of a form, in the way `twilio.request_validator` asks for them.

    A name that occurs more often has its first value; `getlist` has all of them.
    """

    def __init__(self, body: str, encoding: str = "utf-8") -> None:
        # Blank fields are part of what is signed.
        self._all: dict[str, list[str]] = {}
        for name, value in parse_qsl(body, keep_blank_values=True, encoding=encoding):
            self._all.setdefault(name, []).append(value)
        super().__init__({name: values[0] for name, values in self._all.items()})

    def getlist(self, name: str) -> list[str]:
        """All values of a field."""
        return self._all.get(name, [])


def twilio_message(fields: Fields) -> Inbound | None:
    """Reads a customer's message from Twilio's fields.

    Source: https://www.twilio.com/docs/messaging/guides/webhook-request
    """
    message_id = fields.get("MessageSid") or fields.get("SmsSid") or ""
    sender = _number(_plain(fields.get("From", "")))
    if not message_id or sender is None or "Body" not in fields:
        return None
    return Inbound(
        channel=CHANNEL,
        sender=sender,
        message_id=_id(message_id),
        text=_text(fields["Body"]),
        attachment=_attachment(fields),
        files=tuple(_files(fields)),
    )


def twilio_receipt(fields: Fields, key: str) -> Receipt | None:
    """Reads a receipt from Twilio's fields.

    Args:
        fields: the form.
        key: our own id, from the address of the callback.
    """
    told = fields.get("MessageStatus") or fields.get("SmsStatus") or ""
    status, error = twilio_status(told, fields.get("ErrorCode", ""))
    message_id = fields.get("MessageSid") or fields.get("SmsSid") or ""
    if status is None or not message_id:
        return None
    return Receipt(CHANNEL, message_id, status, error, key)


def twilio_status(told: str, code: str) -> tuple[Progress | None, str]:
    """Turns Twilio's status into ours (None when it says nothing new) and an error code.

    Args:
        told: Twilio's `MessageStatus`.
        code: its `ErrorCode`, or empty.
    """
    status = _TWILIO_STATUS.get(told)
    return status, _code(code) if status == "failed" else ""


def twilio_refused(fields: Fields) -> str | None:
    """The number that a message could not go to because its owner opted out (error 21610)."""
    refused = fields.get("ErrorCode") == "21610"
    return _number(_plain(fields.get("To", ""))) if refused else None


def twilio_kind(fields: Fields) -> str:
    """The kind of address that a message came from, fit for a log: `rcs`; empty for a number."""
    kind, mark, _ = fields.get("From", "").partition(":")
    return kind_names.loggable(kind) if mark else ""


def kannel_message(query: str) -> Inbound | None:
    """Reads a customer's message from the query string of Kannel's get-url.

    Kannel percent-encodes the bytes of the text (%b) and names their coding (%c) and charset (%C);
    a header (%u) tells what else a message is. Without an id (%I) in the get-url, the whole request
    is its own id.
    """
    raw = Fields(query, "latin-1")
    fields = Fields(query)
    sender = _number(fields.get("from", ""))
    if sender is None or "text" not in fields:
        return None
    message_id = fields.get("id") or hashlib.sha256(query.encode()).hexdigest()
    coding, charset = fields.get("coding", ""), fields.get("charset", "")
    said, header = (raw.get(name, "").encode("latin-1") for name in ("text", "udh"))
    readable = charsets.is_text(coding, charset, header)
    return Inbound(
        channel=CHANNEL,
        sender=sender,
        message_id=_id(message_id),
        text=_text(charsets.read(said, charset, coding)) if readable else "",
        sent_at=_moment(fields.get("ts", "")),
        attachment=None if readable else "other",
    )


def kannel_receipt(query: str) -> Receipt | None:
    """Reads a receipt from Kannel's query string; our own id is the only one there is."""
    fields = Fields(query)
    key = fields.get("key", "")
    known = _KANNEL_STATUS.get(fields.get("status", ""))
    return Receipt(CHANNEL, key, *known, key) if key and known else None


def _plain(address: str) -> str:
    """A customer's number without the mark of RCS: the phone, and the person, are the same."""
    return address.removeprefix("rcs:")


def _number(value: str) -> str | None:
    # A "+" that was not percent-encoded arrives as a space.
    number = value.strip()
    if value[:1] == " ":
        number = f"+{number}"
    if number.startswith("00"):
        number = f"+{number[2:]}"
    return number if _NUMBER.fullmatch(number) else None


def _id(value: str) -> str:
    return value if len(value) <= _MAX_ID else hashlib.sha256(value.encode()).hexdigest()


def _text(value: str) -> str:
    return _CONTROL.sub("", _LINE_END.sub("\n", value)).strip()


def _code(value: str) -> str:
    return value if re.fullmatch(r"\d{1,6}", value, re.ASCII) else "failed"


def _attachment(fields: Fields) -> Attachment | None:
    if fields.get("NumMedia", "0") in ("", "0"):
        return None
    media_type = fields.get("MediaContentType0", "").lower()
    if media_type in ("text/vcard", "text/x-vcard"):
        return "contacts"
    return _KINDS.get(media_type.partition("/")[0], "document")


def _files(fields: Fields) -> Iterator[RemoteFile]:
    """The files of an MMS: up to ten (https://www.twilio.com/docs/messaging/guides/webhook-request)."""
    for number in range(_MOST_FILES):
        kind = fields.get(f"MediaContentType{number}", "").lower()
        if (url := fields.get(f"MediaUrl{number}", "")) and kind.partition("/")[0] in _FILES:
            yield RemoteFile(url)


def _moment(value: str) -> datetime | None:
    if not re.fullmatch(r"\d{9,11}", value, re.ASCII):
        return None
    return datetime.fromtimestamp(int(value), UTC)
