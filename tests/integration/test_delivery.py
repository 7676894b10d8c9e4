"""The delivery loop with a provider that does what the test tells it to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy.exc import OperationalError

from bot.channel_profiles import ChannelProfile
from bot.conversation.built_in_messages import disclosure
from bot.delivery import (
    alarm,
    courier,
    doubt_resolution,
    failure_policy,
    periodic,
    planner,
    provider_probe,
    send_gate,
)
from bot.delivery.loop import DeliveryLoop
from bot.messages import Author, Inbound, Outbound, Text
from bot.store.conversation import conversations, disclosures, optouts
from bot.store.delivery import deliveries, delivery_planning, outbox
from bot.store.delivery.dead_letter_decisions import resend
from bot.store.delivery.dead_letters import failed_deliveries
from bot.store.notify import notifier
from bot.store.notify.notifier import Notifier
from bot.store.sql.database import Database
from bot.store.sql.tables import conversations as conversations_table
from bot.store.worker import inbox
from channels.capabilities import Capabilities, Pace
from channels.errors import (
    Ambiguous,
    BadCredentials,
    OptedOut,
    Throttled,
    Unavailable,
    Undeliverable,
    WindowClosed,
)
from channels.protocol import Check
from channels.send_results import Part, Sent, Settling
from tests.support.at_work import at_work

LATE_AFTER_A_DAY = ChannelProfile("sms", "Sms", window=timedelta(hours=24))


@dataclass(slots=True)
class Post:
    """A channel, its sender and its provider in one."""

    name: str = "sms"
    capabilities: Capabilities = field(default_factory=lambda: Capabilities(0, 0, 20, 100))
    profile: ChannelProfile = field(default_factory=lambda: ChannelProfile("sms", "Sms"))
    routes: str = ""
    template: Part | None = None
    pace: Pace = field(default_factory=lambda: Pace(0.0, 1000.0))
    troubles: list[Exception | str] = field(default_factory=list)
    always: Exception | None = None
    taken: list[tuple[str, str, float]] = field(default_factory=list)
    tried: int = 0
    under_way: set[str] = field(default_factory=set)
    closed: bool = False
    settles: Settling = field(default_factory=lambda: Settling(receipt=0.2))
    silent: bool = False
    probes: int = 0

    @classmethod
    def preview_only(cls) -> Post:
        return cls()

    def render(self, message: Outbound, ref: str = "") -> Sequence[Part]:
        if message.text == "unspeakable":
            raise ValueError
        return tuple({"text": part} for part in message.text.split("|"))

    def preview(self, part: Part) -> str:
        return str(part["text"])

    def outside_window(self, part: Part) -> Part | None:
        return self.template

    def sender(self, public_url: str = "") -> Post:
        return self

    async def checks(self, public_url: str) -> Sequence[Check]:
        return ()

    async def send(self, address: str, part: Part, key: str) -> Sent:
        assert address not in self.under_way, "two messages to one customer at once"
        self.under_way.add(address)
        self.tried += 1
        try:
            await asyncio.sleep(0.001)
            trouble = self.troubles.pop(0) if self.troubles else self.always
            if trouble == "hang":
                await asyncio.sleep(60)
            if isinstance(trouble, Exception):
                raise trouble
            self.taken.append((address, part["text"], time.monotonic()))
            return Sent(f"p{len(self.taken)}")
        finally:
            self.under_way.discard(address)

    def settling(self, address: str) -> Settling:
        return self.settles

    async def probe(self, address: str) -> None:
        self.probes += 1
        if self.silent:
            raise Unavailable("unreachable")

    async def close(self) -> None:
        self.closed = True

    def texts(self, address: str = "") -> list[str]:
        return [text for to, text, _ in self.taken if not address or to == address]


@dataclass(slots=True)
class Office:
    """A database with one channel."""

    database: Database
    notifier: Notifier
    post: Post
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def say(self, *words: str, address: str = "+31612345678") -> str:
        """Something is said to a customer who has written."""

        def add(conn: Any) -> str:
            inbound = Inbound(self.post.name, address, f"m{time.monotonic_ns()}", "hoi")
            accepted = inbox.accept(conn, inbound, self.now())
            said = [("human", Text(word)) for word in words]
            outbox.add(conn, accepted.conversation_id, None, said, self.now())
            return accepted.conversation_id

        conversation_id = await self.database.run(add)
        self.notifier.ring("outbox", conversation_id)
        return conversation_id

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """The loop runs while the block does."""
        delivery = DeliveryLoop(
            {self.post.name: self.post}, "http://localhost", self.database, self.notifier, self.now
        )
        async with at_work(delivery.run, 15):
            yield

    async def until(self, holds: Callable[[], bool], seconds: float = 30) -> None:
        """Waits until something holds."""
        async with asyncio.timeout(seconds):
            while not holds():
                await asyncio.sleep(0.01)

    def lost(self) -> list[tuple[str, str]]:
        """Status and error of what was not delivered."""
        with self.database.read() as conn:
            return [(each.status, each.error) for each in failed_deliveries(conn)]

    def dead(self) -> list[str]:
        return [error for status, error in self.lost() if status == "dead"]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """A fresh one."""
    url = f"sqlite:///{tmp_path}/loket.db"
    database = Database(url)
    database.upgrade()
    yield Office(database, notifier.of(url, tmp_path), Post())
    database.dispose()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits that a test can sit out."""
    monkeypatch.setattr(failure_policy, "FIRST_WAIT", 0.02)
    monkeypatch.setattr(failure_policy, "LONGEST_WAIT", 0.1)
    monkeypatch.setattr(failure_policy, "CREDENTIALS_PAUSE", 0.3)
    monkeypatch.setattr(failure_policy, "LOOK_EVERY", 0.1)
    monkeypatch.setattr(send_gate, "FIRST_REST", 0.05)
    monkeypatch.setattr(provider_probe, "FIRST_PROBE", 0.05)
    monkeypatch.setattr(doubt_resolution, "POLL", 0.05)


