"""What an agent is told of proofs and private numbers, through the worker's own code."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.catalogue import say
from bot.conversation import built_in_messages
from bot.conversation.closing_confirmation import rating_of
from bot.messages import (
    Choice,
    Notice,
    Option,
    Owner,
    Text,
)
from bot.store.conversation import conversations
from bot.store.delivery import outbox, outbox_queries
from bot.store.handover import handovers
from bot.store.identity import private_number_requests
from bot.store.sql import tables
from bot.store.sql.database import Database
from tests.support.desk import person
from tests.support.proving import ORGANISATION, Bot, Counter, Slots

IBAN = "NL91 ABNA 0417 1643 00"


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    """A fresh database."""
    database = Database(f"sqlite:///{tmp_path}/loket.db")
    database.upgrade()
    yield Counter(database)
    database.dispose()


PROVED: Slots = {"order_number": "PP-100234", "verified_orders": ["PP-100871"]}


async def test_what_was_proved_is_named_and_nothing_else(counter: Counter) -> None:
    """The reported case: one order proved, another asked about."""
    await counter.say("medewerker", Bot(PROVED))
    summary = counter.handover().summary
    assert (summary["proved"], summary["unproved"]) == (["PP-100871"], ["PP-100234"])
    assert "verified" not in summary


async def test_a_session_that_is_over_proves_nothing(counter: Counter) -> None:
    """What the assistant knew before is not taken for what it knows now."""
    await counter.say("waar is mijn pakket", Bot(PROVED))
    counter.now += timedelta(days=1)
    await counter.say("medewerker", Bot({"order_number": "PP-100871", "verified_orders": None}))
    summary = counter.handover().summary
    assert (summary["proved"], summary["unproved"]) == ([], ["PP-100871"])


@pytest.mark.parametrize(
    ("later", "stands"), [(timedelta(hours=1), True), (timedelta(hours=5), False)]
)
async def test_without_the_assistant_a_proof_holds_as_long_as_its_session(
    counter: Counter, later: timedelta, stands: bool
) -> None:
    """There is no model that could begin a new session."""
    await counter.say("waar is mijn pakket", Bot(PROVED))
    counter.now += later
    await counter.say("medewerker", None)
    assert counter.handover().summary["proved"] == (["PP-100871"] if stands else [])


async def test_a_settled_matter_proves_nothing_about_the_next(counter: Counter) -> None:
    """Somebody else may be writing by now."""
    await counter.say("medewerker", Bot(PROVED))
    counter.become("human")
    counter.become("closed")
    await counter.say("medewerker", None)
    assert counter.handover().summary["proved"] == []


@pytest.mark.parametrize(
    ("later", "proved", "unproved"),
    [
        (timedelta(minutes=5), ["PP-100871"], ["PP-100234"]),
        (timedelta(hours=5), [], ["PP-100871", "PP-100234"]),
    ],
)
async def test_a_low_score_keeps_the_numbers_of_its_matter(
    counter: Counter, later: timedelta, proved: list[str], unproved: list[str]
) -> None:
    """The person who looks again reads the question, the order, and whether that was proved."""
    await counter.say("medewerker", Bot(PROVED))
    counter.become("human")
    asked = {**counter.handover().summary, "question": "waar is mijn pakket"}
    with counter.database.begin() as conn:
        handovers.set_summary(conn, counter.handover().id, asked)
    counter.become("closed")
    with counter.database.begin() as conn:
        mine = tables.trackers.c.conversation_id == counter.conversation().id
        conn.execute(tables.trackers.delete().where(mine))
        score = ("system", rating_of("Samira"))
        outbox.add(conn, counter.conversation().id, None, [score], counter.now)
    await counter.say("1", None)
    counter.now += later
    handled = await counter.say("Ja", None, payload=built_in_messages.LOOK_AGAIN)
    summary = counter.handover().summary
    assert (counter.handover().reason, handled.owner) == ("low_rating", "queued")
    assert (summary["proved"], summary["unproved"]) == (proved, unproved)
    assert summary["question"] == "waar is mijn pakket"


@pytest.mark.parametrize("guess", [True, False])
async def test_a_guess_is_no_subject(counter: Counter, guess: bool) -> None:
    """What was only offered under "Bedoelt u" was not chosen: the customer's own words say it."""
    options = (Option("Bestelling volgen", "/track_order"), Option("Iets anders", "/deny"))
    bot = Bot(answer=Choice("Bedoelt u dit?", options) if guess else Text("Wat is uw nummer?"))
    bot.topic = ""
    await counter.say("er zit een gat in de bank", bot)
    await counter.say("medewerker", bot)
    handed = counter.handover()
    assert handed.topic == ("" if guess else "track_order")
    assert handed.summary["question"] == "er zit een gat in de bank"


