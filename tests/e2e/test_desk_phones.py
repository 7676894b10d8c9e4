"""Agents answer customers on WhatsApp and SMS: the right phone, and what its channel allows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.store.conversation import conversations, optouts
from tests.contract.adapters.base import Accepted, Call, Provider
from tests.contract.adapters.sms import KannelAdapter
from tests.contract.adapters.whatsapp import WhatsAppAdapter
from tests.support import desk_people
from tests.support.browsers import visitor
from tests.support.desk_page import Backroom, log_in, ready, working
from tests.support.webchat import Server

pytestmark = pytest.mark.browser

WHATSAPP, SMS = WhatsAppAdapter(), KannelAdapter()


class Phones:
    """Two customers with a phone: one on WhatsApp, one on SMS."""

    def __init__(self, server: Server, providers: dict[str, Provider], backroom: Backroom) -> None:
        self.server = server
        self.providers = providers
        self.backroom = backroom
        self._count = 0

    def write(self, adapter: WhatsAppAdapter | KannelAdapter, text: str) -> None:
        """A customer writes."""
        self._count += 1
        self.call(adapter.text(f"{adapter.id}-{self._count}", text))

    def call(self, call: Call | None) -> None:
        """A provider's request to Loket."""
        assert call is not None
        httpx.request(
            call.method,
            self.server.url + call.path,
            headers=call.headers,
            content=call.body,
            timeout=20,
        ).raise_for_status()

    def read(self, adapter: WhatsAppAdapter | KannelAdapter) -> list[str]:
        """What a customer got, in order."""
        return [each.text for each in self.providers[adapter.id].accepted]

    def got(self, adapter: WhatsAppAdapter | KannelAdapter, text: str) -> Accepted:
        """The message with this text that the provider took."""
        return next(each for each in self.providers[adapter.id].accepted if text in each.text)


@pytest.fixture(scope="module")
def phones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phones]:
    folder: Path = tmp_path_factory.mktemp("phones")
    with ExitStack() as stack:
        providers: dict[str, Provider] = {}
        environment: dict[str, str] = {}
        for adapter in (WHATSAPP, SMS):
            providers[adapter.id] = adapter.provider()
            stack.callback(providers[adapter.id].close)
            environment |= adapter.environment(providers[adapter.id])
        # Agents come by http here, and a cookie for https would not reach them.
        del environment["LOKET_PUBLIC_URL"]
        server = Server(folder, **environment)
        server.start()
        stack.callback(server.stop)
        stack.enter_context(working(server))
        desk_people.add(folder, "samira", name="Samira")
        backroom = Backroom(folder)
        stack.callback(backroom.close)
        yield Phones(server, providers, backroom)


@pytest.fixture(scope="module")
def desk(phones: Phones, chromium: Browser) -> Iterator[Page]:
    """An agent at the desk."""
    context = visitor(chromium, width=1400)
    page = context.new_page()
    log_in(page, phones.server.url, "samira")
    yield page
    context.close()


