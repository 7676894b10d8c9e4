"""What a task is about to do may be said once more: that agrees; anything besides it does not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.questions import CONFIRM, Question
from bot.dialogue.restated import agrees, asks_for_it


def _change(text: str) -> str | None:
    if re.search(r"zeg .*\bop\b|opzeg|be[eë]indig|stop (hem|de les)", text):
        return "stop"
    return "pause" if "pauze" in text else None


CHANGE = Question("lesson_change", parse=_change, does=True)
KIND = Question("lesson", parse=lambda text: "swimming" if "zwemles" in text else None)
QUESTIONS = (KIND, CHANGE, CONFIRM)
VALUES = {"lesson_change": "stop", "lesson": "swimming"}
#: Below "Ik zeg uw zwemles op. Klopt dit?".
AGREES = (
    "gewoon verder, zeg maar op",
    "zeg maar op hoor",
    "zeg de zwemles maar op",
    "ja stop hem maar",
    "ga maar door, beëindig het",
    "ja graag opzeggen",
)
#: Asks for it, with more than the summary says; or may mean the talk.
MORE = ("ja zeg maar op bij mijn moeder", "zeg maar op in januari", "ja stop hem maar volgend jaar")
OTHER = (
    "niet opzeggen",
    "zeg maar niet op",
    "ja toch maar niet opzeggen",
    "zeg je hem dan op?",
    "stop maar",
    "beëindig maar",
    "doe maar pauze",
    "nee, zeg op",
)


@pytest.mark.parametrize("text", AGREES)
def test_the_same_once_more_agrees(text: str) -> None:
    """In an imperative, or behind a yes."""
    assert agrees(text, QUESTIONS, VALUES)


@pytest.mark.parametrize("text", MORE)
def test_more_than_the_same_agrees_to_nothing(text: str) -> None:
    """It is no wish to stop the talk either."""
    assert asks_for_it(text, QUESTIONS, VALUES)
    assert not agrees(text, QUESTIONS, VALUES)


@pytest.mark.parametrize("text", OTHER)
def test_what_denies_asks_or_may_mean_the_talk(text: str) -> None:
    """Neither agrees nor asks for it."""
    assert not asks_for_it(text, QUESTIONS, VALUES)


@given(st.sampled_from(AGREES), st.text("bcdfghklmnprstvwz", min_size=4, max_size=12))
def test_one_unknown_word_is_no_consent(text: str, word: str) -> None:
    """Nobody knows what it attaches."""
    assert not agrees(f"{text} {word}", QUESTIONS, VALUES)


@given(st.text(max_size=60))
def test_only_what_a_task_does_can_be_said_again(text: str) -> None:
    """Another answer ("toch niet nodig", a reason) says nothing of what is to be done."""
    said = (Question("reason", parse=lambda _: "regret"), CONFIRM)
    assert not agrees(text, said, {"reason": "regret"})
