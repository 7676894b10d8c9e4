"""Nothing of the shop changes without a plain yes to the summary that was shown last."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.change_delivery import ChangeDeliveryForm
from actions.change_subscription import ChangeSubscriptionForm
from actions.return_item import ReturnItemForm
from actions.submit_meter_reading import SubmitMeterReadingForm
from tests.support.form_driver import Conversation, Said


@dataclass(frozen=True)
class Move:
    """What a customer says to a summary.

    Attributes:
        text: typed words, or a payload.
        intent: what the classifier makes of it, right or wrong.
        entities: values in it.
        plain: whether it is a plain yes.
        denies: whether it is a no.
    """

    text: str
    intent: str
    entities: dict[str, Any] = field(default_factory=dict)
    plain: bool = False
    denies: bool = False


PLAIN = tuple(
    Move(text, intent, plain=True)
    for text in ("ja", "ja hoor, dat klopt", "/affirm", "oké", "\U0001f44d")
    for intent in (("affirm",) if text.startswith("/") else ("affirm", "thank"))
)
UNPLAIN = tuple(
    Move(text, "affirm")
    for text in (
        "ja maar ik wil eerst mijn man vragen",
        "ja bijna",
        "ja doe maar niet",
        "klopt dat wel?",
        "zoiets",
        "ja, als het niets kost",
    )
)
NO = tuple(Move(text, "deny", denies=True) for text in ("nee", "/deny", "nee dat klopt niet"))
OTHER = (
    Move("ik wil alleen een ander tarief", "out_of_scope"),
    Move("hoe laat zijn jullie morgen eigenlijk open", "opening_hours"),
    Move("wacht even", "inform"),
    Move("terug", "inform"),
    Move("toch liever zaterdag", "inform", {"date": "2026-11-28"}),
    Move("45000", "inform", {"meter_reading": 52000}),
    Move("de trui", "nlu_fallback"),
    Move("te klein", "nlu_fallback"),
    Move("box opzeggen", "change_subscription"),
    Move("/cancel_task", "cancel_task"),
)
MOVES = st.lists(
    st.one_of(*(st.sampled_from(moves) for moves in (PLAIN, UNPLAIN, NO, OTHER))),
    min_size=1,
    max_size=7,
)


async def _delivery() -> tuple[Any, Conversation, Said]:
    form, talk = ChangeDeliveryForm(), Conversation(verified_orders=["PP-100234"])
    text = "mag het vrijdagavond"
    return form, talk, await talk.start(form, text, date="2026-11-27", day_part="avond")


async def _return() -> tuple[Any, Conversation, Said]:
    form, talk = ReturnItemForm(), Conversation(verified_orders=["PP-100871"])
    await talk.start(form, "terugsturen, hij is te groot")
    return form, talk, await talk.say(form, "de trui", "nlu_fallback")


async def _subscription() -> tuple[Any, Conversation, Said]:
    form, talk = ChangeSubscriptionForm(), Conversation(verified_orders=["PP-100456"])
    return form, talk, await talk.start(form, "energie opzeggen graag")


async def _reading() -> tuple[Any, Conversation, Said]:
    form, talk = SubmitMeterReadingForm(), Conversation(verified_orders=["PP-100456"])
    await talk.start(form)
    return form, talk, await talk.say(form, "51100", meter_reading=51100)


TASKS = (_delivery, _return, _subscription, _reading)
Begin = Callable[[], Awaitable[tuple[Any, Conversation, Said]]]


def _summary(said: Said) -> bool:
    return any((name or "").startswith("utter_confirm_") for name in said.responses)


async def _play(begin: Begin, moves: list[Move]) -> None:
    form, talk, said = await begin()
    assert _summary(said)
    standing = True
    for move in moves:
        before = standing
        said = await talk.say(form, move.text, move.intent, **move.entities)
        if not said.events:  # about something else: a rule answers, and the form comes back
            said = await talk.resume(form)
        outcome = said.slots.get("form_outcome")
        if outcome == "complete":
            assert move.plain, move
            assert before, "a yes that was not directly behind its summary"
        if outcome is not None:
            return
        assert said.responses, "silence"
        standing = _summary(said)


@pytest.mark.parametrize("begin", TASKS)
@given(moves=MOVES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_is_carried_out_without_a_plain_yes(begin: Begin, moves: list[Move]) -> None:
    """Whatever is said before it, and whatever the classifier makes of that."""
    asyncio.run(_play(begin, moves))


@pytest.mark.parametrize("begin", TASKS)
@pytest.mark.parametrize("yes", PLAIN, ids=lambda move: f"{move.text}-{move.intent}")
async def test_a_plain_yes_is_enough(begin: Begin, yes: Move) -> None:
    """At once, in any of its forms, whatever the classifier takes it for."""
    form, talk, _ = await begin()
    said = await talk.say(form, yes.text, yes.intent)
    assert said.slots["form_outcome"] == "complete"


@pytest.mark.parametrize("begin", TASKS)
async def test_after_a_no_the_summary_is_shown_again(begin: Begin) -> None:
    """A yes to "wat moet er anders?" agrees to nothing; one to the summary behind it does."""
    form, talk, _ = await begin()
    said = await talk.say(form, "nee", "deny")
    assert said.responses[-1].startswith("utter_edit_")
    said = await talk.say(form, "ja", "affirm")
    assert _summary(said)
    assert "form_outcome" not in said.slots
    said = await talk.say(form, "ja", "affirm")
    assert said.slots["form_outcome"] == "complete"


@pytest.mark.parametrize("begin", TASKS)
async def test_a_yes_with_something_attached_shows_the_summary_again(begin: Begin) -> None:
    """Twice, in other words and with a person beside it; the plain yes directly behind counts."""
    form, talk, _ = await begin()
    said = await talk.say(form, "ja maar ik wil eerst mijn man vragen", "affirm")
    assert said.responses[0] == "utter_refusal_confirmed"
    assert _summary(said)
    said = await talk.say(form, "ja bijna", "affirm")
    assert said.responses[0] == "utter_refusal_confirmed_again"
    assert _summary(said)
    assert "Medewerker" in said.buttons
    said = await talk.say(form, "ja prima", "affirm")
    assert said.slots["form_outcome"] == "complete"


@pytest.mark.parametrize("begin", TASKS)
@pytest.mark.parametrize("words", ["blub", "klopt dat wel?", "ja bijna", "zoiets"])
async def test_the_question_is_never_asked_without_its_summary(begin: Begin, words: str) -> None:
    """Whatever was unclear; the third time the ways out are offered instead."""
    form, talk, _ = await begin()
    for _ in range(2):
        assert _summary(await talk.say(form, words, "nlu_fallback"))
    said = await talk.say(form, words, "nlu_fallback")
    assert said.responses == ("utter_refusal_stuck",)
    said = await talk.say(form, "ja", "affirm")
    assert _summary(said)
    assert "form_outcome" not in said.slots


@pytest.mark.parametrize("begin", TASKS)
@pytest.mark.parametrize(
    "yes", ["hmm ja doe maar", "ja prima", "nou oké dan", "ja is goed hoor", "ach ja, vooruit dan"]
)
async def test_fillers_leave_a_yes_plain(begin: Begin, yes: str) -> None:
    """They attach nothing to it."""
    form, talk, _ = await begin()
    said = await talk.say(form, yes, "affirm")
    assert said.slots["form_outcome"] == "complete"


@pytest.mark.parametrize("begin", TASKS)
@pytest.mark.parametrize("doubt", ["nee dat bedoel ik niet", "laat dan maar staan hoor denk ik"])
async def test_after_another_question_a_yes_agrees_to_nothing(begin: Begin, doubt: str) -> None:
    """To "hoe wilt u verder?" or "zal ik stoppen?" a yes is an answer to that."""
    form, talk, _ = await begin()
    talk.acts = {"object": 0.9} if "bedoel" in doubt else {"withdraw": 0.45}
    said = await talk.say(form, doubt, "nlu_fallback")
    assert not _summary(said)
    talk.acts = {}
    said = await talk.say(form, "ja", "affirm")
    assert said.slots.get("form_outcome") != "complete"


@pytest.mark.parametrize("begin", TASKS)
@pytest.mark.parametrize("behind", ["utter_back_topic", "utter_opening_hours", ""])
async def test_what_was_said_behind_the_summary_takes_the_yes(begin: Begin, behind: str) -> None:
    """A safeguard, a rule or a text of the catalogue: the summary is shown again first."""
    form, talk, _ = await begin()
    talk.events.append({"event": "user", "text": "hm"})
    talk.events.append({"event": "bot", "text": "x", "metadata": {"utter_action": behind}})
    said = await talk.say(form, "ok dan", "affirm")
    assert _summary(said)
    assert "form_outcome" not in said.slots


@pytest.mark.parametrize("begin", TASKS)
async def test_yes_to_going_on_is_no_yes_to_the_summary(begin: Begin) -> None:
    """After a person gave the conversation back: "Verder waar we waren?" is another question."""
    form, talk, _ = await begin()
    talk.slots["resume_asked"] = "now"
    said = await talk.say(form, "/back_to_bot", "back_to_bot")
    assert said.responses == ("utter_resume",)
    said = await talk.say(form, "ja, dat klopt", "thank")
    assert _summary(said)
    assert "form_outcome" not in said.slots
    said = await talk.say(form, "ja", "affirm")
    assert said.slots["form_outcome"] == "complete"


@pytest.mark.parametrize("words", ["hij is kapot", "ja doe maar kapot", "nee, kapot"])
@pytest.mark.parametrize("denied", [False, True])
async def test_a_value_alone_corrects_a_summary(words: str, *, denied: bool) -> None:
    """Also after "wat moet er anders?"; what became of it is shown before anything happens."""
    form, talk, _ = await _return()
    if denied:
        await talk.say(form, "nee", "deny")
    said = await talk.say(form, words, "nlu_fallback")
    assert talk.slots["return_reason"] == "damaged"
    assert said.responses[-1] == "utter_confirm_return"
    assert "form_outcome" not in said.slots


async def test_words_that_no_answer_takes_leave_no_summary_to_agree_to() -> None:
    """What the bot did not understand must not stand under a later yes."""
    form, talk, _ = await _return()
    await talk.say(form, "nee, ze heet Hanna", "inform")
    said = await talk.say(form, "ok", "affirm")
    assert _summary(said)
    assert "form_outcome" not in said.slots


async def test_what_changed_meanwhile_is_shown_first() -> None:
    """A yes to a summary that is no longer true, as after midnight or another's change."""
    form, talk, _ = await _delivery()
    talk.slots["delivery_date"] = "2026-11-28"
    said = await talk.say(form, "ja", "affirm")
    assert _summary(said)
    assert "form_outcome" not in said.slots


@pytest.mark.parametrize("begin", TASKS)
async def test_who_hesitates_after_a_yes_has_not_left(begin: Begin) -> None:
    """Even where the act is surely a withdrawal: it is put off, and the summary shown again."""
    form, talk, _ = await begin()
    talk.acts = {"withdraw": 0.9}
    said = await talk.say(form, "ja maar ik wil eerst mijn man vragen", "affirm")
    assert _summary(said)
    assert "form_outcome" not in said.slots
