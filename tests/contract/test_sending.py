"""What every push channel does when Loket speaks: within limits, in order, once.

The delivery loop and each channel's own sender against a strict fake of the provider.
"""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import httpx
import pytest

from bot.delivery import courier, doubt_resolution, failure_policy, provider_probe, send_gate
from bot.delivery.loop import DeliveryLoop
from bot.messages import Choice, Media, Notice, Option, Outbound, Quote, RatingRequest, Text
from bot.store.delivery.dead_letters import failed_deliveries, unsure
from bot.store.notify import notifier
from channels import registry
from channels.capabilities import Pace
from channels.protocol import Sender
from channels.send_results import Settling
from tests.contract.adapters.base import Adapter, Provider, Trouble
from tests.contract.adapters.sms import PUBLIC
from tests.contract.test_channels import ADAPTERS, call, settings_of
from tests.providers.faults import AFTER, BEFORE, Fault, Faulty
from tests.support.mailbox import Mailbox
from tests.support.webchat import ROOT, Server, running

pytestmark = pytest.mark.usefixtures("own_words")

ECHO = ROOT / "tests/support/echo_worker.py"


@pytest.fixture(params=ADAPTERS, ids=lambda adapter: adapter.id)
def adapter(request: pytest.FixtureRequest) -> Adapter:
    """Each channel in turn."""
    found: Adapter = request.param
    return found


@pytest.fixture
def provider(adapter: Adapter) -> Iterator[Provider]:
    """Its provider, new for each test."""
    provider = adapter.provider()
    yield provider
    provider.close()


@pytest.fixture
def server(adapter: Adapter, provider: Provider, tmp_path: Path) -> Iterator[Server]:
    """The web process with this channel alone."""
    environment = settings_of(adapter, provider)
    with running(tmp_path, **environment) as server:
        yield server


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
        stop = asyncio.Event()
        task = asyncio.create_task(delivery.run(stop))
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait_for(task, 20)
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


