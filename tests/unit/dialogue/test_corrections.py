"""Corrections at any moment: by name, by asking again, and "nee, ..."; commands in, no model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.acts.acts import ActShares
from bot.dialogue.commands import (
    Answer,
    Ask,
    AskWhy,
    Command,
    Correct,
    NoneOfThese,
    Repeat,
    Unclear,
)
from bot.dialogue.questions import CONFIRM, Question
from bot.dialogue.situation import Situation
from bot.dialogue.turn_message import EarlierMessage, Entity, TurnMessage
from bot.dialogue.understanding import commands_of
from bot.dutch import postcode
from bot.topics import built_in
from bot.topics.topic import Topic
from bot.topics.topics import Topics


def _digits(text: str) -> int | None:
    digits = "".join(char for char in text if char.isdigit())
    return int(digits) if digits else None


HIGH = Question("high", parse=_digits, names=("hoog", "hoge tarief"))
LOW = Question("low", parse=_digits, names=("laag",))
CODE = Question("new_postcode", entity="postcode", parse=postcode.parse)
NUMBER = Question("new_house_number", entity="house_number", parse=postcode.parse_house_number)
DAY = Question("visit_day", entity="date")
QUESTIONS = (HIGH, LOW, CODE, NUMBER, DAY, CONFIRM)
VALUES = {
    "high": 50000, "low": 3000, "new_postcode": "1234 AB", "new_house_number": "12",
    "visit_day": "2026-12-04",
}  # fmt: skip
TOPICS = Topics((*built_in.TOPICS, Topic("book_visit", kind="task"), Topic("hours")))


def said(
    typed: str,
    asked: Question = CONFIRM,
    *entities: Entity,
    intent: str | None = "inform",
    values: dict[str, object] | None = None,
    **message: object,
) -> tuple[Command, ...]:
    known = VALUES if values is None else values
    heard = TurnMessage(
        intent, 0.8, typed, entities, resumed=False, left=None,
        **{"started": False, **message},  # type: ignore[arg-type]
    )  # fmt: skip
    now = Situation(
        QUESTIONS, asked, known, frozenset(known), ("book_visit",), TOPICS,
        {"visit_day": "Gewenste dag"}, explained=frozenset({"high"}),
    )  # fmt: skip
    return commands_of(heard, now)


@pytest.mark.parametrize(
    ("typed", "slot", "value"),
    [
        ("hoog moet 50010 zijn", "high", 50010),
        ("laag is 3001", "low", 3001),
        ("het hoge tarief was 50010", "high", 50010),
        ("huisnummer 12a", "new_house_number", "12A"),
        ("nee huisnummer 14", "new_house_number", "14"),
        ("postcode 2514 ab", "new_postcode", "2514 AB"),
    ],
)
@pytest.mark.parametrize("asked", [CONFIRM, DAY], ids=["summary", "another question"])
def test_an_answer_is_corrected_by_its_name(
    typed: str, slot: str, value: object, asked: Question
) -> None:
    """Whatever is asked at that moment; the other answers stay."""
    assert said(typed, asked) == (Correct(slot, value),)


def test_two_answers_in_one_message() -> None:
    """Each name takes the value behind it."""
    assert said("hoog 50010 en laag 3001") == (Correct("high", 50010), Correct("low", 3001))


@pytest.mark.parametrize(
    ("typed", "slot"),
    [
        ("andere postcode", "new_postcode"),
        ("de postcode klopt niet", "new_postcode"),
        ("huisnummer wijzigen", "new_house_number"),
        ("verander het huisnummer", "new_house_number"),
        ("een andere dag graag", "visit_day"),
        ("verkeerde datum", "visit_day"),
    ],
)
def test_an_answer_that_is_called_wrong_is_asked_again(typed: str, slot: str) -> None:
    """Without its new value, and without losing the others."""
    assert said(typed) == (Correct(slot), Repeat())


def test_what_was_not_answered_yet_is_not_asked_again() -> None:
    """To say "andere postcode" means nothing when none was given."""
    assert said("andere postcode", HIGH, values={}) == (Unclear(),)


def test_a_question_about_an_answer_corrects_nothing() -> None:
    """To ask "is huisnummer 14 ook goed?" changes nothing yet."""
    assert not any(isinstance(each, Correct) for each in said("is hoog 50010 goed?"))


@given(st.integers(0, 10**6), st.sampled_from(["hoog", "laag"]))
def test_a_name_never_changes_another_answer(number: int, name: str) -> None:
    """The value behind "hoog" is the high one, whichever is asked."""
    slot = {"hoog": "high", "laag": "low"}[name]
    for asked in (HIGH, LOW, CONFIRM):
        for each in said(f"{name} moet {number} zijn", asked):
            assert not isinstance(each, Answer | Correct) or each.slot == slot


@pytest.mark.parametrize(
    "typed", ["waarom wilt u dat weten?", "waar is dat voor nodig", "waarom moet ik dat geven"]
)
def test_why_an_answer_is_needed(typed: str) -> None:
    """Only where a designer wrote the reason."""
    assert said(typed, HIGH) == (AskWhy(),)
    assert AskWhy() not in said(typed, LOW)


@pytest.mark.parametrize(
    "typed",
    ["geen van deze", "die staat er niet bij", "nee geen van beide", "het staat er niet tussen"],
)
def test_none_of_the_choices(typed: str) -> None:
    """In words, at any question."""
    assert said(typed, LOW) == (NoneOfThese(),)


def test_what_was_told_before_is_not_asked_again() -> None:
    """The day of a message that gave data counts; that of a question about something else not."""
    day = Entity("date", "2026-12-05", 0, 7)
    data = EarlierMessage("inform", "vrijdag", (day,))
    other = EarlierMessage("hours", "vrijdag open?", (Entity("date", "2026-12-11", 0, 7),))
    start = {"started": True, "values": {}}
    assert Answer("visit_day", "2026-12-05") in said("bezoek", HIGH, earlier=(other, data), **start)
    assert Answer("visit_day", "2026-12-11") not in said("bezoek", HIGH, earlier=(other,), **start)


def test_what_a_report_told_is_not_asked_again() -> None:
    """A message that tells something counts whatever it is about; one that asks does not."""
    day = (Entity("date", "2026-12-05", 0, 7),)
    told = EarlierMessage("hours", "vrijdag was er niemand", day)
    start = {"started": True, "values": {}}
    assert Answer("visit_day", "2026-12-05") in said("bezoek", HIGH, earlier=(told,), **start)
    asked = EarlierMessage("hours", "is er vrijdag iemand", day)
    assert Answer("visit_day", "2026-12-05") not in said("bezoek", HIGH, earlier=(asked,), **start)


def test_the_message_itself_goes_before_what_was_told_before() -> None:
    """The newest word counts."""
    early = EarlierMessage("inform", "vrijdag", (Entity("date", "2026-12-05", 0, 7),))
    newer = Entity("date", "2026-12-06", 0, 8)
    found = said("zaterdag", HIGH, newer, earlier=(early,), started=True, values={})
    days = [each for each in found if isinstance(each, Answer) and each.slot == "visit_day"]
    assert days == [Answer("visit_day", "2026-12-06")]


def test_of_two_days_the_new_one_counts() -> None:
    """A customer names the old one in correcting it."""
    old = Entity("date", "2026-12-04", 11, 18)
    new = Entity("date", "2026-12-03", 36, 45)
    text = "nee wacht, vrijdag is zwemles, doe donderdag"
    assert said(text, LOW, old, others=(new,)) == (Correct("visit_day", "2026-12-03"),)


def test_another_task_about_another_claim_corrects_nothing() -> None:
    """The number in "waar is L-2?" belongs to that question, while a visit to L-1 is booked."""
    claim, proof = Question("card", sure=True), Question("code", parse=_digits, sure=True)
    topics = Topics(
        (*built_in.TOPICS, Topic("book_visit", kind="task"), Topic("track", kind="task"))
    )
    now = Situation(
        (claim, proof, DAY), DAY, {"card": "L-1", "code": 1}, frozenset({"card", "code"}),
        ("book_visit",), topics, claim=claim, proof=proof,
    )  # fmt: skip
    other = Entity("card", "L-2", 8, 11)

    def heard(intent: str, typed: str) -> tuple[Command, ...]:
        message = TurnMessage(
            intent, 0.95, typed, (other,), started=False, resumed=False, left=None
        )
        return commands_of(message, now)

    assert heard("track", "waar is L-2 op dit moment") == (Ask(),)
    assert Correct("card", "L-2") in heard("inform", "het is toch L-2")


@pytest.mark.parametrize(
    "typed", ["niet doen toch, maar 4", "laat maar, doe 4 dan", "nee stop, liever 4"]
)
def test_what_drops_and_goes_on_otherwise_changes_an_answer(typed: str) -> None:
    """What comes behind "maar" is what is wanted: the task goes on with it."""
    known: dict[str, object] = {"low": 8}
    one = Situation((LOW, CONFIRM), CONFIRM, known, frozenset(known), ("book_visit",), TOPICS)
    message = TurnMessage(
        "cancel_task", 0.8, typed, (), started=False, resumed=False, left=None,
        acts=ActShares({"withdraw": 0.8}),
    )  # fmt: skip
    assert commands_of(message, one) == (Correct("low", 4),)


@pytest.mark.parametrize("word", ["wat kost", "hoe laat is", "wanneer is", "wat betaal ik voor"])
@pytest.mark.parametrize("before", ["", "dat weet ik nog niet, ", "hm. "])
def test_a_value_in_an_open_question_is_asked_about_and_not_given(word: str, before: str) -> None:
    """To the question itself and to a summary."""
    typed = f"{before}{word} zaterdag"
    at = typed.index("zaterdag")
    saturday = Entity("date", "2026-12-05", at, at + 8)
    for asked in (DAY, CONFIRM):
        values = {**VALUES, "visit_day": None} if asked is DAY else VALUES
        found = said(typed, asked, saturday, values=values)
        assert not [each for each in found if isinstance(each, Answer | Correct)]


@pytest.mark.parametrize(
    "typed", ["klopt dat wel, zaterdag?", "klopt zaterdag wel", "is zaterdag juist?"]
)
def test_who_asks_whether_a_summary_is_right_corrects_nothing(typed: str) -> None:
    """It is shown again."""
    at = typed.index("zaterdag")
    saturday = Entity("date", "2026-12-05", at, at + 8)
    assert said(typed, CONFIRM, saturday, acts=ActShares({"question": 0.9})) == (Unclear(),)


@pytest.mark.parametrize(
    "typed", ["ja klopt. en laag 3001 ook nog", "ja, en graag ook een andere postcode"]
)
def test_a_yes_with_another_wish_changes_nothing_that_is_shown(typed: str) -> None:
    """The summary is shown again; what is in it is not lost."""
    assert said(typed) == (Unclear(),)


def test_what_is_wanted_instead_is_read_by_itself() -> None:
    """Where a number of a longer text would be no answer."""
    weeks = Question("weeks", parse=lambda text: _digits(text) if len(text.split()) < 3 else None)
    known: dict[str, object] = {"weeks": 8}
    now = Situation((weeks, CONFIRM), CONFIRM, known, frozenset(known), ("book_visit",), TOPICS)
    message = TurnMessage(
        None, 0.4, "niet doen toch, maar 4", (), started=False, resumed=False, left=None,
        acts=ActShares({"withdraw": 0.9}),
    )  # fmt: skip
    assert commands_of(message, now) == (Correct("weeks", 4),)


def _lesson(text: str) -> str | None:
    return next((name for name, word in (("pause", "stil"), ("stop", "op")) if word in text), None)


WHAT = Question("lesson_change", parse=_lesson, does=True)
WEEKS = Question("weeks", parse=_digits)


def to_weeks(typed: str, intent: str | None = "cancel_task") -> tuple[Command, ...]:
    """What words mean where it is asked for how many weeks a lesson is to stand still."""
    known: dict[str, object] = {"lesson_change": "pause"}
    now = Situation((WHAT, WEEKS, CONFIRM), WEEKS, known, frozenset(known), ("book_visit",), TOPICS)
    message = TurnMessage(intent, 0.95, typed, (), started=False, resumed=False, left=None)
    return commands_of(message, now)


@pytest.mark.parametrize(
    "typed", ["zeg dan maar op", "weet je wat, zeg hem op", "helemaal op graag"]
)
def test_what_else_a_task_can_do_takes_the_place_of_what_was_wanted(typed: str) -> None:
    """Whatever it was taken for: it is a change of mind, and nothing is left."""
    for intent in ("cancel_task", "inform", None):
        assert to_weeks(typed, intent) == (Correct("lesson_change", "stop"),)


@pytest.mark.parametrize(
    "typed",
    [
        "niet opzeggen",
        "zeg je hem dan op?",
        "ik bedoel of ik kan opzeggen",
        "opzeggen wil ik nooit",
    ],
)
def test_a_no_or_a_question_changes_nothing_of_what_is_wanted(typed: str) -> None:
    """It stays what it is."""
    assert Correct("lesson_change", "stop") not in to_weeks(typed, "inform")


@given(st.text("abcdefghijklmnop ", max_size=30), st.sampled_from(["medewerker", "goodbye"]))
def test_what_ends_the_talk_changes_no_wish(rest: str, intent: str) -> None:
    """A person is heard, whatever else is said."""
    assert not any(isinstance(each, Correct) for each in to_weeks(f"zeg op {rest}", intent))


@pytest.mark.parametrize(
    ("typed", "weekday", "day"),
    [
        ("doe dan maar de vrijdag erna", "vrijdag", "2026-12-11"),
        ("de maandag daarop", "maandag", "2026-12-07"),
        ("liever de donderdag daarna", "donderdag", "2026-12-10"),
    ],
)
def test_a_weekday_is_counted_from_the_day_that_was_chosen(
    typed: str, weekday: str, day: str
) -> None:
    """The first of its name behind Friday 4 December; alone it fits any week."""
    at = typed.index(weekday)
    entity = Entity("date", "2026-12-04" if weekday == "vrijdag" else day, at, at + len(weekday))
    assert said(typed, CONFIRM, entity) == (Correct("visit_day", day),)


def _thing(text: str) -> str | None:
    return next((each for each in ("fiets", "step") if each in text), None)


@pytest.mark.parametrize(
    "typed", ["niet de step maar de fiets", "de fiets, niet de step", "de fiets en niet de step"]
)
@pytest.mark.parametrize("intent", ["hours", "out_of_scope", "inform", None, "deny"])
def test_what_is_denied_for_something_else_is_corrected(typed: str, intent: str | None) -> None:
    """Whatever it was taken for, when what is denied is the answer that there is."""
    thing = Question("thing", parse=_thing)
    for held, found in (("step", (Correct("thing", "fiets"),)), (None, None)):
        known: dict[str, object] = {"thing": held} if held else {}
        now = Situation((thing, CONFIRM), CONFIRM, known, frozenset(known), ("book_visit",), TOPICS)
        message = TurnMessage(intent, 0.97, typed, (), started=False, resumed=False, left=None)
        assert found is None or commands_of(message, now) == found
