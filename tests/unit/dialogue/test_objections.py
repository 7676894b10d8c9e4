"""Who says that it goes the wrong way never gets the same question once more; no model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.acts.acts import ActShares
from bot.dialogue.commands import (
    Answer,
    Ask,
    AskBeside,
    Beyond,
    Command,
    Correct,
    Leave,
    Misunderstood,
    Refuse,
    Resume,
    Unclear,
)
from bot.dialogue.message_answers import values_of_question
from bot.dialogue.questions import CONFIRM, Question
from bot.dialogue.situation import Situation
from bot.dialogue.turn_message import Entity, TurnMessage
from bot.dialogue.understanding import commands_of
from bot.dutch import postcode
from bot.topics import built_in
from bot.topics.topic import Topic
from bot.topics.topics import Topics

TOPICS = Topics((*built_in.TOPICS, Topic("book_visit", kind="task"), Topic("track", kind="task")))
DAY = Question("visit_day", entity="date")
PART = Question("part", parse=lambda text: "noon" if "middag" in text.casefold() else None)
CODE = Question("postcode", entity="postcode", parse=postcode.parse, amend=postcode.amend)
WEEKS = Question("weeks", parse=lambda text: "4" if "4" in text else None)


def situation(asked: Question, *questions: Question, **more: object) -> Situation:
    values = more.pop("values", {})
    return Situation(
        questions or (asked, CONFIRM), asked, values, frozenset(values),  # type: ignore[arg-type,call-overload]
        ("book_visit",), TOPICS, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def message(typed: str, *entities: Entity, **more: object) -> TurnMessage:
    acts = ActShares(more.pop("acts", {}))  # type: ignore[arg-type]
    given: dict[str, object] = {"intent": None, "confidence": 0.5, "started": False, **more}
    return TurnMessage(
        typed=typed,
        entities=entities,
        resumed=False,
        left=None,
        acts=acts,
        **given,  # type: ignore[arg-type]
    )


def heard(typed: str, asked: Question = DAY, **more: object) -> tuple[Command, ...]:
    return commands_of(message(typed, **more), situation(asked))


@pytest.mark.parametrize(
    ("typed", "acts"),
    [
        ("dat zei ik net al", {"object": 0.98}),
        ("u begrijpt me niet", {"object": 0.5}),
        ("nee niet terugsturen, die zat er NIET in", {"report": 0.31, "decline": 0.21}),
        ("nee!! ik wil gewoon een nieuwe", {"request": 0.3, "object": 0.28}),
        ("ik stuur niks, ik wil weten of het binnen is", {"object": 0.59, "question": 0.19}),
    ],
)
def test_an_objection_without_a_way_is_owned_up_to(typed: str, acts: dict[str, float]) -> None:
    """The task says that it misunderstood, and offers ways on."""
    assert heard(typed, acts=acts) == (Misunderstood(),)


@given(st.floats(0.35, 1), st.floats(0.5, 1))
def test_the_topic_that_it_names_is_answered(confidence: float, share: float) -> None:
    """However unsure; the task is set aside."""
    typed = "nee ik vroeg welke dag hij nu staat"
    found = heard(typed, intent="track", confidence=confidence, acts={"object": share})
    assert found == (Ask(),)


def test_a_question_in_it_is_answered_by_a_page() -> None:
    """As any question within a task."""
    acts = {"question": 0.43, "object": 0.36}
    found = heard("nee ik bedoel of ge een winkel hebt", asks_pages=True, acts=acts)
    assert found == (Ask(),)


@given(st.floats(0, 1))
def test_a_value_in_it_is_taken(share: float) -> None:
    """It says which way is right."""
    day = Entity("date", "2026-12-04", 15, 22)
    said = message("nee, ik bedoel vrijdag", day, acts={"object": share})
    assert commands_of(said, situation(DAY)) == (Answer("visit_day", "2026-12-04"),)


@pytest.mark.parametrize("typed", ["nee dat weet ik niet", "geen idee", "nee misschien"])
def test_who_does_not_know_objects_to_nothing(typed: str) -> None:
    """What to do then is told."""
    assert heard(typed, acts={"object": 0.4, "decline": 0.4}) in {(Unclear(),), (Misunderstood(),)}
    assert heard(typed, acts={"object": 0.4, "decline": 0.4}) != (Leave(),)


def test_a_yes_after_it_goes_on() -> None:
    """To "hoe wilt u verder?"; nothing is agreed to."""
    now = situation(CONFIRM, misunderstood=True)
    assert commands_of(message("ja"), now) == (Resume(),)


@pytest.mark.parametrize(
    "typed", ["Middag. Kost dat nog wat extra?", "kost dat iets? middag graag"]
)
def test_an_answer_beside_a_question_is_not_lost(typed: str) -> None:
    """The page answers first; the value is taken when the task comes back."""
    said, now = message(typed, asks_pages=True), situation(PART)
    assert commands_of(said, now) == (Ask(),)
    assert values_of_question(said, now) == (Answer("part", "noon"),)


@pytest.mark.parametrize(
    "typed", ["ik ben die middag jarig en dan is er feest, bent u open?", "kan het in de middag?"]
)
def test_a_story_beside_a_question_answers_nothing(typed: str) -> None:
    """Nor does a value within the question: "bent u morgen open?"."""
    assert values_of_question(message(typed, asks_pages=True), situation(PART)) == ()


def test_what_no_page_answers_is_said_and_the_answer_taken() -> None:
    """Not another task, to which the words alone are near."""
    found = heard("middag denk ik. Wat kost dat?", PART, intent="track", confidence=0.7)
    assert found == (AskBeside(), Answer("part", "noon"))


def dated(typed: str, words: str) -> Entity:
    return Entity("date", "2026-12-20", typed.index(words), typed.index(words) + len(words))


def test_what_a_task_cannot_do_is_told() -> None:
    """Beside the answer that it takes."""
    typed = "4 weken, maar pas vanaf 20 december"
    said = message(typed, dated(typed, "20 december"))
    found = commands_of(said, situation(WEEKS))
    assert found == (Beyond("pas vanaf 20 december"), Answer("weeks", "4"))


def test_it_never_switches_to_a_task_that_takes_it() -> None:
    """At the summary of a pause, though another task knows days."""
    typed = "nee hij moet pas ingaan op 20 december"
    said = message(typed, dated(typed, "20 december"), intent="track", confidence=0.9)
    found = commands_of(said, situation(CONFIRM, WEEKS, CONFIRM, values={"weeks": "4"}))
    assert found == (Beyond("pas ingaan op 20 december"), Refuse())


@given(st.sampled_from(["gekocht op 20 december", "op 20 december kreeg ik hem", "20 december"]))
def test_a_day_in_a_story_is_not_beyond_it(typed: str) -> None:
    """Only one from which something is to hold."""
    said = message(typed, dated(typed, "20 december"))
    assert not any(isinstance(each, Beyond) for each in commands_of(said, situation(WEEKS)))


def test_a_task_that_takes_days_takes_it() -> None:
    """There it is an answer."""
    typed = "pas vanaf 20 december"
    said = message(typed, dated(typed, "20 december"))
    assert commands_of(said, situation(DAY)) == (Answer("visit_day", "2026-12-20"),)


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [
        ("1234 BA", "sorry, AB natuurlijk", "1234 AB"),
        ("1243 AB", "oeps 1234", "1234 AB"),
        ("1234 CB", "nee ab", "1234 AB"),
        ("1234 CB", "nee, ik bedoel AB", "1234 AB"),
    ],
)
def test_a_part_corrects_a_postcode_that_failed(before: str, typed: str, after: str) -> None:
    """And one that was given, in a message that corrects."""
    now = situation(CODE, refused={"postcode": before})
    assert commands_of(message(typed), now) == (Answer("postcode", after),)
    now = situation(DAY, CODE, DAY, values={"postcode": before})
    corrected = commands_of(message(typed), now)
    assert corrected == (Correct("postcode", after),)


@pytest.mark.parametrize("typed", ["ja ok", "nee", "eh", "hm wat", "ik snap er helemaal niets van"])
def test_other_words_correct_no_part(typed: str) -> None:
    """Two letters are a word more often than a part of a postcode."""
    now = situation(CODE, refused={"postcode": "1234 BA"})
    assert not any(isinstance(each, Answer) for each in commands_of(message(typed), now))


@given(st.text(max_size=40))
def test_a_part_makes_a_postcode_or_nothing(text: str) -> None:
    """Never something else."""
    made = postcode.amend("1234 BA", text)
    assert made is None or postcode.parse(made) == made


def test_what_is_denied_is_no_answer() -> None:
    """Of "niet kapot maar te klein" the second is so."""
    reason = Question(
        "why", parse=lambda text: next((w for w in ("kapot", "klein") if w in text), None)
    )
    assert heard("hij is niet kapot maar te klein", reason) == (Answer("why", "klein"),)
