"""Waiting for a person: told what to expect, heard, called back, or gone back to the assistant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from bot.catalogue import say
from bot.conversation import built_in_messages, queueing
from bot.conversation.callback_texts import START, start
from bot.core.interface import AssistantTurn
from bot.messages import HandOver, Owner
from bot.store.delivery import outbox
from bot.store.handover import callbacks, handovers
from bot.store.sql import tables
from bot.store.worker import timers
from tests.support.counter import EVENING, Bot, Counter


async def test_what_to_expect_in_opening_hours(counter: Counter) -> None:
    """The switch, the place, an honest estimate, the intake and the ways out: in one turn."""
    said = await counter.say("medewerker")
    assert "Wij weten niet hoe lang het duurt" in said
    assert say("queue.which_topic") in said
    assert counter.titles[-2:] == [start().title, built_in_messages.back_to_bot().title]
    assert "Retour aanmelden" in counter.titles
    assert len(counter.titles) <= 10
    await counter.tap("Retour aanmelden")
    assert (counter.handover.topic, counter.handover.team) == ("return_item", "retour_betaling")
    assert "Retour aanmelden" not in counter.titles


async def test_what_to_expect_after_hours(counter: Counter) -> None:
    """When people are back, and the form, at once."""
    counter.now = EVENING
    said = await counter.say("medewerker")
    assert "morgen om 9.00 uur" in said
    assert queueing.call_back_offer() in said


async def test_known_topics_are_not_asked(counter: Counter) -> None:
    """The assistant knew: the right team gets it at once; sensitive matters go first."""
    counter.bot = Bot(HandOver("sensitive", "sensitive_matter"))
    said = await counter.say("mijn man is overleden")
    assert say("queue.which_topic") not in said
    assert counter.handover.urgent


async def test_the_topic_is_told_from_words(counter: Counter) -> None:
    """Who explains while waiting gets to the right team without a tap."""
    counter.bot = Bot(HandOver("asked"), intent="track_order")
    await counter.say("medewerker")
    said = await counter.say("mijn pakket is al drie dagen te laat")
    assert "Bestelling volgen" in said
    assert (counter.handover.topic, counter.handover.team) == ("track_order", "bezorging")
    assert counter.handover.summary["question"] == "mijn pakket is al drie dagen te laat"


async def test_messages_while_waiting(counter: Counter) -> None:
    """Each is noted in other words; of a burst only the first; the assistant is not asked."""
    counter.bot = Bot(HandOver("asked"))
    await counter.say("medewerker")
    counter.bot.heard.clear()
    replies = [await counter.say(f"nog iets over nummer {n}") for n in range(4)]
    assert replies[0] == say("queue.noted")
    assert all(one != other for one, other in pairwise(replies))
    counter.now -= timedelta(seconds=55)
    assert await counter.say("o ja en dit") == ""
    assert "Wij weten niet" in await counter.say("medewerker!")
    assert "Wij weten niet" in await counter.say("hoe lang duurt het nog")
    assert counter.bot.heard == []
    with counter.database.read() as conn:
        assert len(handovers.waiting(conn)) == 1


async def test_the_place_is_told_when_it_changes(counter: Counter) -> None:
    """Whoever is ahead is taken: the next message says so."""
    first = Counter(counter.database, address="another")
    await first.say("medewerker")
    assert "1 klant voor u" in await counter.say("medewerker")
    await counter.say("over mijn retour")
    await counter.database.run(
        lambda conn: handovers.close(conn, first.conversation.id, "resumed", counter.now)
    )
    assert "als eerste" in await counter.say("en mijn factuur")


async def test_the_call_back_form(counter: Counter) -> None:
    """From the first question to the confirmation in writing; kept, and settled only once."""
    counter.now = EVENING
    await counter.say("waar blijft mijn retour toch")
    await counter.tap(start().title)
    for text in ("Jan de Vries", "06 1234", "06 12345678", "Ochtend"):
        await counter.say(text)
    said = await counter.tap("Klopt")
    for part in ("Jan de Vries", "+31 6 12345678", "Ochtend", "retour", "morgen om 9.00 uur"):
        assert part in said
    assert counter.owner == "queued"
    with counter.database.read() as conn:
        (kept,) = callbacks.waiting(conn, ["algemeen", "retour_betaling"], 10)
    assert (kept.name, kept.contact, kept.moment) == ("Jan de Vries", "+31 6 12345678", "Ochtend")
    assert counter.handover.form is None
    await counter.say("bel me toch op een ander nummer")
    assert "Klopt dit?" in counter.said[-1].text
    await counter.say("0687654321")
    await counter.say("klopt")
    with counter.database.read() as conn:
        (kept,) = callbacks.waiting(conn, ["algemeen", "retour_betaling"], 10)
    assert kept.contact == "+31 6 87654321"


async def test_bel_mij_terug(counter: Counter) -> None:
    """Who asks to be called gets the form at once; on SMS the own number is one answer away."""
    counter.channel, counter.address = "sms", "+31612345678"
    assert "Wat is uw naam?" in await counter.say("bel mij terug")
    assert "+31 6 12345678" in await counter.say("Fatma")
    await counter.say("1")
    assert counter.handover.form is not None
    assert counter.handover.form["contact"] == "+31 6 12345678"


async def test_the_question_is_not_asked_twice(counter: Counter) -> None:
    """What the customer asked before "bel mij terug" is in the form already; a greeting is not."""
    counter.bot = Bot()
    await counter.say("ik wil mijn regenjas terugsturen")
    counter.bot = Bot(HandOver("asked", "return_item"))
    await counter.say("bel mij terug")
    assert counter.handover.form is not None
    assert counter.handover.form["question"] == "ik wil mijn regenjas terugsturen"


async def test_a_copy_in_the_middle_of_the_form(counter: Counter) -> None:
    """Nobody is called "gesprek bewaren"; the open question is asked again."""
    await counter.say("medewerker")
    await counter.tap(start().title)
    for text in ("gesprek bewaren", "verder op whatsapp"):
        assert "Wat is uw naam?" in await counter.say(text)
        assert len(counter.said) == 2
    assert counter.handover.form is not None
    assert (counter.handover.form["asked"], counter.handover.form["name"]) == ("name", "")


async def test_what_was_promised_stays_promised(counter: Counter) -> None:
    """Who is to be mailed is not told to wait for an answer here; going back leaves the request."""
    counter.bot = Bot()
    await counter.say("waar blijft mijn retour toch")
    counter.bot = None
    await counter.say("medewerker")
    await counter.tap(start().title)
    for text in ("Jan de Vries", "jan@example.nl", "klopt"):
        await counter.say(text)
    assert "Wij mailen u." in await counter.say("hoe lang duurt het nog")
    assert say("queue.already") not in counter.said[0].text
    counter.bot = Bot()
    assert say("queue.request_stays") in await counter.say("toch liever de bot")
    with counter.database.read() as conn:
        assert [
            each.contact for each in callbacks.waiting(conn, ["algemeen", "retour_betaling"], 10)
        ] == ["jan@example.nl"]


async def test_the_form_does_not_lock_anybody_in(counter: Counter) -> None:
    """A second "medewerker", a photo and "laat maar" get their answer; the queue stays."""
    await counter.say("medewerker")
    await counter.tap(start().title)
    assert "Wat is uw naam?" in await counter.say("medewerker")
    assert "Wat is uw naam?" in await counter.say("", attachment="image")
    await counter.say("laat maar")
    assert (counter.owner, counter.handover.form) == ("queued", None)
    assert start().title in counter.titles


async def test_nobody_takes_it(counter: Counter) -> None:
    """After the set time the form is offered, once; not to who has left a number."""
    await counter.say("medewerker")
    counter.now += timedelta(minutes=6)
    assert await counter.handler.fire_timers() == (counter.conversation.id,)
    assert await counter.handler.fire_timers() == ()
    with counter.database.read() as conn:
        rows = conn.execute(select(tables.outbox.c.content).order_by(tables.outbox.c.id))
        newest = rows.scalars().all()[-1]
    assert say("queue.still_waiting") in newest["text"]
    assert newest["options"][-2]["payload"] == START


@pytest.mark.parametrize("owner", ["human", "bot", "closed"])
async def test_nobody_needs_the_form(counter: Counter, owner: Owner) -> None:
    """Taken, back or closed meanwhile: nothing is said."""
    await counter.say("medewerker")
    await counter.become(owner)
    counter.now += timedelta(minutes=6)
    assert await counter.handler.fire_timers() == ()


async def test_one_bad_timer_blocks_nobody(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others fire, and the bad one is tried again later."""
    other = Counter(counter.database, address="another")
    await counter.say("medewerker")
    await other.say("medewerker")
    find_open, bad = handovers.find_open, counter.conversation.id

    def broken(conn: Any, conversation_id: str) -> Any:
        if conversation_id == bad:
            raise RuntimeError("a row nobody can read")
        return find_open(conn, conversation_id)

    counter.now += timedelta(minutes=7)
    with monkeypatch.context() as patch:
        patch.setattr(handovers, "find_open", broken)
        assert await counter.handler.fire_timers() == (other.conversation.id,)
    with counter.database.begin() as conn:
        (kept,) = timers.due(conn, counter.now + timedelta(hours=1))
    assert (kept.conversation_id, kept.kind) == (bad, "unaccepted")


