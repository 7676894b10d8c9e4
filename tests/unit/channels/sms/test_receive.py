"""STOP and START in the store: recorded, honoured, and in the order in which they were sent."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.conversation import built_in_messages
from bot.messages import Inbound
from bot.settings_loading import load_settings
from bot.store.conversation import addresses, conversations, optouts
from bot.store.delivery import outbox_queries
from bot.store.notify import notifier
from bot.store.sql.database import Database
from bot.store.worker import inbox
from channels.services import Services
from channels.sms.gateway import via
from channels.sms.opt_out_words import wish
from channels.sms.receive import receive

NUMBER = "+31612345678"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Phone:
    """One customer, and the store behind the webhook."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.sent = 0

    async def texts(self, text: str, second: int | None = None, gateway: str = "kannel") -> None:
        """Sends a message; `second` is when, where the gateway tells."""
        self.sent += 1
        at = None if second is None else NOON + timedelta(seconds=second)
        inbound = Inbound("sms", NUMBER, f"m{self.sent}", text, sent_at=at)
        await receive(self.services, inbound, wish(text), gateway)

    @property
    def is_out(self) -> bool:
        with self.services.database.read() as conn:
            return optouts.is_out(conn, "sms", NUMBER)

    @property
    def waiting(self) -> list[str]:
        """What the worker will see."""
        with self.services.database.read() as conn:
            conversation = conversations.find(conn, "sms", NUMBER)
            assert conversation is not None
            return [each.inbound.text for each in inbox.pending(conn, conversation.id)]

    @property
    def told(self) -> list[object]:
        """What was said to the customer."""
        with self.services.database.read() as conn:
            conversation = conversations.find(conn, "sms", NUMBER)
            assert conversation is not None
            return [each.message for each in outbox_queries.since(conn, conversation.id, 0, 10)]


@pytest.fixture
def country() -> str:
    return "NL"


@pytest.fixture
def phone(tmp_path: Path, country: str) -> Iterator[Phone]:
    settings = load_settings({"LOKET_VAR_DIR": str(tmp_path), "LOKET_COUNTRY": country})
    database = Database(settings.database_url)
    database.upgrade()
    bell = notifier.of(settings.database_url, tmp_path)
    clock = itertools.count()
    now = lambda: NOON + timedelta(minutes=next(clock))  # noqa: E731 - one line says it
    yield Phone(Services(database, bell, settings, now))
    bell.close()
    database.dispose()


async def test_stop_is_no_answer(phone: Phone) -> None:
    """A lone "stop" is recorded, and neither understood nor answered."""
    await phone.texts("Stop")
    assert (phone.is_out, phone.waiting, phone.told) == (True, [], [])
    await phone.texts("toch een vraag")
    assert (phone.is_out, phone.waiting) == (True, ["toch een vraag"])


async def test_a_help_that_the_gateway_answered_is_not_answered_again(phone: Phone) -> None:
    """Kept, for who reads the conversation; without the gateway's word it is a question."""
    inbound = Inbound("sms", NUMBER, "h1", "HELP")
    await receive(phone.services, inbound, wish("HELP", kind="HELP"), via("twilio", NUMBER))
    assert (phone.is_out, phone.waiting, phone.told) == (False, [], [])
    await phone.texts("help")
    assert phone.waiting == ["help"]


async def test_start_resumes(phone: Phone) -> None:
    """START says so, once; the words are not understood as a question."""
    await phone.texts("afmelden")
    await phone.texts("AAN")
    assert (phone.is_out, phone.waiting, phone.told) == (False, [], [built_in_messages.opted_in()])


async def test_start_is_a_word_like_any_other(phone: Phone) -> None:
    """To who did not opt out."""
    await phone.texts("aan")
    await phone.texts("stop")
    await phone.texts("start")
    await phone.texts("start")
    assert phone.waiting == ["aan", "start"]


async def test_a_start_from_before_the_stop(phone: Phone) -> None:
    """However the gateway shuffles them, it does not undo what was said after it."""
    await phone.texts("stop", 20)
    await phone.texts("start", 10)
    assert (phone.is_out, phone.waiting, phone.told) == (True, [], [])
    await phone.texts("start", 30)
    assert not phone.is_out


async def test_a_stop_always_counts(phone: Phone) -> None:
    """When in doubt nothing is sent; and a gateway's slow clock keeps nobody out for ever."""
    await phone.texts("stop", 1)
    await phone.texts("start", 30)
    await phone.texts("stop", 20)
    assert phone.is_out
    await phone.texts("start", -3600)
    assert not phone.is_out


async def test_the_gateway_is_remembered(phone: Phone) -> None:
    """The answer goes by the gateway of the newest message; the conversation stays one."""
    for gateway in ("kannel", "twilio"):
        await phone.texts("hoi", gateway=gateway)
        with phone.services.database.read() as conn:
            assert addresses.latest(conn, "sms", NUMBER) == via(gateway, NUMBER)
    assert phone.waiting == ["hoi", "hoi"]


@pytest.mark.parametrize(("country", "number"), [("NL", "+31612345678"), ("BE", "+32470123456")])
async def test_a_number_is_read_by_the_country(phone: Phone, number: str) -> None:
    """That of the settings: whose numbers have no code. STOP in any spelling holds for all."""
    for place, sender in enumerate((f"0{number[3:]}", number[1:], number)):
        stop, start = (Inbound("sms", sender, f"{word}{place}", word) for word in ("stop", "start"))
        await receive(phone.services, stop, "out", "kannel")
        with phone.services.database.read() as conn:
            assert optouts.is_out(conn, "sms", number)
            assert conversations.find(conn, "sms", number) is not None
            assert addresses.latest(conn, "sms", number) == via("kannel", number)
        await receive(phone.services, start, "in", "twilio")
        with phone.services.database.read() as conn:
            assert not optouts.is_out(conn, "sms", number)
