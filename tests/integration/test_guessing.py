"""Somebody guesses at orders, in many conversations and on every channel, through the front door.

The web process is real and so are its webhooks; worker, forms, actions, shop and limits are the
real code, with an assistant that needs no model.
"""

from __future__ import annotations

import asyncio
import importlib
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx
import pytest
import structlog
from sqlalchemy.engine import Connection

from actions.backends import orders
from bot.dialogue import runtime
from bot.store.handover import handovers
from bot.store.sql.database import Database
from bot.store.worker import claims, next_claim
from bot.worker.handler import Handler
from bot.worker.process import load_config
from tests.contract.adapters.base import Adapter
from tests.contract.adapters.sms import PUBLIC
from tests.support.form_assistant import FormAssistant
from tests.support.process_caches import forget
from tests.support.turns import claimant
from tests.support.webchat import Server

pytestmark = pytest.mark.slow

ADAPTERS: Final[dict[str, Adapter]] = {
    adapter.id: adapter
    for name in ("whatsapp", "sms", "telegram")
    for adapter in importlib.import_module(f"tests.contract.adapters.{name}").ADAPTERS
    if adapter.id != "sms-kannel"
}
#: Telephone numbers and chats, ten on each channel.
SENDERS: Final = {
    "whatsapp": [f"NL.{10**15 + n}" for n in range(10)],
    "sms-twilio": [f"+316123450{n:02}" for n in range(10)],
    "telegram": [str(700_000_000 + n) for n in range(10)],
}
ORDER, POSTCODE = "PP-100234", "1234 AB"
_WRONG = (f"{digits} {letters}" for digits in range(2000, 9999) for letters in ("AA", "BB"))
_IDS = itertools.count(1)


