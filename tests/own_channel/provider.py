"""The portal in a thread: it speaks its own interface and refuses what it would refuse."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.contract.adapters.base import Accepted
from tests.providers.gateway import Asked, FakeGateway, Reply

TOKEN: Final = "portal-token-0123456789"


class FakePortal(FakeGateway):
    """One portal.

    Attributes:
        accepted: what it took, in order.
    """

    def __init__(self) -> None:
        self.accepted: list[Accepted] = []
        super().__init__()

    def sends(self, asked: Asked) -> bool:
        return (asked.method, asked.path) == ("POST", "/messages")

    def answer(self, asked: Asked) -> Reply:
        if asked.token != TOKEN:
            return Reply(401, "{}")
        if (asked.method, asked.path) == ("GET", "/status"):
            return Reply(200, '{"status": "ok"}')
        if not self.sends(asked):
            return Reply(404, "{}")
        data = json.loads(asked.body)
        if not _is_good(data):
            return Reply(422, "{}")
        number = f"p-{len(self.accepted) + 1}"
        buttons = data.get("buttons", [])
        taken = Accepted(
            data["customer"],
            data["text"],
            tuple(button["title"] for button in buttons),
            tuple(button["id"] for button in buttons),
            number,
            data["reference"],
            self.refused_later(),
        )
        self.accepted.append(taken)
        return Reply(201, json.dumps({"id": number}))


def _is_good(data: Any) -> bool:
    buttons = data.get("buttons", [])
    titles = [button["title"] for button in buttons]
    return (
        set(data) <= {"customer", "text", "buttons", "reference"}
        and bool(data["customer"])
        and 0 < len(data["text"]) <= 2000
        and len(buttons) <= 5
        and all(0 < len(title) <= 25 for title in titles)
        and len(set(titles)) == len(titles)
    )
