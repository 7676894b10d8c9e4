"""The push channels as their providers use them, with the strict fakes of the contract suite.

Each makes signed requests for customers' messages, and receipts for what it took: those carry our
own key, as the real ones do, so that Loket can settle what it is unsure of.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from tests.contract.adapters import sms, telegram, whatsapp
from tests.contract.adapters.base import Accepted, Call
from tests.support import telegram_updates

#: How far messages come, in order.
STEPS: Final = ("sent", "delivered", "read")


class Phones(Protocol):
    """The customers behind one provider.

    Attributes:
        id: such as `sms-twilio`.
        channel: name of the channel.
        provider: the fake.
        base: the address at which Loket would reach it without a line in between.
        retries: how often a refused webhook is tried again at once before the provider gives up;
            0: it goes on for good.
    """

    id: str
    channel: str
    provider: Any
    base: str
    retries: int

    def environment(self) -> dict[str, str]:
        """What Loket needs to know; addresses are the fake's own."""
        ...

    def address(self, number: int) -> str:
        """The address of a customer, as the conversation keeps it and the fake sees it."""
        ...

    def message(self, number: int, place: int, text: str) -> tuple[str, Call]:
        """A customer's message; its id as the inbox keeps it, and the request."""
        ...

    def key(self, index: int) -> str:
        """Loket's own key of the message that the fake took as its `index`-th; empty: unknown."""
        ...

    def receipts(self, index: int) -> Sequence[Call]:
        """The receipts for that message, in order."""
        ...


@dataclass(slots=True)
class WhatsApp:
    """Meta: tries again for days."""

    id: str = "whatsapp"
    channel: str = "whatsapp"
    retries: int = 0

    def __post_init__(self) -> None:
        self.provider = whatsapp.WhatsAppAdapter().provider()
        self.base = _origin(self.provider.url)

    provider: Any = None
    base: str = ""

    def environment(self) -> dict[str, str]:
        return whatsapp.WhatsAppAdapter().environment(self.provider)

    def address(self, number: int) -> str:
        return f"NL.{13_000_000_000_000_000 + number}"

    def message(self, number: int, place: int, text: str) -> tuple[str, Call]:
        ours, address = f"wamid.C{number:05}P{place:03}", self.address(number)
        said = whatsapp.message(ours, "text", {"body": text}, timestamp=str(int(time.time())))
        said["from_user_id"] = address
        del said["from"]
        notice = whatsapp.value(contacts=[whatsapp.contact(address, "")], messages=[said])
        return ours, whatsapp.post(whatsapp.notification(notice))

    def key(self, index: int) -> str:
        return str(self.provider.bodies[index].get("biz_opaque_callback_data", ""))

    def receipts(self, index: int) -> Sequence[Call]:
        accepted: Accepted = self.provider.accepted[index]
        told = {
            "id": accepted.provider_id,
            "timestamp": str(int(time.time())),
            "recipient_id": accepted.recipient,
            "biz_opaque_callback_data": self.key(index),
        }
        return [
            whatsapp.post(
                whatsapp.notification(whatsapp.value(statuses=[{**told, "status": step}]))
            )
            for step in STEPS
        ]


@dataclass(slots=True)
class Twilio:
    """Twilio with `#rc=5&rp=all`: five more tries, then it gives up."""

    id: str = "sms-twilio"
    channel: str = "sms"
    retries: int = 5

    def __post_init__(self) -> None:
        self.provider = sms.TwilioAdapter().provider()
        self.base = _origin(self.provider.url)

    provider: Any = None
    base: str = ""

    def environment(self) -> dict[str, str]:
        return sms.TwilioAdapter().environment(self.provider)

    def address(self, number: int) -> str:
        return f"+3161{number:07}"

    def message(self, number: int, place: int, text: str) -> tuple[str, Call]:
        ours = f"SM{number:028x}{place:04x}"
        return ours, sms.TwilioAdapter().text(ours, text, self.address(number))

    def key(self, index: int) -> str:
        return sms.key_of(self.provider.messages[index].callback)

    def receipts(self, index: int) -> Sequence[Call]:
        message = self.provider.messages[index]
        path = message.callback.removeprefix(sms.PUBLIC)
        if not path:
            return []
        return [
            sms.signed(path, f"MessageSid={message.sid}&MessageStatus={step}".encode())
            for step in STEPS[:2]
        ]


@dataclass(slots=True)
class Kannel:
    """Kannel: tries again for as long as it runs."""

    id: str = "sms-kannel"
    channel: str = "sms"
    retries: int = 0

    def __post_init__(self) -> None:
        self.provider = sms.KannelAdapter().provider()
        self.base = _origin(self.provider.url)

    provider: Any = None
    base: str = ""

    def environment(self) -> dict[str, str]:
        return sms.KannelAdapter().environment(self.provider)

    def address(self, number: int) -> str:
        return f"+3162{number:07}"

    def message(self, number: int, place: int, text: str) -> tuple[str, Call]:
        ours = f"kannel-{number:05}-{place:03}"
        return ours, sms.KannelAdapter().text(ours, text, self.address(number))

    def key(self, index: int) -> str:
        return sms.key_of(self.provider.messages[index].dlr_url)

    def receipts(self, index: int) -> Sequence[Call]:
        accepted: Accepted = self.provider.accepted[index]
        if not accepted.provider_id:
            return []
        calls = (sms.KannelAdapter().status(accepted, step) for step in ("sent", "delivered"))
        return [call for call in calls if call is not None]


@dataclass(slots=True)
class Telegram:
    """Telegram: tries again for a day, and has no receipts."""

    id: str = "telegram"
    channel: str = "telegram"
    retries: int = 0

    def __post_init__(self) -> None:
        self.provider = telegram.TelegramAdapter().provider()
        self.base = _origin(self.provider.url)

    provider: Any = None
    base: str = ""

    def environment(self) -> dict[str, str]:
        return telegram.TelegramAdapter().environment(self.provider)

    def address(self, number: int) -> str:
        return str(700_000_000 + number)

    def message(self, number: int, place: int, text: str) -> tuple[str, Call]:
        ours = 10_000_000 + number * 1000 + place
        update = telegram_updates.message(ours, text, int(self.address(number)))
        return str(ours), telegram.post(telegram_updates.body(update))

    def key(self, index: int) -> str:
        return ""

    def receipts(self, index: int) -> Sequence[Call]:
        return []


#: Makes the providers of a run.
ALL: Final[tuple[Callable[[], Phones], ...]] = (WhatsApp, Twilio, Kannel, Telegram)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