async def test_back_to_the_assistant(counter: Counter) -> None:
    """By a tap or in words: announced, disclosed, out of the queue; a request stays noted."""
    await counter.say("medewerker")
    counter.bot = Bot()
    await counter.say("toch maar terug naar de chatbot")
    kinds = [getattr(message, "notice", None) for message in counter.said]
    assert (counter.owner, kinds) == ("bot", ["disclosure", "to_bot", None])
    assert counter.bot.heard == [("/back_to_bot", False)]
    assert counter.handover.outcome == "resumed"


async def test_no_way_back_to_a_broken_assistant(counter: Counter) -> None:
    """The customer stays in the queue, and hears why."""
    await counter.say("medewerker")
    assert (
        await counter.tap(built_in_messages.back_to_bot().title)
        == built_in_messages.still_waiting_for_bot().text
    )
    assert counter.owner == "queued"


async def closed(counter: Counter, bot: Bot) -> None:
    """A conversation that a person has settled, with the question for a score on the table."""
    counter.bot = Bot(HandOver("asked", "return_item"))
    await counter.say("medewerker")

    def close(conn: Any) -> None:
        handovers.close(conn, counter.conversation.id, "closed", counter.now)
        said = [("system", built_in_messages.human_rating())]
        outbox.add(conn, counter.conversation.id, None, said, counter.now)

    await counter.database.run(close)
    await counter.become("closed")
    counter.bot = bot


