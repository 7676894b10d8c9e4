"""Twilio's Messages API in a thread: strict, with Twilio's own error codes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from tests.providers.gateway import Asked, FakeGateway, Reply

ACCOUNT: Final = "AC" + "0" * 32
TOKEN: Final = "f" * 32
NUMBER: Final = "+3197010123456"
SERVICE: Final = "MG" + "1" * 32

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_STATUSES: dict[int, int] = {20003: 401, 20404: 404, 21610: 400}


@dataclass(frozen=True, slots=True)
class Message:
    """A message Twilio took."""

    sid: str
    to: str
    body: str
    callback: str


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
    """

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.opted_out: set[str] = set()
        self.refuse = 0
        self.webhook = ""
        self.suspended = False
        super().__init__()

    def sends(self, asked: Asked) -> bool:
        return asked.method == "POST" and asked.path.endswith("/Messages.json")

    def answer(self, asked: Asked) -> Reply:
        try:
            return self._answer(asked)
        except Refusal as refusal:
            code: int = refusal.args[0]
            data = {"code": code, "message": "No.", "status": _STATUSES.get(code, 400)}
            return Reply(_STATUSES.get(code, 400), json.dumps(data))

    def _answer(self, asked: Asked) -> Reply:
        account = f"/2010-04-01/Accounts/{ACCOUNT}"
        if asked.user != (ACCOUNT, TOKEN):
            raise Refusal(20003)
        if self.sends(asked) and asked.path == f"{account}/Messages.json":
            return Reply(201, json.dumps(self._create(asked.fields)))
        if asked.path == f"{account}.json":
            status = "suspended" if self.suspended else "active"
            return Reply(200, json.dumps({"sid": ACCOUNT, "status": status}))
        if asked.path == f"{account}/IncomingPhoneNumbers.json":
            found = asked.fields.get("PhoneNumber") == NUMBER
            numbers = [{"phone_number": NUMBER, "sms_url": self.webhook}] if found else []
            data = {"incoming_phone_numbers": numbers, "next_page_uri": None}
            return Reply(200, json.dumps(data))
        raise Refusal(20404)

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
        self.messages.append(Message(sid, to, body, callback))
        return {"sid": sid, "to": to, "status": "queued", "error_code": None}