@pytest.mark.parametrize("owner", ["queued", "human"])
async def test_who_sends_a_private_number_hears_why_it_is_gone_once(
    counter: Counter, owner: Owner
) -> None:
    """In one sentence with the way on; an hour later again."""
    await counter.say("medewerker", None)
    counter.become(owner)
    notice = Notice(say("private_number.iban"))
    for later, told in ((0, True), (0, False), (61, True)):
        counter.now += timedelta(minutes=later)
        handled = await counter.say(f"mijn rekening is {IBAN}", None)
        assert (notice in [each.message for each in handled.messages]) is told
        assert handled.owner == owner
    assert {each.author for each in handled.messages} == {"system"}


async def test_who_was_asked_hears_nothing_and_is_read(counter: Counter) -> None:
    """The agent asked; a summary that is made later leaves the number out all the same."""
    await counter.say("medewerker", None)
    counter.become("human")
    with counter.database.begin() as conn:
        samira = person(conn)
        where = (counter.conversation().id, counter.handover().id)
        private_number_requests.add(conn, *where, samira.id, "iban", counter.now)
    handled = await counter.say(IBAN, None)
    assert handled.messages == ()
    with counter.database.read() as conn:
        kept = conn.execute(tables.inbox.select().order_by(tables.inbox.c.id)).all()[-1]
    assert kept.text == IBAN
    counter.become("closed")
    await counter.say("medewerker", None)
    assert IBAN not in str(counter.handover().summary)
    assert "[rekeningnummer]" in str(counter.handover().summary)


async def test_without_the_assistant_the_customer_hears_it_too(counter: Counter) -> None:
    """A person gets the conversation, and no number."""
    handled = await counter.say(f"waarom is {IBAN} niet betaald", None)
    assert handled.owner == "queued"
    said = [each.message for each in handled.messages]
    assert Notice(say("private_number.iban")) in said
    with counter.database.read() as conn:
        assert outbox_queries.since(conn, counter.conversation().id, 0, 99)
    assert IBAN not in str(counter.handover().summary)


async def test_a_full_queue_keeps_out_neither_distress_nor_neighbours(counter: Counter) -> None:
    """Nine wait from one place; the tenth hears so and stays with the assistant."""
    for number in range(9):
        told = await counter.say("medewerker", Bot(), f"visitor {number}", "home")
        assert told.owner == "queued"
    told = await counter.say("medewerker", Bot(), "visitor 9", "home")
    assert told.owner == "bot"
    said = " ".join(each.message.text for each in told.messages)
    assert "Vanaf uw internetaansluiting wachten al meer gesprekken" in said
    assert f"of bel {ORGANISATION.phone}." in said
    assert "medewerker gaat u helpen" not in said
    told = await counter.say("medewerker", Bot(reason="sensitive"), "visitor 10", "home")
    assert told.owner == "queued"
    for place in ("next door", ""):
        told = await counter.say("medewerker", Bot(), f"neighbour {place}", place)
        assert told.owner == "queued"
    with counter.database.begin() as conn:
        for visitor in ("visitor 0", "visitor 10"):
            left = conversations.find(conn, "webchat", visitor)
            assert left is not None
            handovers.close(conn, left.id, "resumed", counter.now)
    told = await counter.say("medewerker", Bot(), "visitor 9", "home")
    assert told.owner == "queued", "two left: there is room again"
