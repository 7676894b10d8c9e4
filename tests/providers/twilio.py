"""Twilio's Messages API in a thread: strict, with Twilio's own error codes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final
from urllib.parse import urlencode, urlsplit

from tests.providers.gateway import Asked, FakeGateway, Reply

ACCOUNT: Final = "AC" + "0" * 32
TOKEN: Final = "f" * 32
NUMBER: Final = "+3197010123456"
SERVICE: Final = "MG" + "1" * 32

#: Where Twilio leads whoever asks for a file.
_ELSEWHERE: Final = "/media.twiliocdn.example/"
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_STATUSES: dict[int, int] = {20003: 401, 20404: 404, 21610: 400}


@dataclass(frozen=True, slots=True)
class Message:
    """A message Twilio took."""

    sid: str
    to: str
    body: str
    callback: str
    sender: str = NUMBER
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    sent: datetime | None = None
    status: str = "queued"
    error: int | None = None
    direction: str = "outbound-api"
    refused: str = ""

    @property
    def listed(self) -> dict[str, object]:
        """As the list shows it."""
        return {
            "account_sid": ACCOUNT,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": format_datetime(self.created),
            "date_sent": format_datetime(self.sent) if self.sent else None,
            "date_updated": format_datetime(self.created),
            "direction": self.direction,
            "error_code": self.error,
            "error_message": None,
            "from": self.sender,
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": "1",
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "to": self.to,
            "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{self.sid}.json",
        }


class Refusal(Exception):
    """Twilio says no, by number."""


class FakeTwilio(FakeGateway):
    """One account with one number.

    Attributes:
        messages: what it took, in order.
        opted_out: numbers whose owner said STOP.
        refuse: answer each message with this error code, 0 for none.
        webhook: where the number's messages go.
        suspended: whether the account is.
        unlisted: whether the list of messages fails.
        media: customers' files by sid: media type and bytes.
    """

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.opted_out: set[str] = set()
        self.refuse = 0
        self.webhook = ""
        self.suspended = False
        self.unlisted = False
        self.media: dict[str, tuple[str, bytes]] = {}
        super().__init__()

    def sends(self, asked: Asked) -> bool:
        is_file = asked.path.startswith(_ELSEWHERE)
        return is_file or (asked.method == "POST" and asked.path.endswith("/Messages.json"))

    def keep(self, data: bytes, media_type: str) -> str:
        """Keeps a file of a customer's message; its address, as a webhook names it."""
        sid = f"ME{len(self.media):032x}"
        self.media[sid] = (media_type, data)
        path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{'a' * 32}/Media/{sid}"
        return f"https://api.twilio.com{path}"

    def answer(self, asked: Asked) -> Reply:
        try:
            return self._answer(asked)
        except Refusal as refusal:
            code: int = refusal.args[0]
            data = {"code": code, "message": "No.", "status": _STATUSES.get(code, 400)}
            return Reply(_STATUSES.get(code, 400), json.dumps(data))

    def _answer(self, asked: Asked) -> Reply:
        account = f"/2010-04-01/Accounts/{ACCOUNT}"
        if asked.path.startswith(_ELSEWHERE):
            return self._elsewhere(asked)
        if asked.user != (ACCOUNT, TOKEN):
            raise Refusal(20003)
        if self.sends(asked) and asked.path == f"{account}/Messages.json":
            return Reply(201, json.dumps(self._create(asked.fields)))
        if asked.method == "GET" and asked.path == f"{account}/Messages.json":
            if self.unlisted:
                return Reply(500, '{"code": 20500, "message": "Internal Server Error"}')
            return Reply(200, json.dumps(self._list(asked.fields)))
        if "/Media/ME" in asked.path:
            return self._leads_on(asked.path.rpartition("/")[2])
        if asked.path == f"{account}.json":
            status = "suspended" if self.suspended else "active"
            return Reply(200, json.dumps({"sid": ACCOUNT, "status": status}))
        if asked.path == f"{account}/IncomingPhoneNumbers.json":
            found = asked.fields.get("PhoneNumber") == NUMBER
            numbers = [{"phone_number": NUMBER, "sms_url": self.webhook}] if found else []
            data = {"incoming_phone_numbers": numbers, "next_page_uri": None}
            return Reply(200, json.dumps(data))
        raise Refusal(20404)

    def _leads_on(self, sid: str) -> Reply:
        if sid not in self.media:
            raise Refusal(20404)
        return Reply(307, "", headers={"Location": f"{self.url}{_ELSEWHERE}{sid}"})

    def _elsewhere(self, asked: Asked) -> Reply:
        """Another company's storage: it takes no request with two keys."""
        known = self.media.get(asked.path.removeprefix(_ELSEWHERE))
        if asked.user is not None or known is None:
            return Reply(404 if known is None else 400, "<Error/>", "application/xml")
        return Reply(200, known[1], known[0])

    def _create(self, fields: dict[str, str]) -> dict[str, object]:
        body, to, callback = (fields.get(name, "") for name in ("Body", "To", "StatusCallback"))
        service = fields.get("MessagingServiceSid")
        checks = (
            (self.suspended, 20005),
            (self.refuse, self.refuse),
            (not to, 21604),
            (not _E164.fullmatch(to), 21211),
            (not service and "From" not in fields, 21603),
            (service is None and fields.get("From") != NUMBER, 21606),
            (service is not None and service != SERVICE, 21701),
            (not body.strip(), 21602),
            (len(body) > 1600, 21617),
            (to in self.opted_out, 21610),
            (bool(callback) and urlsplit(callback).scheme not in ("http", "https"), 21609),
        )
        for wrong, code in checks:
            if wrong:
                raise Refusal(code)
        sid = f"SM{len(self.messages):032x}"
        sender, late = fields.get("From", NUMBER), self.refused_later()
        self.messages.append(Message(sid, to, body, callback, sender, refused=late))
        return {"sid": sid, "to": to, "status": "queued", "error_code": None}

    def _list(self, fields: dict[str, str]) -> dict[str, object]:
        """A page of messages, the latest sent first.

        A filter by date leaves out what was not sent yet, which has no such date; its day is GMT's.
        """
        filters: dict[str, Callable[[Message, str], bool]] = {
            "To": lambda each, value: each.to == value,
            "From": lambda each, value: each.sender == value,
            "DateSent": lambda each, value: _day(each) == value,
            "DateSent>": lambda each, value: _day(each) >= value,
            "DateSent<": lambda each, value: "" < _day(each) <= value,
        }
        paging = {"PageSize", "Page", "PageToken"}
        if unknown := fields.keys() - filters.keys() - paging:
            raise AssertionError(f"Twilio knows no filter {unknown}")
        size = int(fields.get("PageSize", "50"))
        if not 1 <= size <= 1000:
            raise Refusal(20001)
        found = [
            each
            for each in self.messages
            if all(filters[name](each, fields[name]) for name in fields.keys() & filters.keys())
        ]
        found.sort(key=lambda each: (each.sent is not None, each.sent or each.created))
        found.reverse()
        number = int(fields.get("Page", "0"))
        page = found[number * size : (number + 1) * size]
        more = len(found) > (number + 1) * size
        path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        query = {k: v for k, v in fields.items() if k not in ("Page", "PageToken")}
        following = (
            urlencode({**query, "Page": number + 1, "PageToken": f"PA{page[-1].sid}"})
            if more
            else ""
        )
        return {
            "messages": [each.listed for each in page],
            "page": number,
            "page_size": size,
            "start": number * size,
            "end": number * size + len(page) - 1,
            "first_page_uri": f"{path}?{urlencode({**query, 'Page': 0})}",
            "next_page_uri": f"{path}?{following}" if more else None,
            "previous_page_uri": None,
            "uri": f"{path}?{urlencode(fields)}",
        }


def _day(message: Message) -> str:
    return message.sent.strftime("%Y-%m-%d") if message.sent else ""
