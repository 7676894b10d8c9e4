"""The portal as it uses Loket, for the suite that every channel passes."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from tests.contract.adapters.base import Accepted, Call, Why
from tests.own_channel.portal import PATH
from tests.own_channel.portal.verify import HEADER, signature
from tests.own_channel.provider import TOKEN, FakePortal
from tests.support.assistant_root import ROOT

SECRET = "the portal's own secret"
_HERE = Path(__file__).parent
_STATUSES = {"sent": "stored", "delivered": "notified", "read": "opened", "failed": "refused"}


@cache
def _assistant() -> tempfile.TemporaryDirectory[str]:
    """A folder with the assistant that is tried and the credentials of this channel."""
    folder = tempfile.TemporaryDirectory(prefix="loket-own-channel-")
    for name in ("config.yml", "domain.yml", "endpoints.yml", "data", "actions"):
        (Path(folder.name) / name).symlink_to(ROOT / name)
    (Path(folder.name) / "credentials.yml").symlink_to(_HERE / "credentials.yml")
    return folder


def post(data: Any, secret: str = SECRET) -> Call:
    """A signed request."""
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return Call("POST", PATH, {HEADER: signature(body, secret)}, body)


def events(*each: dict[str, Any]) -> Call:
    """A request with these events."""
    return post({"events": each})


class PortalAdapter:
    """See `tests.contract.adapters.base.Adapter`."""

    id = "own-channel"
    channel = "portal"
    key = "tests.own_channel.portal.Portal"
    sender = "k-20931"
    late: Mapping[Why, str] = MappingProxyType({"unreachable": "17"})
    settles: Literal["nothing", "receipt", "lookup"] = "receipt"

    def root(self) -> Path:
        return Path(_assistant().name)

    def provider(self) -> FakePortal:
        return FakePortal()

    def environment(self, provider: Any) -> dict[str, str]:
        return {
            "PORTAL_URL": provider.url,
            "PORTAL_TOKEN": TOKEN,
            "PORTAL_SECRET": SECRET,
            "PORTAL_PAGE": "https://mijn.voorbeeld.example/berichten",
        }

    def senders(self, count: int) -> Sequence[str]:
        return [f"k-{number}" for number in range(30_000, 30_000 + count)]

    def text(self, message_id: str, text: str, sender: str = "") -> Call:
        return events(self._message(message_id, text, sender))

    def _message(self, message_id: str, text: str, sender: str = "") -> dict[str, Any]:
        customer = sender or self.sender
        return {"type": "message", "id": message_id, "customer": customer, "text": text}

    def tap(self, message_id: str, on: Accepted, index: int) -> Call | None:
        if not on.callbacks:
            return None
        said = self._message(message_id, on.titles[index])
        return events({**said, "button": on.callbacks[index]})

    def batch(self, texts: Sequence[tuple[str, str]]) -> Sequence[Call]:
        """All in one request."""
        return (events(*(self._message(*each) for each in texts)),)

    def signed(self, body: Any) -> Call:
        return post(body) if isinstance(body, bytes) else events(body)

    def forged(self) -> Sequence[Call]:
        good = self.text("forged", "ik ben het echt")
        changed = Call("POST", PATH, good.headers, good.body.replace(b"echt", b"niet"))
        unsigned = Call("POST", PATH, {}, good.body)
        return changed, unsigned, post(good.body, "another secret")

    def unknown(self) -> Sequence[Call]:
        return (
            post({}),
            post({"events": None}),
            post([]),
            events({"type": "hologram", "id": "1", "customer": self.sender}),
            events({"type": "message", "text": "van niemand"}),
            events({"type": "receipt", "message": "p-0", "status": "burnt"}),
            events({"type": "receipt", "message": "p-0", "status": "opened"}),
        )

    def strange(self) -> Mapping[str, Call]:
        return {}

    def edit(self, message_id: str, text: str) -> Call | None:
        return None

    def status(
        self, accepted: Accepted, status: Literal["sent", "delivered", "read", "failed"]
    ) -> Call | None:
        about = {"message": accepted.provider_id, "reference": accepted.key}
        error = accepted.refused or "17"
        return events({"type": "receipt", "status": _STATUSES[status], "error": error, **about})


ADAPTERS = (PortalAdapter(),)
