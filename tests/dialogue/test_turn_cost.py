"""What a turn costs, counted and not timed: a gross regression fails here on any machine.

Processor time is measured by `make bench-turns`; the figures are in
docs/decisions/0091-predictions-from-one-view.md.
"""

from __future__ import annotations

import cProfile
import pstats
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from threadpoolctl import threadpool_info

from bench.measuring.customers import VISIT, messages
from bot.core import tracker_store
from bot.store.sql.database import Database
from tests.support.dialogue import Customer, Shop

pytestmark = pytest.mark.model


def talk(customer: Customer, count: int, skip: int = 0) -> None:
    """Goes on with the same conversation."""
    for text in messages(count)[skip:]:
        assert customer.say(text).owner == "bot", text


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """How often Rasa's costly ways were gone, by name."""
    counts: Counter[str] = Counter()

    def count(where: object, name: str, as_what: str) -> None:
        done = getattr(where, name)

        def counting(*args: object, **kwargs: object) -> object:
            counts[as_what] += 1
            return done(*args, **kwargs)

        monkeypatch.setattr(where, name, counting)

    count(MessageProcessor, "_predict_next_with_tracker", "predictions")
    count(RulePolicy, "_is_rule_applicable", "rules tried one by one")
    count(DialogueStateTracker, "past_states", "states of the whole conversation")
    count(DialogueStateTracker, "travel_back_in_time", "copies by replay")
    count(tracker_store, "read_event", "events read")
    return counts


def test_what_the_turns_of_a_long_conversation_take(
    customer: Customer, counted: Counter[str]
) -> None:
    """Three predictions or so, and none of Rasa's ways that go through everything again."""
    turns = 40
    talk(customer, turns)
    assert counted["predictions"] / turns <= 3.2
    # The conversation is kept from turn to turn, and read again when what is kept is made shorter.
    assert counted["events read"] / turns <= 12
    assert counted["rules tried one by one"] == 0
    assert counted["states of the whole conversation"] == 0
    assert counted["copies by replay"] == 0


class Queries:
    """What a database is asked while it is listened to."""

    def __init__(self) -> None:
        """Listens to every database, until `close`."""
        self.statements = self.transactions = 0
        self._known: dict[int, object] = {}
        self.made = 0
        self._begin = Database.begin, Database.read
        event.listen(Engine, "before_execute", self._statement)
        for name in ("begin", "read"):
            self._count(name)

    def _statement(self, _conn: Connection, statement: object, *_: object) -> None:
        self.statements += 1
        if id(statement) not in self._known:  # kept, so that no other gets its number
            self._known[id(statement)] = statement
            self.made += 1

    def _count(self, name: str) -> None:
        original = getattr(Database, name)

        def counting(database: Database) -> AbstractContextManager[Connection]:
            self.transactions += 1
            made: AbstractContextManager[Connection] = original(database)
            return made

        setattr(Database, name, counting)

    def forget(self) -> None:
        """Begins to count anew, with the statements that are known by now."""
        self.statements = self.transactions = self.made = 0

    def close(self) -> None:
        """Listens no more."""
        event.remove(Engine, "before_execute", self._statement)
        Database.begin, Database.read = self._begin  # type: ignore[method-assign]


@pytest.fixture
def queries() -> Iterator[Queries]:
    """Counts."""
    counting = Queries()
    yield counting
    counting.close()


def test_what_a_turn_asks_of_the_database(shop: Shop, queries: Queries) -> None:
    """Three transactions (one of them the web's), each statement of them made once for all."""
    talk(shop.customer(), len(VISIT))
    queries.forget()
    visits = 3
    for _ in range(visits):
        talk(shop.customer(), len(VISIT))
    turns = visits * len(VISIT)
    assert queries.statements / turns <= 25
    # Beside a turn's own three, proofs of identity take some; the shop's look-ups are its own.
    assert queries.transactions / turns <= 3.6
    # Those of the shop's back ends: one for each look-up.
    assert queries.made / turns <= 0.5


def calls(customer: Customer, count: int, skip: int) -> float:
    """Function calls a turn in the process that answers; its database threads are not counted."""
    profile = cProfile.Profile()
    profile.enable()
    talk(customer, count, skip)
    profile.disable()
    return float(vars(pstats.Stats(profile))["total_calls"]) / (count - skip)


def test_a_turn_takes_no_more_calls_and_late_turns_as_many_as_early_ones(
    customer: Customer,
) -> None:
    """Once the window on the conversation is full (bot/core/checkpoint.py) nothing grows."""
    talk(customer, 24)
    early = calls(customer, 48, 24)
    late = calls(customer, 96, 72)
    assert early < 18_000
    assert late < 1.05 * early


def test_a_turn_takes_one_thread_for_its_mathematics(shop: Shop) -> None:
    """Threads that share one sentence's matrices wait at full speed: half as much again a turn."""
    assert shop.assistant.disclosure is not None  # it is loaded
    blas = [library for library in threadpool_info() if library["user_api"] == "blas"]
    assert {library["num_threads"] for library in blas} == {1}