async def test_what_is_said_is_sent_in_order(office: Office) -> None:
    """To many customers at once, to each in order; what was said before the start too."""
    words = [str(number) for number in range(5)]
    await office.say(*words, address="a")
    async with office.working():
        for address in "bcdefgh":
            await office.say(*words, address=address)
        await office.until(lambda: len(office.post.taken) == 40)
    for address in "abcdefgh":
        assert office.post.texts(address) == words
    assert office.post.closed
    assert office.lost() == []


async def test_an_answer_leaves_at_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The notifier wakes the loop; nobody waits for a poll."""
    monkeypatch.setattr(periodic, "POLL", 600.0)
    monkeypatch.setattr(planner, "SWEEP", 600.0)
    async with office.working():
        await asyncio.sleep(0.3)  # the first look at the database finds nothing
        await office.say("a")
        await office.until(lambda: bool(office.post.taken))


async def test_a_provider_that_is_down_loses_nothing(office: Office) -> None:
    """Tried again and again, in order, until it is up."""
    office.post.always = Unavailable("503")
    async with office.working():
        await office.say("a", "b")
        await office.until(lambda: office.post.tried > 4)
        assert office.lost()[0][0] in ("queued", "sending")
        office.post.always = None
        await office.until(lambda: office.post.texts() == ["a", "b"])
    assert office.lost() == []


async def test_after_a_day_a_person_decides(office: Office) -> None:
    """A message that nobody could take is shown, and can be sent again."""
    office.post.always = Unavailable("503")
    async with office.working():
        await office.say("a")
        await office.until(lambda: office.post.tried > 1)
        office.ahead = timedelta(hours=25)
        await office.until(lambda: office.dead() == ["gave_up 503"])
        office.post.always = None
        await office.database.run(resend, None, office.now())
        office.notifier.ring("outbox")
        await office.until(lambda: office.post.texts() == ["a"])


async def test_too_fast_waits_as_told(office: Office) -> None:
    """For as long as the provider says; other customers go on unless all must wait."""
    office.post.troubles = [Throttled(0.5)]
    async with office.working():
        began = time.monotonic()
        await office.say("a", address="a")
        await office.until(lambda: office.post.tried == 1)
        await office.say("b", address="b")
        await office.until(lambda: office.post.texts() == ["b", "a"])
        assert time.monotonic() - began >= 0.5
        office.post.troubles = [Throttled(0.5, everyone=True)]
        await office.say("c", address="a")
        await office.until(lambda: office.post.tried == 4)
        began = time.monotonic()
        await office.say("d", address="b")
        await office.until(lambda: len(office.post.taken) == 4)
        assert time.monotonic() - began > 0.3


async def test_a_refused_token_stops_the_channel_for_a_while(office: Office) -> None:
    """Nothing is given up, and the provider is not hammered."""
    office.post.always = BadCredentials("190")
    async with office.working():
        for number in range(5):
            await office.say("a", address=str(number))
        await office.until(lambda: office.post.tried > 0)
        tried = office.post.tried
        await asyncio.sleep(0.15)
        assert office.post.tried - tried <= 1
        office.post.always = None
        await office.until(lambda: len(office.post.taken) == 5)
    assert office.lost() == []


@pytest.mark.parametrize("trouble", [Ambiguous("timeout"), RuntimeError("?"), "hang"])
async def test_what_may_have_arrived_is_not_sent_again(
    office: Office, trouble: Exception | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is shown to a person; the next message goes out."""
    monkeypatch.setattr(courier, "SEND_TIMEOUT", 0.2)
    office.post.troubles = [trouble]
    async with office.working():
        await office.say("a", "b")
        await office.until(lambda: office.post.texts() == ["b"])
    (error,) = office.dead()
    assert error.startswith("ambiguous")


