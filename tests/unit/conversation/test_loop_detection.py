"""The loop rules see a customer going round in circles, and only then."""

from __future__ import annotations

from bot.conversation.loop_detection import (
    LoopTurn,
    Thresholds,
    after_reply,
    before_reply,
    broken_before,
)

LIMITS = Thresholds()


def same(_a: str, _b: str) -> float:
    """Everything is alike."""
    return 1.0


def different(_a: str, _b: str) -> float:
    """Nothing is alike."""
    return 0.0


LOST = LoopTurn("blub", None, replies=("Dat begrijp ik niet.",))


def test_not_understood_twice() -> None:
    """The second message in a row that is not understood is a loop; the first is not."""
    assert before_reply([LOST], LIMITS) is None
    assert before_reply([LOST, LoopTurn("bla", None)], LIMITS) == "not_understood"


def test_understood_in_between() -> None:
    """A message that was understood starts the count again."""
    turns = [LOST, LoopTurn("hoi", "greet", replies=("Hallo.",)), LoopTurn("bla", None)]
    assert before_reply(turns, LIMITS) is None


def test_not_understood_again_after_a_break() -> None:
    """After a broken loop one more is enough: the next step is a person."""
    broke = LoopTurn("bla", None, replies=("Zo kom ik niet verder.",), broke=True)
    turns = [LOST, broke, LoopTurn("blub", None)]
    assert before_reply(turns, LIMITS) == "not_understood"
    assert broken_before(turns, LIMITS)


def test_the_same_question_in_other_words() -> None:
    """Asking the same again is a loop; the same question about another order is not."""
    first = LoopTurn("waar is mijn pakket", "track_order", replies=("Onderweg.",))
    again = LoopTurn("waar blijft mn pakje", "track_order", replies=("Ja, onderweg.",))
    assert after_reply([first, again], LIMITS, same) == "repeated_question"
    assert after_reply([first, again], LIMITS, different) is None
    number = frozenset({"order_number=PP-100871"})
    other = LoopTurn("en PP-100871", "track_order", number, ("Bezorgd.",))
    assert after_reply([first, other], LIMITS, same) is None


def test_the_same_question_after_a_form() -> None:
    """The answers to a form's questions do not make it another question."""
    turns = [
        LoopTurn("waar is mijn pakket", "track_order", replies=("Nummer?",), asked="order_number"),
        LoopTurn("PP-100234", "inform", was_asked="order_number", asked="postcode"),
        LoopTurn("1234 AB", "inform", was_asked="postcode", replies=("Onderweg.",)),
        LoopTurn("waar blijft het", "track_order", replies=("Nog steeds onderweg.",)),
    ]
    assert after_reply(turns, LIMITS, same) == "repeated_question"


def test_politeness_is_no_loop() -> None:
    """Thanking twice is not being stuck."""
    thanks = LoopTurn("bedankt", "thank", replies=("Graag gedaan.",))
    assert after_reply([thanks, thanks], LIMITS, same) is None
    yes = LoopTurn("ja", "affirm", replies=("Kies een onderwerp.",))
    assert after_reply([yes, yes], LIMITS, different) == "same_reply"


def test_the_same_reply_twice() -> None:
    """The same reply twice in a row is a loop."""
    hours = LoopTurn("open?", "opening_hours", replies=("Tot 18 uur.",))
    assert after_reply([hours], LIMITS, different) is None
    assert after_reply([hours, hours], LIMITS, different) == "same_reply"


def refused(text: str, count: int) -> LoopTurn:
    """An answer the form did not take, the count-th in a row; 0 for one that it did not refuse."""
    return LoopTurn(
        text, None, replies=(f"Nee: {text}",), asked="postcode", was_asked="postcode",
        refusals=count,
    )  # fmt: skip


def test_a_slot_refused_three_times() -> None:
    """Three refused answers for one slot are a loop; two are not."""
    asked = LoopTurn("retour", "return_item", replies=("Postcode?",), asked="postcode")
    turns = [asked, refused("a", 1), refused("b", 2)]
    assert after_reply(turns, LIMITS, different) is None
    assert after_reply([*turns, refused("c", 3)], LIMITS, different) == "slot_refused"
    assert after_reply([*turns, refused("d", 4)], LIMITS, different) is None


