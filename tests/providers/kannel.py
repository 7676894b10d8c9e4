"""Kannel's sendsms interface in a thread: answers as smsbox 1.4.5 does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tests.providers.gateway import Asked, FakeGateway, Reply

USERNAME: Final = "bot"
PASSWORD: Final = "botpw"
SECRET: Final = "ge_heim-1"


@dataclass(frozen=True, slots=True)
class Message:
    """A message Kannel took; what GSM-7 lacks is a question mark unless coding is 2."""

    to: str
    text: str
    coding: str
    dlr_url: str
    refused: str = ""


class FakeKannel(FakeGateway):
    """One smsbox.

    Attributes:
        messages: what it took, in order.
        send_url: its sendsms address.
        queues: whether it says "queued" instead of "accepted", as when the SMSC is away.
    """

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.queues = False
        super().__init__()
        self.send_url = f"{self.url}/cgi-bin/sendsms"

    def sends(self, asked: Asked) -> bool:
        return asked.path == "/cgi-bin/sendsms" and "to" in asked.fields

    def answer(self, asked: Asked) -> Reply:
        fields = asked.fields
        if asked.path != "/cgi-bin/sendsms":
            return Reply(404, "Unknown request.", "text/html")
        if (fields.get("username"), fields.get("password")) != (USERNAME, PASSWORD):
            return Reply(403, "Authorization failed for sendsms", "text/html")
        to, text = fields.get("to", ""), fields.get("text", "")
        if not to:
            return Reply(400, "Missing receiver number, rejected", "text/html")
        if not re.fullmatch(r"[+\d ]+", to):
            return Reply(400, "Garbage 'to' field, rejected.", "text/html")
        coding = fields.get("coding", "0")
        if coding != "2":
            text = re.sub(r"[^\x00-\xff€ΔΦΓΛΩΠΨΣΘΞ]", "?", text)
        late = self.refused_later()
        self.messages.append(Message(to, text, coding, fields.get("dlr-url", ""), late))
        body = "3: Queued for later delivery" if self.queues else "0: Accepted for delivery"
        return Reply(202, body, "text/html")
