"""A customer who has written, and the delivery loop that answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial

import httpx

from bot.delivery.loop import DeliveryLoop
from bot.store.delivery.dead_letters import failed_deliveries, unsure
from bot.store.notify import notifier
from channels import registry
from channels.capabilities import Pace
from channels.protocol import Sender
from channels.send_results import Settling
from tests.contract.adapters.base import Adapter, Provider
from tests.contract.adapters.sms import PUBLIC
from tests.contract.test_channels import call
from tests.providers.faults import Faulty
from tests.support.at_work import at_work
from tests.support.mailbox import Mailbox
from tests.support.webchat import Server


class Line:
    """One customer who has written, and the delivery loop."""

    def __init__(self, adapter: Adapter, provider: Provider | Faulty, server: Server) -> None:
        self.adapter = adapter
        self.provider = provider
        self.folder = server.folder
        self.web = httpx.Client(base_url=server.url, timeout=20)
        self.mailbox = Mailbox(server.folder)
        assert call(self.web, adapter.text("1", "hoi")) == 200

    @asynccontextmanager
    async def delivering(self) -> AsyncIterator[None]:
        """The loop runs while the block does."""
        env = self.adapter.environment(self.provider)
        bell = notifier.of(self.mailbox.database.url, self.folder)
        channels = registry.push_channels(registry.load(self.adapter.root(), env))
        for channel in channels.values():
            channel.timeout = 1.0  # type: ignore[attr-defined]
            channel.sender = partial(_hasty, channel.sender)  # type: ignore[method-assign]
        delivery = DeliveryLoop(
            channels,
            PUBLIC,
            self.mailbox.database,
            bell,
            lambda: datetime.now(UTC),
        )
        try:
            async with at_work(delivery.run):
                yield
        finally:
            bell.close()

    async def until(self, holds: Callable[[], bool], seconds: float = 30) -> None:
        """Waits until something holds."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, (self.texts(), self.lost())
            await asyncio.sleep(0.02)

    def texts(self) -> list[str]:
        """What the customer got to read, in order."""
        return [accepted.text for accepted in list(self.provider.accepted)]

    @property
    def network(self) -> Faulty:
        """The machine on the way to the provider."""
        assert isinstance(self.provider, Faulty)
        return self.provider

    def unsure(self) -> list[str]:
        """What a person is asked to judge."""
        with self.mailbox.database.read() as conn:
            return [each.message.text for each in unsure(conn, 99)]

    def in_doubt(self) -> int:
        """How many messages nobody knows of whether the provider took them."""
        with self.mailbox.database.read() as conn:
            query = "SELECT count(*) FROM deliveries WHERE unsure_since IS NOT NULL"
            return int(conn.exec_driver_sql(query).scalar_one())

    def settled(self, rows: Sequence[int]) -> bool:
        """Whether nothing more happens to these messages by itself."""
        return all(self.mailbox.status(row) in ("sent", "delivered", "dead") for row in rows)

    def lost(self) -> list[tuple[str, str]]:
        """Status and error of what was not delivered."""
        with self.mailbox.database.read() as conn:
            return [(each.status, each.error) for each in failed_deliveries(conn)]

    def close(self) -> None:
        self.web.close()
        self.mailbox.close()


def _hasty(make: Callable[[str], Sender], public_url: str) -> Sender:
    """A sender that does not wait between messages; pace is tested elsewhere."""
    sender = make(public_url)
    sender.pace = Pace(0.01, 1000.0)
    sender.settling = partial(_soon, sender.settling)  # type: ignore[method-assign]
    return sender


def _soon(settling: Callable[[str], Settling], address: str) -> Settling:
    """What can be found out, in a time that a test can sit out."""
    usual = settling(address)
    receipt = 1.5 if usual.receipt else 0.0
    return Settling(receipt, None if usual.absent is None else 0.5)