@dataclass
class Street:
    """A web process, a worker, and whoever writes to them.

    Attributes:
        url: of the web process.
        database: Loket's.
        late: how much later it is than it was.
        looked: orders whose postcode was looked at, with when.
    """

    url: str
    database: Database
    assistant: FormAssistant = field(default_factory=FormAssistant)
    late: timedelta = timedelta()
    looked: list[tuple[str, datetime]] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.late

    async def work(self) -> list[str]:
        """Answers everything that came in; returns what was said last, message by message."""
        handler = Handler(self.database, self.now, load_config(runtime.settings()))
        said = []
        while work := await self.database.run(next_claim.claim, claimant(self.now())):
            claim = work.claim
            for position, message in enumerate(work.messages):
                if position:
                    claim = await self.database.run(claims.begin, claim)
                handled = await handler.handle(claim, message, self.assistant)
                said += [each.message.text for each in handled.messages[-1:]]
            await self.database.run(claims.release, claim)
        return said

    @contextmanager
    def session(self, address: str) -> Iterator[httpx.Client]:
        """A browser behind a network address; the test's own proxy says which."""
        headers = {"X-Forwarded-For": address}
        with httpx.Client(base_url=f"{self.url}/webchat/", headers=headers, timeout=20) as client:
            token = client.post("session", json={}).raise_for_status().json()["token"]
            client.headers["Authorization"] = f"Bearer {token}"
            yield client

    def browse(self, client: httpx.Client, text: str) -> None:
        client.post("messages", json={"id": str(uuid4()), "text": text}).raise_for_status()

    def phone(self, channel: str, sender: str, text: str) -> None:
        """A message of somebody behind a provider."""
        call = ADAPTERS[channel].text(f"{channel}-{next(_IDS)}", text, sender)
        answer = httpx.request(
            call.method, self.url + call.path, headers=call.headers, content=call.body, timeout=20
        )
        answer.raise_for_status()

    def waiting(self) -> Counter[str]:
        """Who waits for a person, by reason."""
        with self.database.read() as conn:
            return Counter(each.reason for each in handovers.waiting(conn))

    def most_looked_at(self, order: str | None = None) -> int:
        """Most answers that were looked at in any hour, about one order or all."""
        moments = [at for number, at in self.looked if order in (None, number)]
        hour = timedelta(hours=1)
        return max((sum(at <= one < at + hour for one in moments) for at in moments), default=0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The web process with every channel, behind a proxy."""
    providers = {name: adapter.provider() for name, adapter in ADAPTERS.items()}
    environment = {"LOKET_PUBLIC_URL": PUBLIC, "LOKET_TRUSTED_PROXIES": "1"}
    for name, adapter in ADAPTERS.items():
        environment |= adapter.environment(providers[name])
    server = Server(tmp_path_factory.mktemp("guessing"), **environment)
    server.start()
    yield server
    server.stop()
    for provider in providers.values():
        provider.close()


@pytest.fixture
def street(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Street]:
    """The worker's side of the same installation; what is counted is counted from now on."""
    forget()
    for name in ("LOKET_SECRET", "LOKET_PUBLIC_URL"):
        monkeypatch.setenv(name, server.env[name])
    monkeypatch.setenv("LOKET_VAR_DIR", str(server.folder))
    monkeypatch.setenv("LOKET_SHOP_DATABASE_URL", f"sqlite:///{tmp_path}/shop.db")
    database = Database(runtime.settings().database_url)
    street = Street(server.url, database)
    known = orders.belongs

    def looked(conn: Connection, number: str, postcode: str) -> bool:
        street.looked.append((number, street.now()))
        return known(conn, number, postcode)

    monkeypatch.setattr(orders, "belongs", looked)
    local = runtime.organisation().local
    monkeypatch.setattr(runtime, "now", lambda: local(street.now()))
    # Each test is days after the one before: what was counted then is forgotten.
    street.late = timedelta(days=2 * next(_IDS))
    yield street
    database.dispose()
    forget()


async def test_guessing_at_one_order_from_everywhere_gets_nowhere(
    street: Street, server: Server
) -> None:
    """New sessions, other addresses and other channels give no more guesses; the alarm goes."""
    guesses = 0
    with structlog.testing.capture_logs() as logged:
        for minute in range(0, 60, 6):
            for network in range(2):
                with street.session(f"198.51.{minute}.{network}") as browser:
                    for _ in range(3):
                        street.browse(browser, f"{ORDER} {next(_WRONG)}")
                        guesses += len(await street.work())
            for channel, senders in SENDERS.items():
                street.phone(channel, senders[minute // 6], f"{ORDER} {next(_WRONG)}")
                guesses += len(await street.work())
            street.late += timedelta(minutes=6)
    assert guesses == 90
    assert 3 <= street.most_looked_at(ORDER) <= 10
    alarms = [line for line in logged if line["event"] == "identity_guessing"]
    assert {line["scope"] for line in alarms} == {"claim"}
    # Ten minutes apart, so that a flood does not fill the log.
    assert len(alarms) <= 6
    everything = f"{logged}{server.log.read_text()}"
    for private in ("PP-1", "1234", "198.51", "0612345", "7000000", "NL.1"):
        # Where a word begins: the name of a conversation may hold any four digits.
        assert re.search(rf"(?<!\w){re.escape(private)}", everything) is None


async def test_guessing_at_many_orders_from_one_address_gets_nowhere(street: Street) -> None:
    """Whoever mints sessions by the dozen stays one visitor; so does a whole IPv6 network."""
    for number, network in enumerate(["203.0.113.9"] * 30 + ["2001:db8:1:2::%x"] * 30):
        address = network % number if "%" in network else network
        with street.session(address) as browser:
            for wrong in range(3):
                street.browse(browser, f"PP-{300_000 + number * 3 + wrong} {next(_WRONG)}")
            await street.work()
        street.late += timedelta(seconds=30)
    assert street.most_looked_at() <= 30, "15 an hour for each of two addresses"


async def test_each_phone_has_guesses_of_its_own_and_no_more(street: Street) -> None:
    """A telephone number or a chat account is what an address is on the web."""
    for channel, senders in SENDERS.items():
        for number in range(30):
            street.phone(channel, senders[0], f"PP-{400_000 + number} {next(_WRONG)}")
            await street.work()
    # The third wrong try of a conversation leads to a person, and from there on a person answers.
    assert street.most_looked_at() == 3 * len(SENDERS)


async def test_guesses_at_once_slip_through_no_more_than_one_by_one(street: Street) -> None:
    """Forty conversations ask at the very same moment."""
    number = "PP-100871"
    for host in range(40):
        with street.session(f"192.0.2.{host}") as browser:
            street.browse(browser, f"{number} {next(_WRONG)}")
    handler = Handler(street.database, street.now, load_config(runtime.settings()))
    claimed = []
    while work := await street.database.run(next_claim.claim, claimant(street.now())):
        claimed.append(work)
    await asyncio.gather(
        *(handler.handle(work.claim, work.messages[0], street.assistant) for work in claimed)
    )
    assert len(claimed) == 40
    assert len(street.looked) == 3


async def test_one_address_does_not_fill_the_queue(street: Street) -> None:
    """Three failed proofs of it wait at most, nine in all; the others hear so, and how to go on."""
    before = street.waiting()
    said = []
    # Slowly enough for the other limits.
    for number in range(12):
        with street.session("203.0.113.77") as browser:
            for wrong in range(3):
                street.browse(browser, f"PP-{500_000 + number * 3 + wrong} {next(_WRONG)}")
                said += await street.work()
                street.late += timedelta(hours=1)
    assert (street.waiting() - before)["verification_failed"] == 3
    full = [text for text in said if "wachten al meer gesprekken" in text]
    assert len(full) == 9
    assert all(runtime.organisation().phone in text for text in full)
    for _ in range(12):
        with street.session("203.0.113.77") as browser:
            street.browse(browser, "medewerker")
            street.assistant, helper = None, street.assistant  # type: ignore[assignment]
            await street.work()
            street.assistant = helper
    assert (street.waiting() - before).total() == 9
    with street.session("203.0.113.78") as browser:
        street.browse(browser, f"PP-599999 {next(_WRONG)}")
        assert "horen niet bij elkaar" in (await street.work())[0], "another address is another's"


async def test_a_customer_with_two_typos_gets_in(street: Street) -> None:
    """On every way in, also while others guess at other orders."""
    for number in range(20):
        with street.session(f"198.18.0.{number}") as browser:
            street.browse(browser, f"PP-{600_000 + number} {next(_WRONG)}")
            await street.work()
    with street.session("198.18.1.1") as browser:
        for text in (f"{ORDER} 1234 AC", "1235 AB", "1234 AB"):
            street.browse(browser, text)
            (said,) = await street.work()
        assert said.startswith(f"Bestelling {ORDER} is onderweg.")
        for number in range(3):  # others guess at it now: who proved it is not affected
            street.phone("sms-twilio", f"+31687000{number:03}", f"{ORDER} {next(_WRONG)}")
            await street.work()
        street.browse(browser, ORDER)
        told_again = f"Meer nieuws over bestelling {ORDER} heb ik niet: wij bezorgen"
        assert (await street.work())[0].startswith(told_again)


async def test_the_owner_waits_a_while_at_most(street: Street) -> None:
    """Others guessed at the order: the owner hears when to try again, and that a person helps."""
    for number in range(6):
        with street.session(f"198.18.2.{number}") as browser:
            street.browse(browser, f"{ORDER} {next(_WRONG)}")
            await street.work()
    with street.session("198.18.3.1") as browser:
        street.browse(browser, f"{ORDER} {POSTCODE}")
        (said,) = await street.work()
        assert "Probeer het over 1 minuut opnieuw. Een medewerker kan u nu al helpen." in said
        street.late += timedelta(minutes=1, seconds=1)
        street.browse(browser, "waar is mijn pakket")
        (said,) = await street.work()
        assert said.startswith(f"Bestelling {ORDER} is onderweg.")


async def test_nothing_tells_which_orders_exist(street: Street) -> None:
    """Words, options and what is done are the same, but for the number that was typed."""
    heard = []
    for number in (ORDER, "PP-999999"):
        sequence = []
        for address in range(4):
            with street.session(f"198.18.{4 + (number == ORDER)}.{address}") as browser:
                for code in ("9999 ZY", "9999 ZZ"):
                    street.browse(browser, f"{number} {code}")
                    sequence += await street.work()
        heard.append([text.replace(number, "…") for text in sequence])
    assert heard[0] == heard[1]
