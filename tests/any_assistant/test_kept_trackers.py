"""A tracker that was kept from the turn before is the one that the database would have given."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.conversation import built_in_messages
from tests.support.any_assistant import TASKS, first_of
from tests.support.dialogue import Customer
from tests.support.kept_trackers import Comparison

pytestmark = pytest.mark.model


def wandering() -> Iterator[str]:
    """Tasks with questions in between, ways back and out, small talk and a new session."""
    for conversation in map(first_of, TASKS[:2]):
        start, first, *rest = conversation.lines
        yield from ("hoi", start, "hoe laat zijn jullie open", first, "terug", first)
        yield from (*rest[:-1], "stop", "dank je wel")
    yield from ("/restart", "hoi", *first_of(TASKS[0]).lines, "mijn vraag", "doei", "4")


def test_a_conversation_that_wanders(customer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms left and taken up, words taken back, sessions begun anew, a queue and back."""
    compared, turns = Comparison(monkeypatch), 0
    for line in wandering():
        if line.startswith("[") and not customer.options:
            continue
        customer.follow([line])
        turns += 1
        if customer.owner == "queued":
            customer.tap(built_in_messages.back_to_bot().title)
    compared.check()
    assert len(compared.pairs) >= turns / 2