async def test_a_score_for_the_person(counter: Counter) -> None:
    """A digit within the half hour is the score and leaves it closed; it can be changed once."""
    await closed(counter, Bot())
    assert "een 4" in await counter.say("4 want het ging snel")
    await counter.tap(built_in_messages.change_rating("human").title)
    assert "nu een 5" in await counter.say("5")
    assert counter.owner == "closed"
    with counter.database.read() as conn:
        (row,) = conn.execute(select(tables.ratings)).all()
    assert (row.of, row.score) == ("human", 5)
    assert counter.bot is not None
    assert counter.bot.heard == []


async def test_a_school_mark_is_answered_with_the_range(counter: Counter) -> None:
    """7 was never on offer."""
    await closed(counter, Bot())
    assert await counter.say("7") == built_in_messages.human_rating().text
    assert counter.owner == "closed"


async def test_a_digit_long_after_closing_is_a_message(counter: Counter) -> None:
    """It goes to the assistant, as a new question."""
    await closed(counter, Bot())
    counter.now += timedelta(minutes=31)
    await counter.say("4")
    assert counter.owner == "bot"


async def test_a_low_score_offers_a_person_once(counter: Counter) -> None:
    """One tap, with the reason and the topic; who was through this is not sent round again."""
    await closed(counter, Bot())
    await counter.say("1")
    await counter.tap(built_in_messages.look_again().title)
    assert (counter.owner, counter.handover.reason) == ("queued", "low_rating")
    assert counter.handover.topic == "return_item"
    await counter.database.run(
        lambda conn: handovers.close(conn, counter.conversation.id, "closed", counter.now)
    )
    await counter.become("closed")
    await counter.say("1", built_in_messages.human_rating().options[0].payload)
    assert built_in_messages.look_again().title not in counter.titles