async def test_what_will_never_arrive_is_given_up(office: Office) -> None:
    """The code is kept; a message that cannot be rendered holds up nothing either."""
    office.post.troubles = [Undeliverable("131026")]
    async with office.working():
        await office.say("a", "unspeakable", "b")
        await office.until(lambda: office.post.texts() == ["b"])
    assert sorted(office.dead()) == ["131026", "not_rendered ValueError"]


async def test_an_opt_out_is_remembered(office: Office) -> None:
    """The provider says so once; then nothing is tried until the customer comes back."""
    office.post.troubles = [OptedOut("21610")]
    async with office.working():
        await office.say("a", "b")
        await office.until(lambda: office.dead() == ["opted_out", "opted_out"])
        assert office.post.tried == 1
        await office.database.run(optouts.opt_in, "sms", "+31612345678", office.now())
        await office.say("c")
        await office.until(lambda: office.post.texts() == ["c"])


async def test_a_late_message_waits_for_a_person(office: Office) -> None:
    """Without a template it is shown; nothing is tried."""
    office.post.profile = LATE_AFTER_A_DAY
    await office.say("a")
    office.ahead = timedelta(hours=24, seconds=1)
    async with office.working():
        await office.until(lambda: office.dead() == ["window_closed"])
    assert office.post.tried == 0


async def test_a_late_message_invites_the_customer_once(office: Office) -> None:
    """With a template: it goes once, and the messages can be sent when the customer writes."""
    office.post.profile = LATE_AFTER_A_DAY
    office.post.template = {"text": "template"}
    await office.say("a", "b")
    office.ahead = timedelta(hours=24, seconds=1)
    async with office.working():
        await office.until(lambda: office.dead() == [deliveries.INVITED] * 2)
        assert office.post.texts() == ["template"]
        await office.say("c")
        await office.until(lambda: office.post.texts() == ["template", "c"])
        await office.database.run(resend, None, office.now())
        await office.until(lambda: office.post.texts() == ["template", "c", "a", "b"])


async def test_the_provider_may_know_better_about_the_window(office: Office) -> None:
    """What we thought in time may be too late by its clock."""
    office.post.profile = LATE_AFTER_A_DAY
    office.post.troubles = [WindowClosed("131047")]
    async with office.working():
        await office.say("a")
        await office.until(lambda: office.dead() == ["window_closed"])


async def test_each_customer_gets_messages_at_a_pace(office: Office) -> None:
    """And all together."""
    office.post.pace = Pace(0.3, 20.0)
    async with office.working():
        await office.say("a", "b")
        await office.until(lambda: len(office.post.taken) == 2)
        times = [moment for _, _, moment in office.post.taken]
        assert times[1] - times[0] >= 0.29
        began = time.monotonic()
        for number in range(10):
            await office.say("x", address=str(number))
        await office.until(lambda: len(office.post.taken) == 12)
        assert time.monotonic() - began > 0.35


async def test_a_stop_lets_what_is_under_way_finish(office: Office) -> None:
    """And what is still to come waits for the next start."""
    async with office.working():
        await office.say("a", "b", "c")
        await office.until(lambda: office.post.tried > 0)
    sent = office.post.texts()
    assert sent == ["a", "b", "c"][: len(sent)]
    assert office.lost() == []
    async with office.working():
        await office.until(lambda: office.post.texts() == ["a", "b", "c"])


