"""Another one besides takes no answer's place, where a task does one at a time; no model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.additions import adds
from bot.dialogue.commands import Also, Command, Correct
from bot.dialogue.questions import CONFIRM, Question
from bot.dialogue.situation import Situation
from bot.dialogue.turn_message import Entity, TurnMessage
from bot.dialogue.understanding import commands_of
from bot.topics import built_in
from bot.topics.topic import Topic
from bot.topics.topics import Topics

TOPICS = Topics((*built_in.TOPICS, Topic("return_book", kind="task"), Topic("hours")))
BOOKS = ("atlas", "roman", "gids")


def _book(text: str) -> str | None:
    return next((book for book in BOOKS if book in text), None)


BOOK = Question("book", parse=_book, one_by_one=True)
SIZE = Question("size", parse=lambda text: "groot" if "groot" in text else None)
CARD = Question("card", sure=True, one_by_one=True)
CODE = Question("code")
VALUES = {"card": "AB-1", "code": "1", "book": "atlas", "size": "klein"}


def heard(
    typed: str, *entities: Entity, asked: Question = CONFIRM, intent: str | None = None
) -> tuple[Command, ...]:
    """The commands of a message to a return of one book."""
    message = TurnMessage(intent, 0.9, typed, entities, started=False, resumed=False, left=None)
    now = Situation(
        (CARD, BOOK, SIZE, CONFIRM), asked, VALUES, frozenset(VALUES), ("return_book",), TOPICS,
        claim=CARD, proof=CODE,
    )  # fmt: skip
    return commands_of(message, now)


@pytest.mark.parametrize(
    "typed",
    [
        "ook de roman", "en de roman", "ja en ook de roman", "de atlas en de roman",
        "de roman ook graag", "plus de roman", "doe de roman er ook bij", "ja klopt, en de roman",
    ],
)  # fmt: skip
def test_another_one_comes_after_the_first(typed: str) -> None:
    """It took the place of the first in silence."""
    assert heard(typed) == (Also("book", "roman"),)


def test_several_come_one_after_the_other() -> None:
    """Each once."""
    assert heard("ook de roman en de gids en de roman") == (
        Also("book", "roman"), Also("book", "gids"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "typed", ["nee de roman", "toch liever de roman", "niet de atlas maar de roman", "de roman"]
)
def test_another_one_in_its_place_takes_it(typed: str) -> None:
    """Nothing in it adds."""
    assert heard(typed) == (Correct("book", "roman"),)


def test_what_a_task_takes_once_is_changed() -> None:
    """A size is no thing of which there are more."""
    assert heard("ook groot") == (Correct("size", "groot"),)


def test_a_claim_besides_is_not_proved_in_place_of_the_first() -> None:
    """The answers so far are of the first; another task may well be asked of another one."""
    typed = "en ook AB-2"
    other = Entity("card", "AB-2", typed.index("AB-2"), len(typed))
    assert heard(typed, other) == (Also("card", "AB-2"),)
    assert Also("card", "AB-2") not in heard("nee AB-2", Entity("card", "AB-2", 4, 8))


def test_a_question_adds_nothing() -> None:
    """But one that asks for the task itself."""
    assert Also("book", "roman") not in heard("is de roman ook gratis?", intent="hours")
    assert heard("kan de roman ook?", intent="return_book") == (Also("book", "roman"),)


@given(
    st.sampled_from(["ook", "en", "en ook", "ja en", "plus"]),
    st.lists(st.sampled_from(BOOKS), min_size=1, max_size=3),
    st.sampled_from([SIZE, CONFIRM]),
)
def test_no_addition_changes_the_answer_there_is(
    lead: str, books: list[str], asked: Question
) -> None:
    """Whatever is added, and wherever in the task."""
    found = heard(f"{lead} de {' en de '.join(books)}", asked=asked)
    assert not any(isinstance(each, Correct) and each.slot == "book" for each in found)
    wanted = [Also("book", each) for each in dict.fromkeys(books) if each != "atlas"]
    assert [each for each in found if isinstance(each, Also)] == wanted


def test_what_adds() -> None:
    """Words that put one beside another, and not in its place."""
    assert adds("gas heb ik ook")
    assert not adds("liever ook de andere")
    assert not adds("dat is de gasmeter")
