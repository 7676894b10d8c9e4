"""What reaches customers, as it reaches them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass

from tests.chaos.light import TOKEN


@dataclass(frozen=True, slots=True)
class Wire:
    """A message on a phone or a page.

    Attributes:
        customer: whose.
        at: when, in seconds since the run began.
        wire: the provider's id, or the page's name of the entry.
        text: what it says.
        key: Loket's own key of it (`outbox.part.resends`), or the id of the outbox row; empty where
            the provider does not have it.
    """

    customer: str
    at: float
    wire: str
    text: str
    key: str


class Ear:
    """Keeps what arrived, in order, and wakes who waits for it."""

    def __init__(self) -> None:
        self.wires: list[Wire] = []
        self._tokens: set[str] = set()
        self._counts: dict[str, int] = defaultdict(int)
        self._more = asyncio.Condition()

    async def hear(self, wire: Wire) -> None:
        """Something arrived."""
        self.wires.append(wire)
        self._tokens.update(TOKEN.findall(wire.text))
        self._counts[wire.customer] += 1
        async with self._more:
            self._more.notify_all()

    def heard(self, token: str) -> bool:
        """Whether the answer to a message arrived."""
        return token in self._tokens

    def count(self, customer: str) -> int:
        """How many messages a customer got."""
        return self._counts[customer]

    async def wait_for(self, token: str, customer: str, before: int, seconds: float) -> None:
        """Waits for an answer; not for ever.

        Args:
            token: of the message.
            customer: who sent it; for an answer without a token anything new counts.
            before: how many messages this customer had before.
            seconds: how long.
        """
        try:
            async with asyncio.timeout(seconds), self._more:
                await self._more.wait_for(
                    lambda: self.heard(token) or self.count(customer) > before + 1
                )
        except TimeoutError:
            return
