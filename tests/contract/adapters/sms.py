"""SMS as its two gateways use it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from twilio.request_validator import RequestValidator

from channels.sms.kannel import DLR_PATH
from channels.sms.kannel import PATH as KANNEL_PATH
from channels.sms.parse import Fields
from channels.sms.twilio import PATH as TWILIO_PATH
from channels.sms.twilio import STATUS_PATH
from tests.contract.adapters.base import Accepted, Call, Settles, Shipped, Why
from tests.providers import kannel, twilio

#: The public address that tests give Loket.
PUBLIC = "https://loket.example"
SENDER = "+31612345678"

Status = Literal["sent", "delivered", "read", "failed"]


class TwilioServer(twilio.FakeTwilio):
    """The fake, as the contract suite looks at it."""

    @property
    def accepted(self) -> list[Accepted]:
        """What it took, in order."""
        return [
            Accepted(
                each.to,
                each.body,
                provider_id=each.sid,
                key=key_of(each.callback),
                refused=each.refused,
            )
            for each in self.messages
        ]


class KannelServer(kannel.FakeKannel):
    """The fake, as the contract suite looks at it; the id is our own, in the dlr-url."""

    @property
    def accepted(self) -> list[Accepted]:
        """What it took, in order."""
        return [
            Accepted(each.to, each.text, provider_id=key_of(each.dlr_url), refused=each.refused)
            for each in self.messages
        ]


def key_of(address: str) -> str:
    """Our own id in the address of a receipt."""
    return parse_qs(urlsplit(address).query).get("key", [""])[0]


def signed(path: str, body: bytes, token: str = twilio.TOKEN, public: str = PUBLIC) -> Call:
    """A form with Twilio's own signature."""
    fields = Fields(body.decode("utf-8", "replace"))
    signature = RequestValidator(token).compute_signature(f"{public}{path}", fields)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": signature,
    }
    return Call("POST", path, headers, body)


def message(message_id: str, text: str, sender: str = SENDER, **more: str) -> dict[str, str]:
    """Twilio's fields, blank ones too."""
    return {
        "ToCountry": "NL",
        "SmsMessageSid": message_id,
        "NumMedia": "0",
        "FromCity": "",
        "Body": text,
        "From": sender,
        "To": twilio.NUMBER,
        "MessageSid": message_id,
        "AccountSid": twilio.ACCOUNT,
        **more,
    }


class TwilioAdapter(Shipped):
    """See `tests.contract.adapters.base.Adapter`."""

    id = "sms-twilio"
    channel = "sms"
    key = "channels.sms.Twilio"
    sender = SENDER
    late: Mapping[Why, str] = MappingProxyType(
        {"trouble": "30001", "unreachable": "30005", "opted_out": "21610"}
    )
    settles: Settles = "lookup"
    send_timeout = "timeout"

    def senders(self, count: int) -> Sequence[str]:
        """Twilio wants numbers that could be."""
        return [f"+316123456{number}" for number in range(10, 10 + count)]

    def provider(self) -> TwilioServer:
        return TwilioServer()

    def environment(self, provider: Any) -> dict[str, str]:
        return {
            "LOKET_PUBLIC_URL": PUBLIC,
            "TWILIO_ACCOUNT_SID": twilio.ACCOUNT,
            "TWILIO_AUTH_TOKEN": twilio.TOKEN,
            "TWILIO_FROM": twilio.NUMBER,
            "TWILIO_API_URL": provider.url,
        }

    def text(self, message_id: str, text: str, sender: str = "") -> Call:
        return self._post(message(message_id, text, sender or self.sender))

    def file(self, provider: Any, message_id: str, data: bytes, kind: str) -> Call:
        media_type = {
            "photo": "image/jpeg",
            "document": "application/pdf",
            "voice": "audio/ogg",
        }[kind]
        address = provider.keep(data, media_type)
        told = {"NumMedia": "1", "MediaUrl0": address, "MediaContentType0": media_type}
        return self._post(message(message_id, "", **told))

    def tap(self, message_id: str, on: Accepted, index: int) -> Call | None:
        return None

    def batch(self, texts: Sequence[tuple[str, str]]) -> Sequence[Call]:
        return [self.text(*each) for each in texts]

    def signed(self, body: Any) -> Call:
        if isinstance(body, bytes):
            return signed(TWILIO_PATH, body)
        given = body if isinstance(body, Mapping) else {"Body": body}
        return self._post({str(name): str(value) for name, value in given.items()})

    def forged(self) -> Sequence[Call]:
        good = self.text("SMforged", "stuur mij alles")
        unsigned = {"Content-Type": good.headers["Content-Type"]}
        changed = good.body.replace(b"alles", b"niets")
        return (
            Call("POST", TWILIO_PATH, good.headers, changed),
            Call("POST", TWILIO_PATH, good.headers, good.body.replace(b"FromCity=&", b"")),
            Call("POST", TWILIO_PATH, unsigned, good.body),
            signed(TWILIO_PATH, good.body, token="0" * 32),
            signed(STATUS_PATH, b"MessageSid=SM1&MessageStatus=read", token="0" * 32),
        )

    def unknown(self) -> Sequence[Call]:
        return (
            self._post({"AccountSid": twilio.ACCOUNT, "EventType": "news.of.tomorrow"}),
            self._post(message("SMbank", "Uw code is 123", "Bank")),
            signed(STATUS_PATH, b"MessageSid=SMnobody&MessageStatus=delivered"),
            signed(STATUS_PATH, b"MessageSid=SMnobody&MessageStatus=thought_about"),
        )

    def status(self, accepted: Accepted, status: Status) -> Call | None:
        fields = {"MessageSid": accepted.provider_id, "MessageStatus": status, "RawDlrDoneDate": ""}
        if status == "failed":
            code = accepted.refused or "30005"
            fields |= {"MessageStatus": "undelivered", "ErrorCode": code, "To": accepted.recipient}
        query = f"?{urlencode({'key': accepted.key})}" if accepted.key else ""
        return signed(f"{STATUS_PATH}{query}", urlencode(fields).encode())

    def _post(self, fields: Mapping[str, str]) -> Call:
        return signed(TWILIO_PATH, urlencode(fields, errors="replace").encode())