async def test_a_new_question_after_closing(counter: Counter) -> None:
    """It is the assistant's, in a session of its own: announced, disclosed, no second hand-over."""
    bot = Bot()
    await closed(counter, bot)
    session = counter.conversation.session
    await counter.say("hoe laat zijn jullie open")
    kinds = [getattr(message, "notice", None) for message in counter.said]
    assert kinds == ["disclosure", "to_bot", None]
    assert bot.heard == [("hoe laat zijn jullie open", True)]
    assert (counter.owner, counter.conversation.session) == ("bot", session + 1)


async def test_thanks_after_closing(counter: Counter) -> None:
    """Nobody needs an assistant for that."""
    await closed(counter, Bot())
    assert (await counter.say("bedankt voor de hulp")).startswith("Graag gedaan.")
    assert "een 5" in await counter.say("5")
    assert await counter.say("bedankt") == "Graag gedaan."
    assert counter.owner == "closed"


async def test_a_score_after_the_copy(counter: Counter) -> None:
    """The confirmation offers a copy and asks a score: the one does not cost the other."""
    await closed(counter, Bot())
    await counter.say("gesprek bewaren")
    assert "een 4" in await counter.say("4")
    assert counter.owner == "closed"


@pytest.mark.parametrize(
    ("offer", "reason"),
    [("1", "low_rating"), ("dat klopt niet", "asked"), ("het werkt nog steeds niet", "asked")],
)
async def test_yes_brings_the_person_back(counter: Counter, offer: str, reason: str) -> None:
    """To the question whether somebody is to look at it again, in words too, on the same matter."""
    await closed(counter, Bot())
    assert say("rating.look_again") in await counter.say(offer)
    await counter.say("ja graag")
    assert (counter.owner, counter.handover.reason) == ("queued", reason)
    assert counter.handover.topic == "return_item"


async def test_no_leaves_it_closed(counter: Counter) -> None:
    """Nobody asked the assistant for anything."""
    await closed(counter, Bot())
    await counter.say("2")
    assert "blijft het zo" in await counter.say("nee hoor")
    assert counter.owner == "closed"


async def test_a_person_again_after_closing(counter: Counter) -> None:
    """In one turn, also without a model, in a session of its own."""
    await closed(counter, Bot())
    counter.bot = None
    session = counter.conversation.session
    await counter.say("ik wil toch weer een medewerker")
    assert (counter.owner, counter.conversation.session) == ("queued", session + 1)
    assert counter.handover.topic == ""


async def test_an_agent_gives_back_while_the_message_is_handled(counter: Counter) -> None:
    """The owner changed between reading and writing: the answer is decided anew, none is lost."""

    @dataclass(slots=True)
    class Slow(Bot):
        async def turn(self, *args: Any, **_: Any) -> AssistantTurn:
            if not self.heard:
                self.heard.append(("", False))
                await counter.become("queued")
            return await Bot.turn(self, *args)

    await counter.say("medewerker")
    await counter.become("bot")
    counter.bot = Slow()
    assert await counter.say("waar is mijn pakket") == say("queue.noted")
    assert counter.owner == "queued"
