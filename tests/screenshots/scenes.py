"""What is in the pictures: an afternoon at the example shop, through the real pages and acts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from playwright.sync_api import Browser, Page

from bot.messages import Choice, Inbound, Notice, Option, Reason, Text
from bot.store.conversation import conversations
from bot.store.delivery import outbox
from bot.store.handover import callbacks, handovers, notes
from bot.store.handover.callbacks import CallbackRequest
from bot.store.sql.database import Database
from bot.store.worker import inbox
from tests.support import desk_people
from tests.support.browsers import visitor
from tests.support.chat_page import write
from tests.support.desk_page import Backroom, answer, log_in, ready
from tests.support.webchat import Backstage, Server

#: WhatsApp is set up, so that an agent can answer there; nothing is sent.
SETTINGS: Final = {
    "WHATSAPP_TOKEN": "t",
    "WHATSAPP_PHONE_NUMBER_ID": "1",
    "WHATSAPP_APP_SECRET": "s",
    "WHATSAPP_VERIFY_TOKEN": "v",
}
_DISCLOSURE: Final = Notice(
    "U chat met een AI-assistent, geen mens. Typ ‘medewerker’ voor een mens.", "disclosure", "1"
)
_QUESTION: Final = "Waar blijft mijn bestelling PP-100871?"
_PLEA: Final = "Nee, ik wil graag een medewerker spreken over PP-100871"


@dataclass(frozen=True, slots=True)
class Caller:
    """A customer who waits for a person.

    Attributes:
        channel: name of the channel.
        address: the customer's.
        text: what the customer wrote.
        minutes: how long ago.
        topic: what it is about.
        team: who it is for.
        reason: why a person is needed.
        number: what the customer proved, or empty.
    """

    channel: str
    address: str
    text: str
    minutes: int
    topic: str
    team: str
    reason: Reason = "asked"
    number: str = ""


_CALLERS: Final = (
    Caller(
        "sms", "+31612345671", "Ik ruik gas bij de meterkast, wat moet ik doen?", 2,
        "sensitive_matter", "energie_abonnementen", "danger",
    ),
    Caller(
        "whatsapp", "31612345672", "De stekker van mijn waterkoker is gebroken.", 6,
        "return_item", "retour_betaling", number="PP-100234",
    ),
    Caller(
        "telegram", "70012345", "Ik heb twee keer betaald voor dezelfde bestelling.", 11,
        "invoice_payment", "retour_betaling", "complaint",
    ),
    Caller(
        "whatsapp", "31612345673", "Kan mijn pakket ook bij de buren worden bezorgd?", 14,
        "change_delivery", "bezorging", number="PP-100512",
    ),
)  # fmt: skip


def play(browser: Browser, server: Server) -> Iterator[tuple[str, Page]]:
    """Plays the afternoon; gives each scene with its page when there is something to see."""
    samira = desk_people.add(server.folder, "samira", "supervisor", name="Samira")
    desk_people.add(server.folder, "joost", name="Joost")
    database = Database(f"sqlite:///{server.folder / 'loket.db'}")
    backstage, room = Backstage(server.folder), Backroom(server.folder)
    backstage.beat()
    for caller in _CALLERS:
        _waits(database, caller)
    _settled(database)
    chat = visitor(browser).new_page()
    chat.goto(server.url)
    chat.locator("loket-chat").evaluate("chat => { chat.dataset.theme = 'auto'; }")
    chat.get_by_role("button", name="Chat met de AI-assistent").click()
    _asks(chat, backstage)
    yield "chat", chat
    write(chat, _PLEA)
    backstage.wait_for(_PLEA)
    talk = room.hand_over(_PLEA, topic="track_order", team="bezorging")
    _summarise(database, talk)
    desk = visitor(browser).new_page()
    log_in(desk, server.url, "samira")
    desk.goto(f"{server.url}/desk/c/{talk}")
    ready(desk)
    desk.locator("#take").click()
    desk.locator("#reply").wait_for()
    answer(desk, "Goedemiddag! Ik kijk waar uw pakket is. Hebt u een ogenblik?")
    write(chat, "Ja hoor, ik wacht even.")
    answer(desk, "Het ligt bij het sorteercentrum. Morgen tussen 10 en 12 uur komt de bezorger.")
    chat.get_by_text("tussen 10 en 12 uur").wait_for()
    yield "chat-person", chat
    with database.begin() as conn:
        notes.add(conn, talk, samira.id, "Bezorger gebeld: adres klopt.", datetime.now(UTC))
    desk.goto(f"{server.url}/desk")
    ready(desk)
    yield "desk-lists", desk
    desk.goto(f"{server.url}/desk/c/{talk}/samenvoegen?q=PP-100871")
    hit = desk.get_by_role("listitem").filter(has_text="WhatsApp")
    hit.get_by_role("textbox").fill("Bestelnummer en postcode nagevraagd")
    yield "desk-join", desk
    hit.get_by_role("button", name="Voeg samen").click()
    desk.locator("#talk-joined .joined").wait_for()
    ready(desk)
    desk.locator("#reply").fill("Kan ik nog iets anders voor u doen?")
    yield "desk-conversation", desk
    desk.goto(f"{server.url}/desk/zoeken?q=pakket")
    yield "desk-search", desk
    desk.goto(f"{server.url}/desk/overzicht")
    yield "desk-figures", desk
    for thing in (backstage, room):
        thing.close()
    database.dispose()


def _asks(chat: Page, backstage: Backstage) -> None:
    """The customer asks two things, and is answered from the shop's pages and by a question."""
    first = "Kan ik mijn pakket laten bezorgen bij de buren?"
    write(chat, first)
    backstage.answer(
        first,
        Text("Ja, dat kan. Kies bij de bezorging voor ‘Bij de buren’. Dat kan tot 22 uur."),
    )
    chat.get_by_text("Ja, dat kan").wait_for()
    write(chat, _QUESTION)
    backstage.answer(
        _QUESTION,
        Text("Uw bestelling PP-100871 is onderweg. De bezorger komt morgen tussen 10 en 14 uur."),
        Choice(
            "Wilt u de bezorging verzetten?",
            (
                Option("Ja, verzet de bezorging", "/change_delivery"),
                Option("Nee, bedankt", "/deny"),
            ),
        ),
    )
    chat.get_by_role("button", name="Ja, verzet de bezorging").wait_for()


