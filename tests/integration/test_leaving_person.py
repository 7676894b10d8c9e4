"""A customer who has a person goes back to the assistant by a tap, and by nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.catalogue import say
from bot.conversation import built_in_messages
from bot.store.desk import agents
from bot.store.handover import handover_moves
from bot.store.sql.database import Database
from bot.worker.triage import needs_no_model
from tests.support.counter import Bot, Counter


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    """A customer whom Samira answers."""
    database = Database(f"sqlite:///{tmp_path}/loket.db")
    database.upgrade()
    counter = Counter(database)
    await counter.say("medewerker")
    with database.begin() as conn:
        agent = agents.add(conn, "samira", "Samira", "agent", (), counter.now)
        handover_moves.take(conn, counter.handover, agent.id, counter.now)
    await counter.become("human")
    counter.bot = Bot()
    yield counter
    database.dispose()


async def test_the_button_leads_back(counter: Counter) -> None:
    """Announced, disclosed anew, with a person one tap away; the hand-over is settled."""
    said = await counter.say("Terug naar de assistent", built_in_messages.RESUME)
    kinds = [getattr(message, "notice", None) for message in counter.said]
    assert kinds == ["disclosure", "to_bot", None]
    assert built_in_messages.to_bot().text in said
    assert built_in_messages.medewerker().title in counter.titles
    assert (counter.owner, counter.handover.outcome) == ("bot", "resumed")


async def test_words_are_for_the_person(counter: Counter) -> None:
    """Whatever they say: a person can read and hand back."""
    for words in ("terug naar de assistent", "toch maar de bot", "medewerker"):
        assert await counter.say(words) == ""
        assert counter.owner == "human"
    assert counter.bot is not None
    assert counter.bot.heard == []


async def test_no_way_back_to_a_broken_assistant(counter: Counter) -> None:
    """The customer keeps the person, and hears why."""
    counter.bot = None
    said = await counter.say("Terug naar de assistent", built_in_messages.RESUME)
    assert said == say("chat.person_stays")
    assert (counter.owner, counter.handover.closed_at) == ("human", None)


def test_a_worker_without_a_model_leaves_the_tap_to_one_that_has_it() -> None:
    """What is for the person needs no model; going back does."""
    words = ("hoi", None)
    assert needs_no_model("human", [words])
    assert not needs_no_model("human", [words, ("Terug", built_in_messages.RESUME)])
