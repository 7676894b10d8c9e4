"""A task is dropped wherever and however that is said, and not by an answer; no model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.acts.acts import ACTS, ActShares
from bot.dialogue.commands import (
    Answer,
    AskLeave,
    Command,
    Consent,
    Correct,
    Leave,
    Misunderstood,
    Refuse,
    Resume,
    Unclear,
)
from bot.dialogue.questions import CONFIRM, Question
from bot.dialogue.situation import Situation
from bot.dialogue.turn_message import Entity, TurnMessage
from bot.dialogue.understanding import commands_of
from bot.topics import built_in
from bot.topics.topic import Topic
from bot.topics.topics import Topics

TOPICS = Topics((*built_in.TOPICS, Topic("book_visit", kind="task"), Topic("pay", kind="task")))
DAY = Question("visit_day", entity="date")
STOP = Question("what", parse=lambda text: "end" if text.startswith("stoppen") else None)
FREE = Question("story", parse=str, free=True)
YES_NO = Question("outside", intents={"affirm": "yes", "deny": "no"})


def heard(
    typed: str,
    asked: Question = DAY,
    acts: dict[str, float] | None = None,
    *entities: Entity,
    intent: str | None = None,
    confidence: float = 0.5,
    values: dict[str, object] | None = None,
    **state: bool,
) -> tuple[Command, ...]:
    """The commands of a message to a visit that is being booked."""
    message = TurnMessage(
        intent, confidence, typed, entities, started=False, resumed=False, left=None,
        acts=ActShares(acts or {}),
    )  # fmt: skip
    known = values or {}
    now = Situation(
        (STOP, DAY, YES_NO, FREE, CONFIRM), asked, known, frozenset(known), ("book_visit",), TOPICS,
        **state,
    )  # fmt: skip
    return commands_of(message, now)


def day(text: str, word: str, value: str = "2026-12-04") -> Entity:
    """A day that stands in a text."""
    return Entity("date", value, text.index(word), text.index(word) + len(word))


@pytest.mark.parametrize("asked", [DAY, CONFIRM])
@pytest.mark.parametrize(
    ("typed", "acts"),
    [
        ("laat dan maar, ik blijf wel thuis", {"withdraw": 1.0}),
        ("ja oke maar doe maar niet, ik wacht wel", {"withdraw": 0.95}),
        ("ok, dan laat ik het zo", {"withdraw": 0.8, "accept": 0.17}),
        ("NEE niet s avonds, niks wijzigen", {"object": 0.48, "decline": 0.25, "withdraw": 0.14}),
        ("nee ik wil nog niks terugsturen", {"object": 0.35, "decline": 0.18, "withdraw": 0.14}),
        ("Stop hier maar mee. Ik wil iets melden", {"object": 0.33, "withdraw": 0.31}),
        ("wacht, dat wil ik helemaal niet", {"object": 0.4, "withdraw": 0.3}),
        ("dat doe ik een andere keer wel", {"withdraw": 0.9}),
    ],
)
def test_a_withdrawal_is_heard_at_any_place(
    typed: str, acts: dict[str, float], asked: Question
) -> None:
    """At an open question and at a summary, by the act, or by words with acts that allow them."""
    assert heard(typed, asked, acts) == (Leave(),)


@given(
    st.sampled_from(["laat dan maar", "laat ook maar", "stop hier maar mee", "toch maar niet"]),
    st.sampled_from(["", "nee, ", "ok ", "hmm "]),
    st.sampled_from(["", ", ik blijf wel thuis", ". Ik bel wel", ", vrijdag ben ik er al"]),
    st.sampled_from(["vrijdag", None]),
    st.floats(0.6, 1),
)
def test_words_that_drop_it_go_before_whatever_follows(
    drop: str, before: str, after: str, value: str | None, share: float
) -> None:
    """Also before a day that is named on the way."""
    typed = before + drop + after
    entities = (day(typed, value),) if value and value in typed else ()
    assert heard(typed, DAY, {"withdraw": share}, *entities) == (Leave(),)


def test_what_there_is_may_stay() -> None:
    """The day beside it is no new one."""
    typed = "stoppen, laat hem maar staan op donderdag"
    found = heard(typed, DAY, {"withdraw": 0.92}, day(typed, "donderdag", "2026-12-03"))
    assert found == (Leave(),)


@pytest.mark.parametrize(
    "typed",
    ["nee niet vrijdag, doe maar zaterdag", "laat maar, doe maar zaterdag", "toch liever zaterdag"],
)
@given(st.floats(0, 1))
def test_a_withdrawal_with_another_value_is_a_correction(typed: str, share: float) -> None:
    """At a summary it replaces what stands there."""
    found = heard(
        typed, CONFIRM, {"withdraw": share}, day(typed, "zaterdag", "2026-12-05"),
        values={"visit_day": "2026-12-04"},
    )  # fmt: skip
    assert found == (Correct("visit_day", "2026-12-05"),)


@pytest.mark.parametrize("typed", ["nee dank je", "nee hoor", "nee bedankt hoor"])
def test_a_no_to_an_open_question_is_one(typed: str) -> None:
    """There is nothing else that it could answer."""
    assert heard(typed, DAY, {"decline": 0.98}, intent="deny", confidence=0.99) == (Leave(),)


@pytest.mark.parametrize("typed", ["nee dank je", "nee hoor", "nee"])
def test_a_no_to_a_question_of_yes_or_no_answers_it(typed: str) -> None:
    """As before."""
    found = heard(typed, YES_NO, {"decline": 0.98}, intent="deny", confidence=0.99)
    assert found == (Answer("outside", "no"),)


@pytest.mark.parametrize(
    "typed",
    ["nee die klopt niet", "nee dat weet ik niet", "maakt mij niet uit", "nee een andere graag"],
)
def test_a_no_that_says_more_is_none(typed: str) -> None:
    """It says what is wrong, or that anything is right."""
    found = heard(typed, DAY, {"decline": 0.95}, intent="deny", confidence=0.99)
    assert Leave() not in found


@pytest.mark.parametrize(
    ("typed", "acts"),
    [("nee", {"decline": 0.99}), ("ik kijk er later nog wel eens naar", {"withdraw": 0.5})],
)
def test_where_it_is_not_sure_it_is_asked(typed: str, acts: dict[str, float]) -> None:
    """Rather than asking the same once more; the second time it is not asked again."""
    assert heard(typed, DAY, acts) == (AskLeave(),)
    if typed != "nee":
        assert heard(typed, DAY, acts, leaving=True) == (Leave(),)


@pytest.mark.parametrize(
    ("typed", "intent", "leaving", "found"),
    [
        ("ja", "affirm", True, Leave()),
        ("nee", "deny", True, Resume()),
        ("nee ga maar door", "affirm", True, Resume()),
        ("ja graag", "affirm", False, Resume()),
        ("nee hoor, overdag is prima", None, False, Leave()),
        ("nee hoor, het is goed zo", "affirm", False, Leave()),
    ],
)
def test_the_engines_own_questions(typed: str, intent: str, leaving: bool, found: Command) -> None:
    """Whether to stop, or to go on; a no may have words behind it."""
    state = {"leaving": leaving, "resuming": not leaving}
    assert heard(typed, DAY, None, intent=intent, confidence=0.9, **state) == (found,)


def test_what_ends_something_else_is_an_answer() -> None:
    """To a contract "stoppen" is what is to be done with it."""
    found = heard("stoppen, per direct", STOP, {"withdraw": 0.9})
    assert found == (Answer("what", "end"),)


def test_the_task_s_own_request_is_none_by_its_act_alone() -> None:
    """Examples of ending a contract are near to those of ending a conversation."""
    found = heard(
        "het betreft het retourneren van een artikel", DAY, {"withdraw": 0.6},
        intent="book_visit", confidence=0.95,
    )  # fmt: skip
    assert Leave() not in found


@given(st.text(max_size=60), st.sampled_from(["withdraw", "decline"]), st.floats(0, 1))
def test_a_story_is_not_dropped_by_an_act_alone(text: str, act: str, share: float) -> None:
    """Where any words are an answer the words must say so, too."""
    found = heard(f"de jas {text} kwam", FREE, {act: share})
    assert Leave() not in found or "laat" in text or "stop" in text or "niet" in text


@given(st.sampled_from(ACTS), st.floats(0, 1), st.sampled_from(["ja", "ja hoor", "oké, doe maar"]))
def test_no_act_takes_a_plain_yes_away(act: str, share: float, yes: str) -> None:
    """Nor does any act give one."""
    assert heard(yes, CONFIRM, {act: share}) == (Consent(),)


@given(
    st.sampled_from(ACTS),
    st.floats(0, 1),
    st.sampled_from(["accept", "affirm", None, "deny", "book_visit"]),
    st.text(alphabet="abcdefghij klmnop qrstuvwxyz,?", max_size=40),
)
def test_no_act_makes_a_yes(act: str, share: float, intent: str | None, typed: str) -> None:
    """Words that are no plain yes agree to nothing, whatever they are taken for."""
    found = heard(f"zeg {typed}", CONFIRM, {act: share}, intent=intent, confidence=0.99)
    assert Consent() not in found


def test_doubt_at_a_summary_asks_no_other_question() -> None:
    """A "ja" behind it must never stop what the customer wants."""
    found = heard("ja maar klopt dat wel met vorig jaar", CONFIRM, {"withdraw": 0.5})
    assert found == (Unclear(),)


@pytest.mark.parametrize("typed", ["is dat nu gewijzigd of niet?", "heb je het nu al gedaan?"])
def test_whether_it_was_done_is_told_by_the_summary(typed: str) -> None:
    """Nothing was; the summary is shown once more."""
    assert heard(typed, CONFIRM, {"question": 0.99}, intent="pay", confidence=0.9) == (Unclear(),)


@pytest.mark.parametrize("typed", ["nee ze heet Hanna", "nee hij moet groter"])
def test_a_no_with_words_refuses_a_summary(typed: str) -> None:
    """What has to be different is asked."""
    assert heard(typed, CONFIRM, {"data": 0.9}) == (Refuse(),)


def test_objection_at_an_open_question_is_no_withdrawal() -> None:
    """See `test_objections`."""
    assert heard("dat zei ik net al", DAY, {"object": 0.98}) == (Misunderstood(),)


@pytest.mark.parametrize("verb", ["ophalen", "bezorgen", "komen", "weten", "brengen"])
def test_who_lets_something_be_done_drops_nothing(verb: str) -> None:
    """One chooses with "nee laat maar ophalen", and drops with "laat maar zitten"."""
    for words in (f"nee laat maar {verb}", f"laat het maar thuis {verb} dan"):
        assert heard(words, CONFIRM, {"withdraw": 0.55}) != (Leave(),)
    assert heard("nee laat maar zitten", CONFIRM, {"withdraw": 0.55}) == (Leave(),)