def _summary(caller: Caller) -> Mapping[str, object]:
    proved = [caller.number] if caller.number else []
    return {"question": caller.text, "proved": proved, "last": []}


def _summarise(database: Database, talk: str) -> None:
    """What the worker would have noted of the chat's customer."""
    said = (
        ("customer", _QUESTION),
        ("bot", "Wilt u de bezorging verzetten?"),
        ("customer", _PLEA),
    )
    summary = {
        "question": _QUESTION,
        "data": {"Bestelnummer": "PP-100871", "Postcode": "3511 LX"},
        "proved": ["PP-100871"],
        "steps": ["Bestelling volgen"],
        "last": [{"author": who, "text": text} for who, text in said],
    }
    with database.begin() as conn:
        found = handovers.find_open(conn, talk)
        assert found is not None
        handovers.set_summary(conn, found.id, summary)


def _waits(database: Database, caller: Caller) -> None:
    """A customer wrote, and was handed over."""
    at = datetime.now(UTC) - timedelta(minutes=caller.minutes)
    with database.begin() as conn:
        inbound = Inbound(caller.channel, caller.address, caller.text, caller.text)
        number = inbox.accept(conn, inbound, at).inbox_id
        inbox.done(conn, number, at, None)
        talk = conversations.open_(conn, caller.channel, caller.address, at)
        outbox.add(conn, talk.id, None, [("system", _DISCLOSURE)], at)
        handovers.open_(
            conn, talk.id, caller.reason, caller.topic, _summary(caller), at,
            team=caller.team, urgent=caller.reason == "danger",
        )  # fmt: skip
        conversations.change(conn, talk.id, owner="queued", disclosed=True)


def _settled(database: Database) -> None:
    """The chat's customer wrote by WhatsApp yesterday; another one is to be called."""
    at = datetime.now(UTC) - timedelta(days=1, hours=2)
    said = "Goedemiddag, wanneer wordt bestelling PP-100871 bezorgd?"
    with database.begin() as conn:
        number = inbox.accept(conn, Inbound("whatsapp", "31612345674", said, said), at).inbox_id
        inbox.done(conn, number, at, None)
        talk = conversations.open_(conn, "whatsapp", "31612345674", at)
        outbox.add(conn, talk.id, None, [("system", _DISCLOSURE)], at)
        summary = {"question": said, "proved": ["PP-100871"]}
        handovers.open_(conn, talk.id, "asked", "track_order", summary, at, team="bezorging")
        told = Text("Uw pakket is vanochtend verstuurd. U krijgt bericht van de bezorger.")
        outbox.add(conn, talk.id, None, [("human", told)], at + timedelta(minutes=4))
        handovers.close(
            conn, talk.id, "closed", at + timedelta(minutes=9),
            settled="Het pakket is verstuurd; de bezorger stuurt een bericht.",
        )  # fmt: skip
        conversations.change(conn, talk.id, owner="closed", disclosed=True)
        asked = conversations.open_(conn, "webchat", "b" * 32, at)
        request = CallbackRequest(
            asked.id, "energie_abonnementen", "submit_meter_reading", "Yusuf Demir", "06 12345675",
            "vanmiddag na 15 uur", "Mijn meterstand klopt niet met de rekening.",
        )  # fmt: skip
        callbacks.add(conn, request, at)
