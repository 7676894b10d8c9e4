"""Who denies the task at hand wants out of it, and no page about it; commands in, no model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.commands import Ask, AskLeave, Command, Correct, Leave
from bot.dialogue.denials import denies_beside
from bot.dialogue.questions import CONFIRM, Question
from bot.dialogue.situation import Situation
from bot.dialogue.turn_message import Entity, TurnMessage
from bot.dialogue.understanding import commands_of
from bot.topics import built_in
from bot.topics.topic import Topic
from bot.topics.topics import Topics

TOPICS = Topics((*built_in.TOPICS, Topic("move_visit", kind="task"), Topic("pay", kind="task")))
DAY = Question("visit_day", entity="date")


def _deed(text: str) -> str | None:
    return "pause" if "pauze" in text else "end" if "opzeg" in text else None


DEED = Question("deed", parse=_deed, does=True, keen=True)
STORY = Question("story", parse=str, free=True)


def message(typed: str, intent: str | None = None, confidence: float = 0.5, **more: bool):  # type: ignore[no-untyped-def]
    """A message as it was typed."""
    return TurnMessage(
        intent, confidence, typed, (), started=False, resumed=False, left=None, **more
    )


def situation(asked: Question = DAY, **values: str) -> Situation:
    """A visit that is being moved."""
    return Situation(
        (DEED, DAY, STORY, CONFIRM), asked, values, frozenset(values), ("move_visit",), TOPICS,
        title="Bezoek verzetten",
    )  # fmt: skip


def heard(typed: str, asked: Question = DAY, **values: str) -> tuple[Command, ...]:
    """The commands of a message that nobody understood."""
    return commands_of(message(typed), situation(asked, **values))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nee niet verzetten", Leave),
        ("nee, ik wil het bezoek niet verzetten", Leave),
        ("nee ik hoef niks verzetten hoor", Leave),
        ("niet verzetten", AskLeave),
        ("ik wil niet verzetten", AskLeave),
        # Not the task's own word: it may be less than all of it.
        ("nee ik wil hem niet wijzigen", AskLeave),
    ],
)
@pytest.mark.parametrize("asks", [False, True], ids=["", "a page is near"])
def test_a_denial_leaves_the_task(typed: str, found: type, *, asks: bool) -> None:
    """Told plainly it leaves; else it is asked. It got the page about what it denied."""
    said = commands_of(message(typed, "pay", 0.8, asks_pages=asks), situation())
    assert [type(each) for each in said] == [found]


def test_what_the_summary_does_is_denied_with_a_question_first() -> None:
    """Something else may be wanted of the same task."""
    assert heard("nee niet pauzeren", CONFIRM, deed="pause") == (AskLeave(),)
    assert heard("nee ik wil niet opzeggen", CONFIRM, deed="end") == (AskLeave(),)


@pytest.mark.parametrize("typed", ["opzeggen niet pauzeren", "niet pauzeren maar opzeggen"])
@pytest.mark.parametrize("asked", [DAY, CONFIRM])
def test_what_is_wanted_in_its_place_takes_it(typed: str, asked: Question) -> None:
    """Of one task it is another answer."""
    assert Correct("deed", "end") in heard(f"ik wil {typed}", asked, deed="pause")


def test_another_task_beside_a_denial_is_answered_and_the_first_is_offered() -> None:
    """Whatever was typed: the essence of it was understood as the other task."""
    typed = "ik wil betalen niet verzetten"
    assert commands_of(message(typed, "pay", 0.9), situation()) == (Ask(),)
    assert denies_beside(message(typed), situation())
    assert not denies_beside(message("ik wil betalen"), situation())
    typed = "nee ik wil niks verzetten, ik wil weten wat het kost"
    assert commands_of(message(typed, "pay", 0.9), situation()) == (Ask(),)


@pytest.mark.parametrize(
    "typed", ["ik kan hem niet verzetten", "niet deze", "waarom niet verzetten?", "nee niet ik"]
)
def test_what_only_looks_like_a_denial_is_none(typed: str) -> None:
    """It tells of trouble, chooses or asks."""
    assert not {Leave(), AskLeave()} & {*heard(typed, deed="pause")}


def test_what_is_denied_is_no_answer() -> None:
    """A question that reads the word in it would take what is not wanted."""
    part = Question("part", parse=lambda text: "moment" if "verzetten" in text else None)
    now = Situation((part,), part, {}, frozenset(), ("move_visit",), TOPICS, title="Iets anders")
    assert commands_of(message("nee ik wil hem niet verzetten"), now) == (AskLeave(),)


def test_no_story_is_a_denial() -> None:
    """Where any words are the answer."""
    assert Leave() not in heard("nee ik wil niet verzetten", STORY)


@given(
    st.sampled_from(["nee ", "nee, ", "", "sorry "]),
    st.sampled_from(["ik wil ", "ik hoef ", "wij willen ", ""]),
    st.sampled_from(["", "het bezoek ", "hem ", "helemaal "]),
    st.sampled_from(["niet", "niks", "toch niet"]),
    st.sampled_from([DAY, CONFIRM]),
)
def test_a_denial_changes_nothing(
    no: str, wish: str, what: str, denial: str, asked: Question
) -> None:
    """However it is put together: it leaves, or asks whether to leave."""
    (found,) = heard(f"{no}{wish}{what}{denial} verzetten", asked)
    assert isinstance(found, Leave | AskLeave)


def test_a_value_beside_it_is_an_answer() -> None:
    """A day is named: it is no mere denial."""
    typed = "nee niet verzetten naar vrijdag"
    day = Entity("date", "2026-12-04", typed.index("vrijdag"), len(typed))
    said = TurnMessage(None, 0.5, typed, (day,), started=False, resumed=False, left=None)
    assert AskLeave() not in commands_of(said, situation())