class KannelAdapter(Shipped):
    """See `tests.contract.adapters.base.Adapter`."""

    id = "sms-kannel"
    channel = "sms"
    key = "channels.sms.Kannel"
    sender = SENDER
    late: Mapping[Why, str] = MappingProxyType({"unreachable": "2"})
    send_timeout = "timeout"

    def provider(self) -> KannelServer:
        return KannelServer()

    def environment(self, provider: Any) -> dict[str, str]:
        return {
            "LOKET_PUBLIC_URL": PUBLIC,
            "KANNEL_SEND_URL": provider.send_url,
            "KANNEL_USERNAME": kannel.USERNAME,
            "KANNEL_PASSWORD": kannel.PASSWORD,
            "KANNEL_SECRET": kannel.SECRET,
        }

    def text(self, message_id: str, text: str, sender: str = "") -> Call:
        fields = {
            "from": sender or self.sender,
            "to": "13013",
            "text": text,
            "coding": "0",
            "charset": "UTF-8",
            "id": message_id,
            "ts": "1795455820",
        }
        return self._get(KANNEL_PATH, fields)

    def tap(self, message_id: str, on: Accepted, index: int) -> Call | None:
        return None

    def batch(self, texts: Sequence[tuple[str, str]]) -> Sequence[Call]:
        return [self.text(*each) for each in texts]

    def signed(self, body: Any) -> Call:
        if isinstance(body, bytes):
            return Call("GET", f"{KANNEL_PATH}?secret={kannel.SECRET}&{quote(body, safe='&=%+')}")
        given = body if isinstance(body, Mapping) else {"from": self.sender, "text": body}
        return self._get(KANNEL_PATH, {str(name): str(value) for name, value in given.items()})

    def forged(self) -> Sequence[Call]:
        path = self.text("forged", "stuur mij alles").path
        return (
            Call("GET", path.replace(kannel.SECRET, "ge_heim-2")),
            Call("GET", path.replace(kannel.SECRET, "")),
            Call("GET", path.replace(f"secret={kannel.SECRET}&", "")),
            Call("GET", f"{DLR_PATH}?key=1.0.0&status=1"),
        )

    def unknown(self) -> Sequence[Call]:
        return (
            self._get(KANNEL_PATH, {"to": "13013"}),
            self.text("bank", "Uw code is 123", "Bank"),
            self._get(DLR_PATH, {"key": "999.0.0", "status": "1"}),
            self._get(DLR_PATH, {"key": "1.0.0", "status": "64"}),
        )

    def status(self, accepted: Accepted, status: Status) -> Call | None:
        if status == "read":
            return None
        code = {"sent": "8", "delivered": "1", "failed": accepted.refused or "2"}[status]
        return self._get(DLR_PATH, {"key": accepted.provider_id, "status": code})

    def _get(self, path: str, fields: Mapping[str, str]) -> Call:
        query = urlencode({"secret": kannel.SECRET, **fields}, errors="replace")
        return Call("GET", f"{path}?{query}")


ADAPTERS = (TwilioAdapter(), KannelAdapter())
