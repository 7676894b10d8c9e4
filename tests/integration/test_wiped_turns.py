"""A customer wipes the conversation while a turn is under way: it ends, and leads to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.core.interface import AssistantTurn, Parsed
from bot.messages import HandOver, Reason
from bot.store.handover import handovers
from channels import wiping
from tests.support.counter import Bot, Counter


@dataclass(slots=True)
class Wiping(Bot):
    """An assistant that thinks for so long that its customer wipes the conversation meanwhile."""

    counter: Counter | None = None

    async def turn(self, *args: Any, **named: Any) -> AssistantTurn:
        """One answer, to nobody."""
        await self._wipe()
        return await Bot.turn(self, *args, **named)

    async def parse(self, text: str) -> Parsed:
        """What the words of nobody are about."""
        await self._wipe()
        return await Bot.parse(self, text)

    async def _wipe(self) -> None:
        assert self.counter is not None
        where = (self.counter.channel, self.counter.address, self.counter.now)
        await self.counter.database.run(wiping.wipe, *where)


async def test_an_answer_is_kept_and_nothing_follows(counter: Counter) -> None:
    """The turn is not lost; later nobody is asked for a score."""
    counter.bot = Wiping(counter=counter)
    assert "Hallo." in await counter.say("hoi")
    assert (counter.owner, counter.conversation.wiped_at) == ("bot", counter.now)
    counter.now += timedelta(days=1)
    assert await counter.handler.fire_timers() == ()


@pytest.mark.parametrize(
    ("reason", "owner"), [("asked", "closed"), ("sensitive", "queued")], ids=["asked", "urgent"]
)
async def test_a_hand_over_puts_nobody_in_the_queue(
    counter: Counter, reason: Reason, owner: str
) -> None:
    """Unless it is urgent: then a person reads it first."""
    topic = "sensitive_matter" if reason == "sensitive" else ""
    counter.bot = Wiping(HandOver(reason, topic), counter=counter)
    await counter.say("mijn vraag")
    assert counter.owner == owner
    assert counter.handover.outcome == ("wiped" if owner == "closed" else None)


async def test_who_left_the_queue_by_it_is_not_put_back(counter: Counter) -> None:
    """What was written before is handled, without anybody who waits."""
    counter.bot = Bot(HandOver("asked"))
    await counter.say("medewerker")
    assert counter.owner == "queued"
    counter.bot = Wiping(HandOver("asked"), intent="track_order", counter=counter)
    await counter.say("waar is mijn pakket eigenlijk gebleven?")
    assert counter.owner != "queued"
    with counter.database.read() as conn:
        assert handovers.waiting(conn) == ()
