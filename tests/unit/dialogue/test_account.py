"""A question about a task is answered from what the task said, and nothing is made up."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.account import Known, account, known
from bot.topics.topic import Topic

LESSON = Topic(
    "change_lesson",
    "Les wijzigen",
    kind="task",
    called=("zwemmen", "tarief"),
    slots={"lesson_day": "Dag van de les", "bath": "Zwembad"},
)
SUMMARY = "Ik zet uw zwemles 4 weken stil. De les begint weer maandag 4 januari. Klopt dit?"
OUTCOME = "Gedaan. Uw zwemles staat stil. Op maandag 4 januari begint de les weer vanzelf."
MORE = "Kan ik nog iets voor u doen?"


def bot(text: str) -> dict[str, Any]:
    return {"event": "bot", "text": text}


def slot(name: str, value: object) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value}


USER: dict[str, Any] = {"event": "user", "text": "ja"}
AT_SUMMARY = [USER, bot(SUMMARY), slot("summary_shown", "a1"), USER]
SHOWN = {"requested_slot": "confirmed", "summary_shown": "a1"}
CARRIED_OUT = [USER, bot(SUMMARY), USER, slot("form_outcome", "complete"), bot(OUTCOME), bot(MORE)]
DONE = {"form_outcome": "complete", "confirmed": "yes"}


def told(question: str, since: int = 0) -> Known | None:
    """The answer after the task was carried out, so many messages ago besides this one."""
    found = account(DONE, [*CARRIED_OUT, *[USER, bot("Goed.")] * since, USER], LESSON)
    return known(question, found) if found else None


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("vanaf wanneer mag hij weer?", None),
        ("vanaf wanneer begint hij weer?", "4 januari"),
        ("en wanneer krijg ik hem weer", "4 januari"),
        ("welke dag begint de zwemles nu", "4 januari"),
        ("wat is er nu met mijn les", "les"),
        # Of other things, or what the task did not say.
        ("wanneer gaan jullie dicht?", None),
        ("wanneer komt de monteur", None),
        ("hoeveel kost dat", None),
        ("wat kost een les", None),
        ("kan het ook een week later?", None),
        ("dank u wel", None),
        ("wanneer kan ik anders komen", None),
    ],
)
def test_what_was_carried_out_is_known(question: str, holds: str | None) -> None:
    """In the words of the outcome; a question about anything else is left to others."""
    found = told(question)
    assert (found is None) == (holds is None)
    assert found is None or (holds is not None and holds in found.fact and not found.done)


@pytest.mark.parametrize(
    ("question", "yes"),
    [
        ("is het nu geregeld?", True),
        ("is dat gelukt", True),
        ("heb je het zwemmen opgeslagen?", True),
        ("staat mijn les nu stilgezet", False),
        ("is de monteur al geregeld?", False),
        ("is mijn bestelling ingevoerd", False),
        ("is mijn badmuts aangekomen?", False),
    ],
)
def test_whether_it_was_done(question: str, *, yes: bool) -> None:
    """A yes with the outcome, when it is about this task."""
    found = told(question)
    assert bool(found and found.done) is yes
    assert found is None or "zwemles" in found.fact


@pytest.mark.parametrize(("since", "is_known"), [(0, True), (3, True), (4, False)])
def test_it_is_known_for_a_few_messages(since: int, *, is_known: bool) -> None:
    """Later a question may be about anything."""
    assert (told("wanneer begint hij weer", since) is not None) is is_known


def test_a_summary_tells_what_is_to_come_and_not_that_it_was_done() -> None:
    """The question stands until the yes."""
    found = account(SHOWN, AT_SUMMARY, LESSON)
    assert found is not None
    assert known("vanaf wanneer begint hij weer?", found) == Known(
        "De les begint weer maandag 4 januari."
    )
    assert known("is het nu geregeld?", found) is None


@pytest.mark.parametrize(
    "slots", [{}, {**DONE, "confirmed": None}, {**DONE, "form_outcome": "stopped"}]
)
def test_a_task_that_was_not_carried_out_tells_nothing(slots: dict[str, Any]) -> None:
    """Nor one that was left or is not possible."""
    assert account(slots, [*CARRIED_OUT, USER], LESSON) is None


@given(st.text(max_size=80), st.lists(st.text(max_size=100), min_size=1, max_size=3))
def test_nothing_is_made_up(question: str, said: list[str]) -> None:
    """What is told stood in what the task said, word for word."""
    events = [USER, bot(SUMMARY), USER, slot("form_outcome", "complete"), *map(bot, said), USER]
    found = account(DONE, events, LESSON)
    answer = known(question, found) if found else None
    assert answer is None or any(answer.fact in each for each in (*said, SUMMARY))
