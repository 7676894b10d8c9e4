"""A hand-over is announced once, and truly: somebody comes, it is closed, or nobody is there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.catalogue import say
from bot.conversation import built_in_messages, queueing
from bot.messages import HandOver, Notice
from bot.store.desk import agents
from bot.store.sql.database import Database
from tests.support.counter import EVENING, NOON, Bot, Counter

#: As designers write it; what a customer may not read when there is nobody.
ANSWERS = Notice("Een medewerker leest dit gesprek en antwoordt u hier.", "to_human")
ABSENT = "Er is nu "


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    """The desk is Loket's own, with one agent, who is not there."""
    database = Database(f"sqlite:///{tmp_path}/loket.db")
    database.upgrade()
    with database.begin() as conn:
        agents.add(conn, "samira", "Samira", "agent", (), NOON)
    yield Counter(database, bot=Bot(HandOver("asked"), says=(ANSWERS,)), own_desk=True)
    database.dispose()


def at_desk(counter: Counter, moment: datetime) -> None:
    with counter.database.begin() as conn:
        agents.seen(conn, 1, moment)


@pytest.mark.parametrize("words", ["medewerker", "kunt u mij terugbellen?", "alles is stuk"])
@pytest.mark.parametrize("assistant", [True, False], ids=["assistant", "none"])
@pytest.mark.parametrize("state", ["open", "closed", "nobody"])
async def test_one_announcement_for_each_state(
    counter: Counter, state: str, words: str, *, assistant: bool
) -> None:
    """Whoever announces it, however it is asked for; what takes it back never follows."""
    counter.bot = counter.bot if assistant else None
    counter.now = EVENING if state == "closed" else NOON
    if state == "open":
        at_desk(counter, NOON)
    said = await counter.say(words)
    # What the agent reads as said is what was sent.
    read = [each["text"] for each in counter.handover.summary["last"]]
    assert read == [words, *(each.text for each in counter.said)][-len(read) :]
    told = [each for each in counter.said if isinstance(each, Notice) and each.notice == "to_human"]
    assert len(told) == 1, said
    if state == "open":
        assert told[0] in (ANSWERS, built_in_messages.to_human())
        assert ABSENT not in said
        return
    assert told[0].text.startswith(ABSENT)
    assert said.count(ABSENT) == 1, said
    assert said.count(say("queue.stays")) == 1, said
    assert ANSWERS.text not in said
    assert built_in_messages.to_human().text not in said


async def test_with_nobody_there_a_call_is_offered(counter: Counter) -> None:
    """With the place in the queue, which counts all the same."""
    said = await counter.say("medewerker")
    assert queueing.call_back_offer() in said
    assert say("queue.first") in said


async def test_at_another_desk_nobody_knows_who_is_there(counter: Counter) -> None:
    """Then nobody is said to be away."""
    counter.own_desk = False
    assert ANSWERS.text in await counter.say("medewerker")


async def test_a_second_plea_after_hours_promises_nothing_first(counter: Counter) -> None:
    """An answer here, and then that there is nobody, is the same fault."""
    counter.now = EVENING
    await counter.say("medewerker")
    said = await counter.say("medewerker")
    assert said.startswith(ABSENT)
    assert say("queue.already") not in said