@pytest.fixture
def line(adapter: Adapter, provider: Provider, server: Server) -> Iterator[Line]:
    """See `Line`."""
    line = Line(adapter, provider, server)
    yield line
    line.close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits that a test can sit out."""
    monkeypatch.setattr(failure_policy, "FIRST_WAIT", 0.1)
    monkeypatch.setattr(failure_policy, "LOOK_EVERY", 0.1)
    monkeypatch.setattr(send_gate, "FIRST_REST", 0.05)
    monkeypatch.setattr(provider_probe, "FIRST_PROBE", 0.1)
    monkeypatch.setattr(doubt_resolution, "POLL", 0.1)
    monkeypatch.setattr(courier, "SEND_TIMEOUT", 2.0)


def options(count: int, title: str = "Keuze {}") -> tuple[Option, ...]:
    return tuple(Option(title.format(number), f"/choice{number}") for number in range(count))


EVERYTHING: tuple[Outbound, ...] = (
    Notice("U chat met een AI-assistent, geen mens.", "disclosure", "1"),
    Text("Dag! Waarmee kan ik u helpen? 👍"),
    Choice("Klopt dit?", options(2)),
    Choice("Welke?", options(3)),
    Choice("Welke?", options(10)),
    Choice("Welke?", options(14)),
    Choice("Welke?", options(3, "Een titel die langer is dan een knop toelaat, nummer {}")),
    Choice("Welke?", (Option("Dezelfde", "/a"), Option("Dezelfde", "/b"))),
    Choice("x" * 1500, options(2)),
    RatingRequest("Bent u geholpen? Geef met één tik een cijfer: 1 is slecht, 5 is goed."),
    Quote("Dat mag.", "binnen 30 dagen", "Retour", "https://example.nl/r", date(2026, 10, 1)),
    Quote("Dat mag.", "binnen 30 dagen", "Retour", "/retour"),
    Quote("30", "binnen 30 dagen", "R", "https://a.nl/r#:~:text=30", None, ((7, 9),), "Let op."),
    Media("Een kaart", "https://example.nl/kaart.png", "image/png"),
    Media("Een formulier", "https://example.nl/form.pdf", "application/pdf"),
    Text("ëéèï €{}[]~^\\| ‘aanhaling’ “dubbel” … –"),
)


@pytest.mark.timeout(120)
async def test_the_provider_takes_everything_the_bot_can_say(line: Line) -> None:
    """Strict as it is about lengths and numbers."""
    rows = line.mailbox.say(*EVERYTHING)
    async with line.delivering():
        await line.until(lambda: line.mailbox.status(rows[-1]) == "sent", 90)
    assert [line.mailbox.status(row) for row in rows] == ["sent"] * len(rows)
    assert line.lost() == []


@pytest.mark.timeout(120)
async def test_a_long_text_arrives_whole_and_in_order(line: Line) -> None:
    """In pieces, none too long for a provider that measures."""
    words = [f"woord{number}" for number in range(900)]
    (row,) = line.mailbox.say(Text(" ".join(words)))
    async with line.delivering():
        await line.until(lambda: line.mailbox.status(row) == "sent", 90)
    assert len(line.texts()) > 1
    assert " ".join(line.texts()).split() == words


@pytest.mark.parametrize("trouble", ["429", "500", "html", "hang", "close"])
async def test_trouble_is_survived(line: Line, trouble: Trouble) -> None:
    """What was certainly not taken is sent again; what cannot be known is shown instead."""
    line.provider.misbehave(trouble)
    first, second = line.mailbox.say(Text("de eerste"), Text("de tweede"))
    async with line.delivering():
        await line.until(lambda: line.mailbox.status(second) == "sent")
    if line.mailbox.status(first) == "sent":
        assert line.texts() == ["de eerste", "de tweede"]
        assert line.lost() == []
    else:
        assert line.unsure() == ["de eerste"]
        assert line.texts().count("de eerste") <= 1


@pytest.fixture
def weather(adapter: Adapter, tmp_path: Path) -> Iterator[Line]:
    """A line with a network between Loket and the provider on which things go wrong."""
    faulty = Faulty(adapter.provider())
    environment = settings_of(adapter, faulty)
    with running(tmp_path, **environment) as server:
        line = Line(adapter, faulty, server)
        yield line
        line.close()
    faulty.close()


@pytest.mark.parametrize("fault", [*BEFORE, *AFTER])
async def test_a_broken_exchange_doubles_nothing_and_loses_nothing(
    weather: Line, fault: Fault
) -> None:
    """What stays unsure is exactly what this provider cannot tell, and it is listed."""
    line, adapter = weather, weather.adapter
    weather.network.misbehave(fault)
    first, second = line.mailbox.say(Text("de eerste"), Text("de tweede"))
    taken = fault in AFTER
    async with line.delivering():
        if taken:
            await line.until(lambda: len(line.provider.accepted) == 1)
            told = adapter.status(line.provider.accepted[0], "sent")
            if told is not None and adapter.settles == "receipt":
                await line.until(lambda: line.in_doubt() == 1)
                assert await asyncio.to_thread(call, line.web, told) in (200, 204)
        await line.until(lambda: line.mailbox.status(second) == "sent")
    knows = adapter.settles == "lookup" or (taken and adapter.settles == "receipt")
    if knows:
        assert line.texts() == ["de eerste", "de tweede"]
        assert line.mailbox.status(first) == "sent"
        assert line.lost() == []
    else:
        assert line.texts() == (["de eerste", "de tweede"] if taken else ["de tweede"])
        assert line.unsure() == ["de eerste"]
        assert [status for status, _ in line.lost()] == ["dead"]


async def test_what_never_left_is_sent_when_the_provider_is_back(weather: Line) -> None:
    """Refused connections leave nothing in doubt."""
    (row,) = weather.mailbox.say(Text("de eerste"))
    async with weather.delivering():
        await weather.until(lambda: weather.mailbox.status(row) == "sent")
        weather.network.vanish()
        rows = weather.mailbox.say(Text("de tweede"), Text("de derde"))
        await weather.until(lambda: bool(weather.lost()))
        assert [status for status, _ in weather.lost()] in (["queued"], ["sending"])
        weather.network.come_back()
        await weather.until(lambda: weather.mailbox.status(rows[-1]) == "sent")
    assert weather.texts() == ["de eerste", "de tweede", "de derde"]
    assert weather.lost() == []


@pytest.mark.parametrize("fault", ["hang_before", "hang_after", "reset_before", "reset_after"])
async def test_an_outage_takes_one_message_and_no_more(weather: Line, fault: Fault) -> None:
    """Of twenty customers' messages, nineteen wait until the provider answers again."""
    senders = weather.adapter.senders(20)
    rows = []
    for number, sender in enumerate(senders):
        text = weather.adapter.text(f"7{number:02d}", "hoi", sender)
        assert await asyncio.to_thread(call, weather.web, text) == 200
        rows += weather.mailbox.say(Text(f"antwoord {number:02d}"))
    weather.network.outage(fault)
    async with weather.delivering():
        await weather.until(lambda: weather.network.hits >= 1 and weather.in_doubt() == 1)
        await weather.until(lambda: weather.network.asked >= 3)
        assert weather.network.hits == 1
        weather.network.outage(None)
        await weather.until(lambda: weather.settled(rows), 90)
    expected = {f"antwoord {number:02d}" for number in range(20)}
    assert len(weather.texts()) == len(set(weather.texts()))
    knows = weather.adapter.settles == "lookup"
    assert len(weather.unsure()) == (0 if knows else 1)
    assert set(weather.texts()) | set(weather.unsure()) == expected


