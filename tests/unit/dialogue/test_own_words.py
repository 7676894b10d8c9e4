"""Answers in a customer's own words: what is none, and how one is corrected; no model."""

from __future__ import annotations

from typing import Any

import pytest

from bot.acts.acts import ActShares
from bot.dialogue.commands import Answer, Command, Correct
from bot.dialogue.questions import CONFIRM, Question
from bot.dialogue.situation import Situation
from bot.dialogue.turn_message import TurnMessage
from bot.dialogue.understanding import commands_of
from bot.topics import built_in
from bot.topics.topic import Topic
from bot.topics.topics import Topics

STREET = Question("street", any_words=True)
FAULT = Question("fault", parse=lambda text: "out" if "uit" in text else None)
TOPICS = Topics((*built_in.TOPICS, Topic("report", kind="task")))
KNOWN: dict[str, Any] = {"street": "Kerkstraat 4", "fault": "out"}


def said(
    typed: str, asked: Question = CONFIRM, acts: dict[str, float] | None = None, **state: Any
) -> tuple[Command, ...]:
    """The commands of a message to a report of a street and a fault."""
    message = TurnMessage(
        None, 0.4, typed, (), started=False, resumed=False, left=None, acts=ActShares(acts or {}),
    )  # fmt: skip
    values = KNOWN if asked is CONFIRM else {}
    now = Situation(
        (STREET, FAULT, CONFIRM), asked, values, frozenset(values), ("report",), TOPICS,
        {"street": "Straat"}, **state,
    )  # fmt: skip
    return commands_of(message, now)


@pytest.mark.parametrize(
    "typed",
    [
        "weet ik niet",
        "hmm ja zal wel",
        "doe maar",
        "geen idee",
        "wat?",
        "huh",
        "waarom wil je dat weten?",
        "kost dat iets",
    ],
)
def test_words_without_an_answer_are_none(typed: str) -> None:
    """They were kept as the street."""
    assert not [each for each in said(typed, STREET) if isinstance(each, Answer)]


@pytest.mark.parametrize("typed", ["Kerkstraat 4", "bij de molen", "de dijk, ter hoogte van 12"])
def test_other_words_are_the_answer(typed: str) -> None:
    """As they were typed."""
    assert said(typed, STREET) == (Answer("street", typed),)


@pytest.mark.parametrize(
    ("typed", "street"),
    [
        ("nee, Molenstraat 5", "Molenstraat 5"),
        ("toch Parkweg 11", "Parkweg 11"),
        ("ik bedoel Parkweg 7", "Parkweg 7"),
        ("de straat is Dorpsweg 7", "Dorpsweg 7"),
        ("de straat moet Molenweg 5 zijn", "Molenweg 5"),
    ],
)
def test_it_is_corrected_in_words(typed: str, street: str) -> None:
    """As an answer that something reads is; the other answers stay."""
    assert said(typed) == (Correct("street", street),)


def test_after_what_must_be_different_the_words_alone_do() -> None:
    """Unless they say yes, or that something is wrong."""
    assert said("Molenweg 5", editing=True) == (Correct("street", "Molenweg 5"),)
    for typed in ("ja hoor", "dat klopt niet", "laat maar", "weet ik niet"):
        found = said(typed, editing=True)
        assert not [each for each in found if isinstance(each, Correct) and each.value], typed


@pytest.mark.parametrize(
    "typed", ["nee, dat klopt niet", "nee laat maar", "nee, dat is een verkeerde", "Molenweg 5"]
)
def test_what_is_no_correction_changes_nothing(typed: str) -> None:
    """A mere "nee" with words that are no data, nor words that nobody asked for."""
    assert not [each for each in said(typed) if isinstance(each, Correct) and each.value]