async def test_a_worker_that_died_while_sending_is_noticed(office: Office) -> None:
    """Its message is shown, not sent twice; the customer's next one goes out."""
    conversation_id = await office.say("a", "b")

    def die(conn: Any) -> None:
        make = lambda rows: [delivery_planning.Planned((row.id,), [{"text": "x"}]) for row in rows]  # noqa: E731
        delivery_planning.plan(conn, "sms", [conversation_id], make, office.now(), timedelta())
        deliveries.claim(conn, "sms", office.now(), timedelta(seconds=0.2), 1)

    await office.database.run(die)
    async with office.working():
        await office.until(lambda: len(office.post.taken) == 1)
    assert office.dead() == ["interrupted"]


@pytest.mark.parametrize("error", [TimeoutError(), OSError(), OperationalError("", {}, OSError())])
async def test_what_was_sent_is_noted_however_long_that_takes(
    office: Office, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Whatever the database fails with while it is away: nothing is sent twice, or in doubt."""
    monkeypatch.setattr(courier, "NOTE_AGAIN", 0.001)
    run, failures = office.database.run, []

    async def away(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if office.post.taken and len(failures) < 50:
            failures.append(fn)
            raise error
        return await run(fn, *args, **kwargs)

    monkeypatch.setattr(office.database, "run", away)
    async with office.working():
        await office.say("a")
        await office.until(lambda: len(failures) == 50)
        await office.say("b")
        await office.until(lambda: office.post.texts() == ["a", "b"])
    assert office.lost() == []


async def test_a_message_whose_conversation_is_erased_stops_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is with its provider: the next customer does not wait."""
    send, post = Post.send, office.post

    async def erase(self: Post, address: str, part: Part, key: str) -> Sent:
        if part["text"] == "a":
            await office.database.run(lambda conn: conn.execute(conversations_table.delete()))
        return await send(self, address, part, key)

    monkeypatch.setattr(Post, "send", erase)
    with structlog.testing.capture_logs() as logs:
        async with office.working():
            await office.say("a")
            await office.until(lambda: post.texts() == ["a"])
            await office.say("b", address="2")
            await office.until(lambda: post.texts() == ["a", "b"])
    assert not [each for each in logs if each["log_level"] == "error"]


async def test_the_bot_does_not_go_on_undisclosed(office: Office) -> None:
    """A disclosure that may be lost is offered again, before the reply that waits behind it."""
    office.post.troubles = [Ambiguous("timeout")]

    def add(conn: Any) -> str:
        inbound = Inbound("sms", "+31612345678", "m", "hoi")
        accepted = inbox.accept(conn, inbound, office.now())
        said: list[tuple[Author, Outbound]] = [("bot", disclosure()), ("bot", Text("dag"))]
        outbox.add(conn, accepted.conversation_id, None, said, office.now())
        conversations.change(conn, accepted.conversation_id, disclosed=True)
        return accepted.conversation_id

    async with office.working():
        conversation_id = await office.database.run(add)
        office.notifier.ring("outbox", conversation_id)
        await office.until(lambda: len(office.post.taken) == 2)
    assert office.post.texts() == [disclosure().text, "dag"]
    with office.database.read() as conn:
        assert [each.status for each in disclosures.of(conn, conversation_id)] == ["dead", "sent"]


async def test_no_message_is_risked_while_the_provider_is_silent(office: Office) -> None:
    """One is in doubt; the others wait until something harmless is answered."""
    office.post.troubles = [Ambiguous("timeout")]
    office.post.silent = True
    async with office.working():
        for number in range(10):
            await office.say("a", address=str(number))
        await office.until(lambda: office.post.probes > 2)
        assert office.post.tried == 1
        office.post.silent = False
        await office.until(lambda: len(office.post.taken) == 9)
    assert [error for _, error in office.lost()] == ["ambiguous timeout"]


async def test_the_alarm_goes_on_until_somebody_decides(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the channel and how many, and nothing else."""
    office.post.troubles = [Ambiguous("timeout")]
    monkeypatch.setattr(alarm, "LOOK", timedelta())
    with structlog.testing.capture_logs() as logs:

        def alarms() -> list[tuple[str, int]]:
            return [
                (each["channel"], each["count"])
                for each in list(logs)
                if each["event"] == "messages_unsure"
            ]

        async with office.working():
            await office.say("a")
            await office.until(lambda: alarms() == [("sms", 1)])
            office.ahead = timedelta(minutes=6)
            await office.until(lambda: alarms() == [("sms", 1)] * 2)