async def test_receipts_move_a_message_forward(line: Line) -> None:
    """In whatever order they come."""
    (row,) = line.mailbox.say(Text("komt dit aan?"))
    async with line.delivering():
        await line.until(lambda: line.mailbox.status(row) == "sent")
    (accepted,) = line.provider.accepted
    if line.adapter.status(accepted, "delivered") is None:
        pytest.skip("this provider sends no receipts")
    for status in ("delivered", "sent"):
        told = line.adapter.status(accepted, status)  # type: ignore[arg-type]
        if told is not None:
            assert call(line.web, told) in (200, 204)
        assert line.mailbox.status(row) == "delivered"
    read = line.adapter.status(accepted, "read")
    if read is not None:
        assert call(line.web, read) in (200, 204)
        assert line.mailbox.status(row) == "read"


async def test_a_failure_told_later_is_shown(line: Line) -> None:
    """A provider may take a message and find out afterwards that it cannot be delivered."""
    (row,) = line.mailbox.say(Text("komt dit aan?"))
    async with line.delivering():
        await line.until(lambda: line.mailbox.status(row) == "sent")
    told = line.adapter.status(line.provider.accepted[0], "failed")
    if told is None:
        pytest.skip("this provider sends no receipts")
    assert call(line.web, told) in (200, 204)
    assert line.mailbox.status(row) == "failed"
    assert [status for status, _ in line.lost()] == ["failed"]


async def test_what_is_tapped_is_what_was_offered(line: Line) -> None:
    """A tap on the button that the provider was given comes back as the option's payload."""
    line.mailbox.say(Choice("Welke?", options(3)))
    async with line.delivering():
        await line.until(lambda: len(line.provider.accepted) == 1)
    (accepted,) = line.provider.accepted
    tapped = line.adapter.tap("2", accepted, 1)
    if tapped is None:
        assert "2. Keuze 1" in accepted.text
        return
    assert accepted.titles == ("Keuze 0", "Keuze 1", "Keuze 2")
    assert call(line.web, tapped) == 200
    assert line.mailbox.payloads()[-1] == "/choice1"


async def test_a_tap_shows_that_a_message_arrived(weather: Line) -> None:
    """Whoever taps a button has it: nothing is left to decide."""
    weather.network.misbehave("reset_after")
    (row,) = weather.mailbox.say(Choice("Welke?", options(3)))
    async with weather.delivering():
        await weather.until(lambda: weather.settled([row]))
    (accepted,) = weather.provider.accepted
    tapped = weather.adapter.tap("2", accepted, 1)
    if tapped is not None:
        assert weather.unsure() == ["Welke?"]
        assert await asyncio.to_thread(call, weather.web, tapped) == 200
        assert weather.unsure() == []
        assert weather.mailbox.status(row) == "sent"


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_killed_worker_loses_and_doubles_nothing(line: Line, server: Server) -> None:
    """Killed again and again: every answer arrives once, or is shown as maybe lost."""
    texts = [f"vraag {number:02d}" for number in range(12)]
    for number, text in enumerate(texts):
        assert call(line.web, line.adapter.text(f"8{number:02d}", text)) == 200
    rng = random.Random(7)
    for _ in range(4):
        _work_and_die(server, rng.uniform(0.8, 2.5))
    worker = _worker(server)
    try:
        # What was under way is in doubt after 90 s, and Twilio's list is believed after 60 more.
        _wait(lambda: _settled(line, len(texts)), 240)
    finally:
        worker.kill()
        worker.wait()
    said = "\n".join(line.texts())
    assert max(said.count(f"echo {text}.") for text in texts) == 1
    missing = [text for text in texts if f"echo {text}." not in said]
    assert len(missing) <= len(line.lost())


def _worker(server: Server) -> subprocess.Popen[bytes]:
    env = {**server.env, "LOKET_WORKER_NAME": "w1"}
    command = [sys.executable, str(ECHO), "0.05"]
    with (server.folder / "worker.log").open("ab") as log:
        return subprocess.Popen(command, env=env, stdout=log, stderr=log)


def _work_and_die(server: Server, seconds: float) -> None:
    worker = _worker(server)
    time.sleep(seconds)
    worker.send_signal(signal.SIGKILL)
    worker.wait()


def _settled(line: Line, turns: int) -> bool:
    with line.mailbox.database.read() as conn:
        waiting = conn.exec_driver_sql("SELECT count(*) FROM inbox WHERE done_at IS NULL").scalar()
        queued = conn.exec_driver_sql(
            "SELECT count(*) FROM outbox WHERE status = 'queued'"
        ).scalar()
    return waiting == 0 and queued == 0


def _wait(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)
