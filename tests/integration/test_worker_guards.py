"""The four safeguards at the worker's depth: what holds whatever the assistant does."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from bot.conversation import built_in_messages
from bot.conversation.disclosure import is_disclosure
from bot.core.interface import AssistantTurn
from bot.core.translate import Said
from bot.messages import Choice, Effect, HandOver, Inbound, Notice, Outbound, Rated, Text
from bot.records.conversation import Conversation
from bot.store.conversation import conversations, ratings
from bot.store.delivery import outbox
from bot.store.handover import handovers
from bot.store.sql.database import Database
from bot.store.worker import inbox
from bot.worker import rating_guard
from bot.worker.handler import Handled, Handler
from bot.worker.loop_guard import HAND_OVER_AT, OFFER_AT, progressed
from bot.worker.worker_config import WorkerConfig
from tests.support.configured_channels import PROFILES
from tests.support.forgetful import Forgetful
from tests.support.turns import answer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
#: Customers of this run: each example has its own, on one database.
CUSTOMERS = itertools.count()
#: Words without courtesy, escape words or numbers in them.
WORDS = st.text("bcdfghjklmn ", min_size=3, max_size=20).filter(lambda text: text.strip())
FEW = settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Nothing:
    """An assistant's memory that holds nothing."""

    sessions = 0

    def write(self, conn: Connection) -> None:
        """Keeps nothing."""


def turn(
    *said: Outbound,
    effects: Sequence[Effect] = (),
    slots: Mapping[str, Any] | None = None,
    failed: tuple[str, ...] = (),
) -> AssistantTurn:
    """What an assistant makes of a message."""
    return AssistantTurn(Said(said, tuple(effects)), "inform", slots or {}, Nothing(), failed)


@dataclass(slots=True)
class Broken(Forgetful):
    """An assistant that does one thing, whatever it hears; or each of several in turn."""

    does: Sequence[AssistantTurn | Exception]
    disclosure: Notice | None = None
    heard: int = 0

    async def turn(self, *_: object, fresh: bool = False, memory: object = None) -> AssistantTurn:
        """The same again."""
        done = self.does[self.heard % len(self.does)]
        self.heard += 1
        if isinstance(done, Exception):
            raise done
        return done


@dataclass(slots=True)
class Customer:
    """A customer of an installation with a broken assistant."""

    database: Database
    assistant: Broken | None
    name: str = field(default_factory=lambda: f"customer{next(CUSTOMERS)}")
    now: datetime = NOON
    sent: int = 0

    def send(self, text: str, payload: str | None = None) -> Handled:
        """Sends one message and has it handled."""
        return asyncio.run(self._send(text, payload))

    async def _send(self, text: str, payload: str | None) -> Handled:
        self.sent += 1
        self.now += timedelta(seconds=20)
        inbound = Inbound("webchat", self.name, f"{self.name}-{self.sent}", text, payload)
        accepted = await self.database.run(inbox.accept, inbound, self.now)
        handler = Handler(
            self.database, lambda: self.now, WorkerConfig(turn_timeout=5, channels=PROFILES)
        )
        where = accepted.conversation_id
        return await answer(self.database, handler, where, self.assistant, self.now)

    def conversation(self) -> Conversation:
        """As stored."""
        with self.database.read() as conn:
            found = conversations.find(conn, "webchat", self.name)
        assert found is not None
        return found

    def asked_for_score(self) -> None:
        """Somebody asks this customer for a score, as after a silence."""
        self.send("vraag")
        with self.database.begin() as conn:
            where = self.conversation().id
            outbox.add(conn, where, None, [("bot", built_in_messages.quiet())], self.now)

    def score(self) -> int | None:
        """The score that was kept of the bot."""
        with self.database.read() as conn:
            where = self.conversation()
            kept = ratings.given(conn, where.id, where.session, "bot")
        return kept.score if kept else None


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One for all customers."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('guards')}/loket.db")
    made.upgrade()
    yield made
    made.dispose()


def said(handled: Handled) -> list[Outbound]:
    """What the customer was told."""
    return [sent.message for sent in handled.messages]


ANSWERS = st.one_of(
    WORDS.map(lambda text: turn(Text(text))),
    WORDS.map(lambda text: turn(Choice(text, (built_in_messages.another_question(),)))),
    WORDS.map(lambda text: turn(Text(text), Text("En verder?"))),
    WORDS.map(lambda text: turn(Notice(text))),
)
FAILURES = st.sampled_from(
    [
        RuntimeError("boom"),
        ValueError(""),
        turn(),
        turn(Text(" ")),
        turn(Text(""), Choice("\n", (built_in_messages.medewerker(),))),
        turn(Notice("Ik ben een AI.", "disclosure")),
        turn(Text("Half"), failed=("action_x",)),
    ]
)