def test_only_refusals_count() -> None:
    """A correction or a question in between is none; the form keeps count."""
    asked = LoopTurn("retour", "return_item", replies=("Postcode?",), asked="postcode")
    turns = [asked, refused("a", 1), refused("b", 2), refused("open?", 0), refused("toch", 0)]
    assert after_reply(turns, LIMITS, different) is None
    assert after_reply([*turns, refused("c", 3)], LIMITS, different) == "slot_refused"


def test_in_a_form_not_understanding_is_the_forms_business() -> None:
    """Within a form the refusals count, not the classifier's doubt."""
    assert before_reply([refused("a", 1), refused("b", 2)], LIMITS) is None


def test_alternation() -> None:
    """A-B-A-B is a loop."""
    a = LoopTurn("a", "x", replies=("A",))
    b = LoopTurn("b", "y", replies=("B",))
    assert after_reply([a, b, a], LIMITS, different) is None
    assert after_reply([a, b, a, b], LIMITS, different) == "alternation"


def test_a_break_is_forgotten_in_time() -> None:
    """A loop broken long ago does not hand over."""
    broke = LoopTurn("bla", None, replies=("Zo niet.",), broke=True)
    fine = LoopTurn("hoi", "greet", replies=("Hallo.",))
    assert broken_before([broke, *[fine] * 10], LIMITS)
    assert not broken_before([broke, *[fine] * 11], LIMITS)


def test_thresholds_can_be_switched() -> None:
    """A designer's numbers count."""
    patient = Thresholds(not_understood=4, same_reply=9)
    assert before_reply([LOST] * 3, patient) is None
    assert before_reply([LOST] * 4, patient) == "not_understood"
    assert after_reply([LOST] * 8, patient, different) is None


def other(one: str, two: str) -> float:
    """No two sentences are alike."""
    return 1.0 if one == two else 0.1


def test_one_reply_may_answer_two_questions() -> None:
    """To ask "wie bent u?" and "heeft u gevoelens?" is no loop; the same question twice is."""
    turns = [
        LoopTurn(text, "bot_challenge", replies=("Ik ben een computer.",))
        for text in ("wie bent u", "heeft u gevoelens", "wie heeft u gemaakt")
    ]
    assert after_reply(turns[:2], LIMITS, other) is None
    assert after_reply(turns, LIMITS, other) is None
    assert after_reply([*turns[:1], turns[0]], LIMITS, other) == "same_reply"
    more = LoopTurn("bent u echt", "bot_challenge", replies=("Ik ben een computer.",))
    assert after_reply([*turns, more], LIMITS, other) == "same_reply"


def test_after_a_broken_loop_the_first_repeat_is_the_second_time() -> None:
    """Four answers that do not fit break the loop; the fifth gets a person."""
    asked = {"asked": "order_number", "was_asked": "order_number"}
    broken = LoopTurn("hoezo", None, replies=("Geen nummer.",), refusals=3, broke=True, **asked)
    again = LoopTurn("hoezo", None, replies=("Geen nummer.",), refusals=4, **asked)
    assert after_reply([broken, again], LIMITS, same) == "slot_refused"
    assert broken_before([broken, again], LIMITS)
    once = LoopTurn("hoezo", None, replies=("Geen nummer.",), refusals=1, **asked)
    assert after_reply([once], LIMITS, same) is None


def test_to_tell_in_short_breaks_a_loop_once() -> None:
    """It offers a person itself; who asks the same once more gets one."""
    asked = LoopTurn("wat kost dat", "fee", replies=("Dat kost niets.",))
    leaned = LoopTurn("wat kost dat", "fee", replies=("Dat vertelde ik al.",), leaned=True)
    assert after_reply([asked, leaned], LIMITS, lambda *_: 1.0) is None
    again = [asked, leaned, LoopTurn("wat kost dat", "fee", replies=("Dat.",), leaned=True)]
    assert after_reply(again, LIMITS, lambda *_: 1.0) == "repeated_question"
    assert broken_before(again, LIMITS)