def test_each_answer_reaches_its_own_phone(phones: Phones, desk: Page) -> None:
    """Two talks at once; limits show before sending, receipts after; the bot is silent."""
    talks = {}
    for adapter, text in ((WHATSAPP, "waar is mijn pakket"), (SMS, "mijn stroom doet het niet")):
        phones.write(adapter, text)
        talks[adapter.id] = phones.backroom.hand_over(text)
    for adapter in (WHATSAPP, SMS):
        desk.goto(f"{phones.server.url}/desk")
        ready(desk)
        desk.locator(f"#take-{talks[adapter.id]}").click()
        desk.wait_for_url(f"**/c/{talks[adapter.id]}")
        expect(desk.get_by_label("Uw antwoord")).to_be_visible()
        ready(desk)
    expect(desk.get_by_role("heading", level=1)).to_have_text("06 12345678")
    box = desk.get_by_label("Uw antwoord")
    box.fill("Hallo, ik kijk uw aansluiting na.")
    expect(desk.locator("#size")).to_have_text("1 sms, nog 127 tekens in deze")
    box.fill("a" * 161)
    expect(desk.locator("#size")).to_contain_text("2 sms’jes")
    box.fill("Hallo, ik kijk uw aansluiting na.")
    box.press("Control+Enter")
    expect(desk.locator(".line-human .status")).to_have_text("verzonden")
    phones.call(SMS.status(phones.got(SMS, "uw aansluiting na"), "delivered"))
    desk.locator(f"#open-{talks['whatsapp']}").click()
    desk.wait_for_url(f"**/c/{talks['whatsapp']}")
    ready(desk)
    expect(desk.locator(".state-window")).to_contain_text("U kunt antwoorden tot")
    box.fill("Uw pakket komt vandaag.")
    box.press("Control+Enter")
    expect(desk.locator(".line-human .status")).to_have_text("verzonden")
    phones.write(WHATSAPP, "top")
    expect(desk.get_by_role("log").get_by_text("top", exact=True)).to_be_visible()
    phones.call(WHATSAPP.status(phones.got(WHATSAPP, "Uw pakket komt"), "read"))
    expect(desk.locator(".line-human .status")).to_have_text("gelezen")
    assert phones.read(WHATSAPP).count("Uw pakket komt vandaag.") == 1
    assert not any("aansluiting" in text for text in phones.read(WHATSAPP))
    assert phones.read(SMS).count("Hallo, ik kijk uw aansluiting na.") == 1
    assert not any("pakket komt" in text for text in phones.read(SMS))
    assert not any("echo top" in text for text in phones.read(WHATSAPP))


def test_closing_on_a_phone(phones: Phones, desk: Page) -> None:
    """The confirmation and the question for a score arrive on the phone; a digit is the score."""
    phones.write(SMS, "ik heb nog een vraag")
    talk = phones.backroom.hand_over("ik heb nog een vraag")
    desk.goto(f"{phones.server.url}/desk/c/{talk}")
    ready(desk)
    if desk.locator("#take").count():
        desk.locator("#take").click()
    # Taking it draws the page anew: what was opened before that would be shut again.
    expect(desk.get_by_label("Uw antwoord")).to_be_enabled()
    ready(desk)
    desk.locator("#menu-close > summary").click()
    desk.get_by_label("Wat is er afgesproken?").fill("De monteur komt dinsdag.")
    desk.locator("#menu-close").get_by_role("button", name="Sluit af").click()
    expect(desk.locator(".state-closed")).to_contain_text("De monteur komt dinsdag.")
    expect(desk.locator(".line-system .status").last).to_have_text("verzonden")
    assert any("De monteur komt dinsdag." in text for text in phones.read(SMS))


def test_who_cannot_be_written_to(phones: Phones, desk: Page) -> None:
    """After 24 hours and after STOP the box is shut and says why, before anybody types."""
    phones.write(WHATSAPP, "even geduld graag")
    late = phones.backroom.hand_over("even geduld graag", topic="track_order")
    desk.goto(f"{phones.server.url}/desk/c/{late}")
    ready(desk)
    if desk.locator("#take").count():
        desk.locator("#take").click()
    expect(desk.get_by_label("Uw antwoord")).to_be_enabled()
    now = datetime.now(UTC)
    with phones.backroom.database.begin() as conn:
        yesterday = now - timedelta(hours=25)
        conversations.change(conn, late, last_inbound_at=yesterday)
    phones.backroom.ring(late)
    expect(desk.get_by_label("Uw antwoord")).to_be_disabled()
    expect(desk.locator(".state-shut")).to_contain_text("meer dan 24 uur geleden")
    with phones.backroom.database.begin() as conn:
        conversations.change(conn, late, last_inbound_at=now)
        address = conversations.get(conn, late).address
        optouts.opt_out(conn, "whatsapp", address, now)
    phones.backroom.ring(late)
    expect(desk.locator(".state-shut")).to_contain_text("STOP")
    expect(desk.get_by_label("Uw antwoord")).to_be_disabled()