@FEW
@given(same=ANSWERS, messages=st.lists(WORDS, min_size=HAND_OVER_AT, max_size=HAND_OVER_AT))
def test_one_answer_again_and_again_ends_at_a_person(
    database: Database, same: AssistantTurn, messages: list[str]
) -> None:
    """Whatever is asked: a person is offered at the fourth time, and comes at the sixth."""
    customer = Customer(database, Broken([same]))
    for number, message in enumerate(messages, 1):
        handled = customer.send(message)
        offered = built_in_messages.loop_offer() in said(handled)
        assert offered == (OFFER_AT <= number < HAND_OVER_AT)
        assert handled.owner == ("queued" if number == HAND_OVER_AT else "bot")
    with database.read() as conn:
        waiting = handovers.find_open(conn, customer.conversation().id)
    assert waiting is not None
    assert waiting.reason == "loop"
    assert built_in_messages.to_human() in said(handled)


@FEW
@given(
    does=st.lists(st.one_of(ANSWERS, FAILURES), min_size=1, max_size=4),
    messages=st.lists(WORDS, min_size=1, max_size=8),
)
def test_nobody_is_left_without_an_answer_or_a_disclosure(
    database: Database, does: list[AssistantTurn | Exception], messages: list[str]
) -> None:
    """Each message is answered in words or by a person; first of all it is said that this is an AI.

    Whatever fails, says nothing, says blanks, or brings a disclosure of its own or none.
    """
    customer = Customer(database, Broken(does))
    told: list[Outbound] = []
    for message in messages:
        handled = customer.send(message)
        told += said(handled)
        assert all(each.text.strip() for each in said(handled))
        if handled.owner == "queued":
            break
        assert any(not is_disclosure(each) for each in said(handled))
    assert is_disclosure(told[0])


@FEW
@given(failure=FAILURES, message=WORDS)
def test_a_failure_is_a_person_at_once(
    database: Database, failure: AssistantTurn | Exception, message: str
) -> None:
    """An assistant that raises, says nothing, or says blanks."""
    handled = Customer(database, Broken([failure])).send(message)
    assert handled.owner == "queued"
    assert built_in_messages.to_human() in said(handled)


@pytest.mark.parametrize("own", [Notice("", "disclosure"), Notice("  \n", "disclosure", "2")])
def test_a_disclosure_without_words_is_none(database: Database, own: Notice) -> None:
    """Of the turn or of the content: Loket's own takes its place."""
    for assistant in (
        Broken([turn(own, Text("Hallo."))]),
        Broken([turn(Text("Hallo."))], disclosure=own),
    ):
        first, *rest = said(Customer(database, assistant).send("vraag"))
        assert (first.text, rest) == (built_in_messages.disclosure().text, [Text("Hallo.")])


@FEW
@given(does=st.one_of(ANSWERS, FAILURES), score=st.integers(1, 5))
def test_a_score_is_kept_whatever_the_assistant_does(
    database: Database, does: AssistantTurn | Exception, score: int
) -> None:
    """No rule for it, a failure, silence: it is kept and acknowledged; nobody is handed over."""
    customer = Customer(database, Broken([turn(Text("Hallo."))]))
    customer.asked_for_score()
    customer.assistant = Broken([does])
    handled = customer.send(str(score))
    assert (handled.owner, customer.score()) == ("bot", score)
    (thanks,) = said(handled)
    assert thanks.text.startswith(f"Dank u. Uw cijfer is een {score}.")
    assert isinstance(thanks, Choice)
    assert (built_in_messages.medewerker() in thanks.options) == (score <= 2)


@FEW
@given(first=st.integers(1, 5), second=st.integers(1, 5), third=st.integers(1, 5))
def test_a_score_is_changed_once(database: Database, first: int, second: int, third: int) -> None:
    """As the store keeps it, so the customer hears it."""
    customer = Customer(database, Broken([turn(Text("Hallo."))]))
    customer.asked_for_score()
    customer.assistant = Broken([RuntimeError("boom")])
    customer.send(str(first))
    for score in (second, third):
        again = said(customer.send("Cijfer wijzigen"))
        if built_in_messages.quiet() not in again:  # it was changed before: no longer offered
            return
        (last,) = said(customer.send(str(score)))
        assert str(customer.score()) in last.text or "blijft het" in last.text


