"""WhatsApp as Meta uses it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

from channels.whatsapp.verify import signature
from tests.contract.adapters.base import Accepted, Call, Shipped, Why
from tests.providers.graph import PHONE_NUMBER_ID, TOKEN, Graph

APP_SECRET = "0123456789abcdef0123456789abcdef"
VERIFY_TOKEN = "a word of our own"
USER_ID = "NL.13491208655302741918"
PHONE = "31612345678"
PATH = "/webhooks/whatsapp"


def message(message_id: str, kind: str, content: Any, **more: Any) -> dict[str, Any]:
    """A message of a customer who gives both id and number."""
    return {
        "from": PHONE,
        "from_user_id": USER_ID,
        "id": message_id,
        "timestamp": "1795435200",
        "type": kind,
        kind: content,
        **more,
    }


def contact(user_id: str = USER_ID, phone: str = PHONE) -> dict[str, Any]:
    """The `contacts` entry that goes with it; an empty id or number is left out."""
    ids = {"wa_id": phone, "user_id": user_id}
    found = {name: value for name, value in ids.items() if value}
    return {"profile": {"name": "Sanne de Vries", "username": "sanne"}, **found}


def value(**content: Any) -> dict[str, Any]:
    """What a change holds."""
    metadata = {"display_phone_number": "31850000000", "phone_number_id": PHONE_NUMBER_ID}
    return {"messaging_product": "whatsapp", "metadata": metadata, **content}


def notification(*values: dict[str, Any], field: str = "messages") -> dict[str, Any]:
    """A notification with one change for each value."""
    changes = [{"field": field, "value": each} for each in values]
    entry = [{"id": "102290129340398", "changes": changes}]
    return {"object": "whatsapp_business_account", "entry": entry}


def post(data: Any, secret: str = APP_SECRET) -> Call:
    """A signed notification."""
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    headers = {
        "Content-Type": "application/json",
        "X-Hub-Signature-256": signature(body, secret),
    }
    return Call("POST", PATH, headers, body)


class WhatsAppAdapter(Shipped):
    """See `tests.contract.adapters.base.Adapter`."""

    id = "whatsapp"
    channel = "whatsapp"
    key = "channels.whatsapp.WhatsApp"
    sender = USER_ID
    late: Mapping[Why, str] = MappingProxyType({"trouble": "131000", "unreachable": "131026"})

    def provider(self) -> Graph:
        return Graph()

    def environment(self, provider: Any) -> dict[str, str]:
        return {
            "WHATSAPP_TOKEN": TOKEN,
            "WHATSAPP_PHONE_NUMBER_ID": PHONE_NUMBER_ID,
            "WHATSAPP_APP_SECRET": APP_SECRET,
            "WHATSAPP_VERIFY_TOKEN": VERIFY_TOKEN,
            "WHATSAPP_GRAPH_URL": provider.url,
        }

    def text(self, message_id: str, text: str, sender: str = "") -> Call:
        return post(notification(self._text(message_id, text, sender)))

    def _text(self, message_id: str, text: str, sender: str = "") -> dict[str, Any]:
        sent = message(message_id, "text", {"body": text})
        if not sender or sender == USER_ID:
            return value(contacts=[contact()], messages=[sent])
        sent["from_user_id"] = sender
        del sent["from"]
        return value(contacts=[contact(sender, "")], messages=[sent])

    def file(self, provider: Any, message_id: str, data: bytes, kind: str) -> Call:
        name, media_type, more = {
            "photo": ("image", "image/jpeg", {}),
            "document": ("document", "application/pdf", {"filename": "factuur.pdf"}),
            "voice": ("audio", "audio/ogg; codecs=opus", {"voice": True}),
        }[kind]
        number = provider.keep(data, media_type)
        told = {"id": number, "mime_type": media_type, "sha256": "x", **more}
        sent = message(message_id, name, told)
        return post(notification(value(contacts=[contact()], messages=[sent])))

    def tap(self, message_id: str, on: Accepted, index: int) -> Call | None:
        if not on.callbacks:
            return None
        kind = "button_reply" if len(on.callbacks) <= 3 else "list_reply"
        reply = {"id": on.callbacks[index], "title": on.titles[index]}
        tapped = message(message_id, "interactive", {"type": kind, kind: reply})
        tapped["context"] = {"from": "31850000000", "id": on.provider_id}
        return post(notification(value(contacts=[contact()], messages=[tapped])))

    def batch(self, texts: Sequence[tuple[str, str]]) -> Sequence[Call]:
        """Two messages a change, two changes an entry."""
        sent = [message(number, "text", {"body": text}) for number, text in texts]
        pairs = [sent[index : index + 2] for index in range(0, len(sent), 2)]
        values = [value(contacts=[contact()], messages=pair) for pair in pairs]
        entries = [
            notification(*values[index : index + 2])["entry"][0]
            for index in range(0, len(values), 2)
        ]
        return (post({"object": "whatsapp_business_account", "entry": entries}),)

    def signed(self, body: Any) -> Call:
        if isinstance(body, bytes):
            return post(body)
        return post(notification(value(contacts=[contact()], messages=[body], statuses=[body])))

    def forged(self) -> Sequence[Call]:
        good = self.text("wamid.forged", "ik ben het echt")
        tampered = good.body.replace(b"echt", b"niet")
        other = post(good.body, secret="another secret")
        plain = {"Content-Type": "application/json"}
        return (
            Call("POST", PATH, good.headers, tampered),
            other,
            Call("POST", PATH, plain, good.body),
            Call("POST", PATH, {**plain, "X-Hub-Signature-256": "sha256="}, good.body),
        )

    def unknown(self) -> Sequence[Call]:
        reaction = message("wamid.r", "reaction", {"message_id": "wamid.x", "emoji": "👍"})
        other = value(contacts=[contact()], messages=[message("wamid.u", "text", {"body": "hoi"})])
        other["metadata"]["phone_number_id"] = "999999999999999"
        acts = ("pin", "poll_update", "keep_in_chat", "edit", "unpin")
        done = [message(f"wamid.{kind}", "unsupported", {"type": kind}) for kind in acts]
        fields = ("account_update", "message_template_status_update", "calls", "smb_message_echoes")
        return (
            *(post(notification(value(event="SOMETHING"), field=field)) for field in fields),
            post(notification(value(contacts=[contact()], messages=[reaction]))),
            *(post(notification(value(contacts=[contact()], messages=[each]))) for each in done),
            post(notification(value(statuses=[{"id": "wamid.s", "status": "pondered"}]))),
            post(notification(other)),
            post({"object": "page", "entry": []}),
        )

    def edit(self, message_id: str, text: str) -> Call | None:
        now = {"type": "text", "text": {"body": text}}
        changed = message(message_id, "edit", {"original_message_id": "wamid.0", "message": now})
        return post(notification(value(contacts=[contact()], messages=[changed])))

    def strange(self) -> Mapping[str, Call]:
        sent = {
            "hologram": message("wamid.h", "hologram", {"depth": 3}),
            "smell_o_gram": message("wamid.g", "unsupported", {"type": "smell_o_gram"}),
            "hum_reply": message("wamid.m", "interactive", {"type": "hum_reply", "hum_reply": {}}),
            "unnamed": message("wamid.n", "06-12345678 belt", {}),
        }
        return {
            name: post(notification(value(contacts=[contact()], messages=[each])))
            for name, each in sent.items()
        }

    def status(
        self, accepted: Accepted, status: Literal["sent", "delivered", "read", "failed"]
    ) -> Call | None:
        told: dict[str, Any] = {
            "id": accepted.provider_id,
            "status": status,
            "timestamp": "1795435201",
            "recipient_id": accepted.recipient,
        }
        if accepted.key:
            told["biz_opaque_callback_data"] = accepted.key
        if status == "failed":
            told["errors"] = [{"code": int(accepted.refused or "131026"), "title": "No."}]
        return post(notification(value(statuses=[told])))


ADAPTERS = (WhatsAppAdapter(),)
