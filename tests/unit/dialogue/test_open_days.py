"""An answer that leaves the day open is asked about, with the days that fit; never chosen."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.change_delivery import ChangeDeliveryForm
from bot.dialogue import open_days
from bot.dialogue.questions import Accepted, Question, RefusedAnswer, Step, Stopped
from bot.dutch.day_reading import days_in, written, written_shift
from tests.support.form_driver import Conversation

DAY = Question("visit_day", entity="date")
FORM = ChangeDeliveryForm()
DAYS = st.lists(st.dates(date(2026, 1, 1), date(2027, 1, 1)), min_size=2, max_size=12, unique=True)


def settled(value: str, fitting: Collection[date], known: date | None = None) -> Step:
    """The outcome of a value where only some days fit."""

    async def check(_: Question, day: Any) -> Step:
        if date.fromisoformat(day) in fitting:
            return Accepted(day)
        return RefusedAnswer("utter_refusal_closed")

    return asyncio.run(open_days.settle(DAY, value, check, known, ()))


@given(DAYS, st.data())
def test_only_days_that_fit_are_offered(days: list[date], data: st.DataObject) -> None:
    """In order of time, a few at most; when none fits the form's own refusal says why."""
    fitting = data.draw(st.sets(st.sampled_from(days)))
    step = settled(written(days), fitting)
    assert isinstance(step, RefusedAnswer)
    offered = [day for each in step.buttons for day in days_in(_sent(each["payload"]))]
    assert offered == sorted([day for day in days if day in fitting][: open_days.OFFERED])
    assert step.response == _RESPONSES[min(len(fitting), 2)]
    assert step.narrows == bool(fitting)


_RESPONSES = ("utter_refusal_closed", "utter_form_one_day", "utter_form_which_day")


def _sent(payload: str) -> str:
    return payload.partition('": "')[2].removesuffix('"}')


@given(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(-62, 62))
def test_a_distance_counts_from_the_day_that_is_known(known: date, shift: int) -> None:
    """A day later than planned is one day; where none is known it is no answer."""
    value = written_shift(timedelta(days=shift))
    day = known + timedelta(days=shift)
    assert settled(value, {day}, known) == Accepted(day.isoformat())
    assert settled(value, {day}) == RefusedAnswer()
    assert open_days.moved(value, known.isoformat()) == day.isoformat()
    assert open_days.moved(value, None) == value


def test_what_ends_the_task_ends_it() -> None:
    """A check of one of the days may stop the task, as of a day alone."""

    async def check(_question: Question, _day: Any) -> Step:
        return Stopped("utter_impossible")

    value = "[2026-12-01,2026-12-02]"
    step = asyncio.run(open_days.settle(DAY, value, check, None, ()))
    assert step == Stopped("utter_impossible")


@pytest.mark.parametrize(
    ("words", "value", "expected"),
    [
        ("woensdag", "2026-12-02", "2026-12-09"),
        ("woensdga", "2026-12-02", "2026-12-09"),
        ("woensdag 2 december", "2026-12-02", "2026-12-02"),
        ("donderdag", "2026-12-03", "2026-12-03"),
        ("vrijdag", "2026-12-04", "[2026-12-11,2026-12-18]"),
        ("di of do", "[2026-12-01,2026-12-03]", "[2026-12-01,2026-12-03]"),
    ],
)
def test_a_weekday_is_the_one_that_was_offered(words: str, value: str, expected: str) -> None:
    """To "wo 9 of vr 11 december?" Wednesday is the ninth; a date is what it says."""
    offered = tuple(date(2026, 12, day) for day in (9, 11, 18))
    assert open_days.as_offered(words, value, offered) == expected


async def asked() -> Conversation:
    """A conversation in which the new day is asked; the parcel comes on Thursday the 26th."""
    talk = Conversation(verified_orders=["PP-100234"])
    await talk.start(FORM, "andere dag")
    return talk


async def test_the_form_asks_which_day_and_takes_the_one_that_is_tapped() -> None:
    """A Sunday and a day before the parcel is there are not among the days."""
    talk = await asked()
    said = await talk.say(
        FORM, "tussen woensdag en zondag", date="[2026-11-25,2026-11-27,2026-11-29]"
    )
    assert said.responses == (None,)
    assert said.messages[0]["text"].startswith("Van die dagen kan alleen vrijdag 27 november.")
    said = await talk.say(FORM, "do of vr", date="[2026-11-26,2026-11-27]")
    assert said.buttons == ["Do 26 november", "Vr 27 november", "Stoppen"]
    assert talk.slots["delivery_date"] is None
    assert talk.slots["refusals"] == 0
    said = await talk.say(FORM, said.payloads[1], date="2026-11-27")
    assert talk.slots["delivery_date"] == "2026-11-27"


async def test_a_day_later_is_later_than_planned() -> None:
    """And at the summary later than what was chosen."""
    talk = await asked()
    await talk.say(FORM, "een dag later", date="P1D")
    assert talk.slots["delivery_date"] == "2026-11-27"
    await talk.say(FORM, "'s avonds")
    await talk.say(FORM, "toch een dag later", date="P1D")
    assert talk.slots["delivery_date"] == "2026-11-28"


async def test_nothing_is_changed_before_the_customer_chose() -> None:
    """'Toch vrijdag of zaterdag' is a correction once the day is chosen."""
    talk = await asked()
    await talk.say(FORM, "vrijdag", date="2026-11-27")
    said = await talk.say(FORM, "toch za of ma", date="[2026-11-28,2026-11-30]")
    assert "utter_corrected" not in said.responses
    assert said.buttons == ["Za 28 november", "Ma 30 november", "Stoppen"]