@pytest.mark.parametrize("assistant", [None, Broken([RuntimeError("boom")])], ids=["none", "fails"])
def test_a_number_that_is_no_score_is_asked_again(
    database: Database, assistant: Broken | None
) -> None:
    """A 7 was never on offer: the five are shown again, without a person."""
    customer = Customer(database, Broken([turn(Text("Hallo."))]))
    customer.asked_for_score()
    customer.assistant = assistant
    handled = customer.send("7")
    assert (said(handled), handled.owner) == ([built_in_messages.quiet()], "bot")


def test_the_assistant_s_own_thanks_are_left_alone(database: Database) -> None:
    """Where the content does its work, the worker adds nothing."""
    customer = Customer(database, Broken([turn(Text("Hallo."))]))
    customer.asked_for_score()
    customer.assistant = Broken([turn(Text("Fijn!"), effects=[Rated(5)])])
    assert said(customer.send("5")) == [Text("Fijn!")]
    assert customer.score() == 5


def test_the_assistant_may_hand_over_what_it_answers(database: Database) -> None:
    """A hand-over is never turned back into an offer."""
    same = turn(Text("Ik begrijp het niet."))
    customer = Customer(database, Broken([*[same] * 3, turn(effects=[HandOver("complaint")])]))
    for message in ("een", "twee", "drie"):
        customer.send(message)
    assert customer.send("vier").owner == "queued"


@pytest.mark.parametrize("text", ["bedankt", "hoi", "Dank u wel!", "ok doei", "Goedemorgen"])
def test_courtesies_are_no_loop(database: Database, text: str) -> None:
    """Thanks are answered the same each time."""
    customer = Customer(database, Broken([turn(Text("Graag gedaan."))]))
    for _ in range(HAND_OVER_AT + 2):
        handled = customer.send(text)
        assert handled.owner == "bot"
        assert built_in_messages.loop_offer() not in said(handled)


def test_another_answer_in_between_begins_anew(database: Database) -> None:
    """In a row means in a row."""
    same, other = turn(Text("A")), turn(Text("B"))
    customer = Customer(database, Broken([same, same, same, other]))
    for number in range(12):
        handled = customer.send(f"vraag {number}")
        assert built_in_messages.loop_offer() not in said(handled)
    assert handled.owner == "bot"


def test_a_silence_begins_anew(database: Database) -> None:
    """What was said before a session ended is not what the customer is stuck in."""
    customer = Customer(database, Broken([turn(Text("A"))]))
    for number in range(HAND_OVER_AT + 2):
        customer.now += timedelta(hours=5)
        assert customer.send(f"vraag {number}").owner == "bot"


def test_a_question_that_collects_is_no_loop(database: Database) -> None:
    """The same question, but each answer is kept: that is progress."""
    kept = [f"artikel {number}" for number in range(10)]

    class Memory(Nothing):
        """Keeps what the assistant knows, as its tracker does."""

        def __init__(self, count: int) -> None:
            self.slots = {"articles": kept[:count]}

        def write(self, conn: Connection) -> None:
            """Writes the head of a tracker."""
            from bot.store.sql.tables import trackers

            where = customer.conversation().id
            conn.execute(trackers.delete().where(trackers.c.conversation_id == where))
            head = {"slots": self.slots}
            conn.execute(trackers.insert().values(conversation_id=where, head=head, seq=0))

    does = []
    for count in range(1, 9):
        memory = Memory(count)
        asked = turn(Text("Nog een artikel?"), slots=memory.slots)
        does.append(replace(asked, unwritten=memory))
    customer = Customer(database, Broken(does))
    for number in range(8):
        handled = customer.send(f"artikel nummer {number}")
        assert (handled.owner, said(handled)[-1]) == ("bot", Text("Nog een artikel?"))


SLOTS = st.dictionaries(
    st.sampled_from("abc"),
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.just(""), st.lists(st.integers(), max_size=3)
    ),
)


@given(slots=SLOTS)
def test_what_stays_as_it_was_is_no_progress(slots: dict[str, Any]) -> None:
    """Nor is what is forgotten, or a count that goes up."""
    assert not progressed(slots, slots)
    assert not progressed(slots, {})
    # As the tracker's head keeps them: without what is empty, zero or no.
    assert not progressed({name: value for name, value in slots.items() if value}, slots)
    counted = {name: value + 1 for name, value in slots.items() if isinstance(value, int)}
    assert not progressed(slots, {**slots, **counted})
    assert progressed(slots, {**slots, "new": "waarde"})


@pytest.mark.parametrize(
    ("payload", "is_one"),
    [("/rate", True), ('/rate{"score": 4}', True), ("/rates", False), ("/affirm", False)],
)
def test_which_taps_are_ratings(payload: str, is_one: bool) -> None:
    """By name, whole."""
    assert rating_guard.is_rating(payload) is is_one
