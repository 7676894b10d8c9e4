"""A turn that was cut off after its action and is run again comes to the same, and once."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.any_assistant import CONVERSATIONS, TASKS, Conversation
from tests.support.dialogue import Customer, Shop, conversation_of, open_question

pytestmark = pytest.mark.model

#: Types of columns that say when something was written, which differs from one time to the next.
_MOMENTS = frozenset({"DATETIME", "TIMESTAMP"})


def cut_off(office: Shop, customer: Customer, line: str) -> None:
    """Runs a turn and loses it: the action ran, nothing of it was written on our side."""
    text, payload = customer.meant(line)
    mine = conversation_of(office, customer).id
    asyncio.run(office.assistant.turn(mine, payload or text, "lost", "webchat"))


def kept(folder: Path, conversation: str) -> dict[str, list[str]]:
    """What the backends keep in their folder: the rows of each table, without times of writing."""
    found: dict[str, list[str]] = {}
    for file in sorted(folder.glob("*.db")):
        with closing(sqlite3.connect(file)) as database:
            query = "SELECT name FROM sqlite_master WHERE type = 'table'"
            for (table,) in database.execute(query).fetchall():
                columns = database.execute(f"PRAGMA table_info('{table}')").fetchall()
                names = ", ".join(f'"{each[1]}"' for each in columns if each[2] not in _MOMENTS)
                rows = database.execute(f'SELECT {names} FROM "{table}"').fetchall()
                found[table] = sorted(str(row).replace(conversation, "me") for row in rows)
    return found


def test_every_task_has_a_conversation() -> None:
    """So that what is tried here, and in the suites beside it, is tried with all of them."""
    assert {each.task for each in CONVERSATIONS} == set(TASKS)


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=str)
def test_run_again(
    conversation: Conversation,
    office: Shop,
    customers: Callable[[], Customer],
    anew: Callable[[], Path],
) -> None:
    """The customer reads what anybody else reads, and the backends hold what they hold else."""
    *before, last = conversation.lines
    folder, undisturbed = anew(), customers().follow(conversation.lines)
    wanted = kept(folder, conversation_of(office, undisturbed).id)
    read, owner = undisturbed.text, undisturbed.owner
    if owner == "queued":  # in opening hours the next one would read that somebody waits before
        undisturbed.say("laat maar, ga terug naar de bot")
        assert undisturbed.owner == "bot"
    folder, customer = anew(), customers().follow(before)
    assert open_question(office, customer) is not None
    untouched = kept(folder, conversation_of(office, customer).id)
    cut_off(office, customer, last)
    done = kept(folder, conversation_of(office, customer).id)
    customer.follow([last])
    assert customer.text == read
    assert customer.owner == owner
    assert kept(folder, conversation_of(office, customer).id) == wanted == done
    assert (untouched != wanted) <= conversation.confirmed
