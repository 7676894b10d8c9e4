"""The day and the part of it on which a delivery can come, and what that costs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from actions.backends import deliveries
from actions.backends.deliveries import HOURS, MAX_DAYS_AHEAD, Delivery
from bot.dialogue import formatting, runtime
from bot.dialogue.buttons import Button, button, leave
from bot.dialogue.questions import Accepted, Answers, Prompt, RefusedAnswer, Stopped
from bot.dialogue.task import Step


def delivery_of(answers: Answers) -> Delivery:
    """The delivery that is to change."""
    found: Delivery = answers.facts["delivery"]
    return found


def check_day(value: str, answers: Answers) -> Accepted | RefusedAnswer:
    """Checks a day; it must be one on which the vans drive."""
    expected = delivery_of(answers).expected_on
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return RefusedAnswer(buttons=days_to_choose(answers))
    today, said = runtime.today(), {"day": formatting.day(day).capitalize()}
    if day < today:
        return RefusedAnswer("utter_refusal_day_past", said, days_to_choose(answers))
    if day == today:
        return RefusedAnswer("utter_refusal_day_today", said, days_to_choose(answers))
    if (day - today).days > MAX_DAYS_AHEAD:
        said["last"] = formatting.day(_possible(answers, 20)[-1])
        return RefusedAnswer("utter_refusal_day_far", said, days_to_choose(answers, near=day))
    if expected is not None and day < expected:
        said["first"] = formatting.day(expected)
        return RefusedAnswer("utter_refusal_day_early", said, days_to_choose(answers))
    if not deliveries.is_delivery_day(day, runtime.holidays()):
        return RefusedAnswer("utter_refusal_day_closed", said, days_to_choose(answers, near=day))
    return Accepted(value)


def check_part(value: Any, answers: Answers) -> Step:
    """A part of the day must be one; the moment that is planned already is no change."""
    if value not in HOURS:
        return RefusedAnswer()
    delivery = delivery_of(answers)
    if _is_planned_day(answers) and value == delivery.day_part:
        values = {"order": delivery.order_number, **_when(delivery)}
        return Stopped("utter_delivery_already_planned", values)
    return Accepted(value)


def which_part(answers: Answers) -> Prompt:
    """Says what the evening costs before it is chosen, and what is planned on that day already."""
    delivery = delivery_of(answers)
    values = {"fee": formatting.euros(deliveries.EVENING_FEE)}
    if _is_planned_day(answers):
        return Prompt("utter_question_day_part_same_day", {**values, **_when(delivery)})
    if delivery.extra_cents("avond"):
        return Prompt("utter_question_day_part_fee", values)
    return Prompt()


def extra_cents(answers: Answers) -> int:
    """What the chosen part costs extra; noted with the summary, as after the change it is 0."""
    part, noted = answers["day_part"], answers["delivery_extra"] or {}
    if noted.get("part") != part:
        noted = {"part": part, "cents": delivery_of(answers).extra_cents(part)}
        answers["delivery_extra"] = noted
    return int(noted["cents"])


def _is_planned_day(answers: Answers) -> bool:
    planned = delivery_of(answers).planned_on
    return planned is not None and answers["delivery_date"] == planned.isoformat()


def _when(delivery: Delivery) -> dict[str, str]:
    planned, part = delivery.planned_on or runtime.today(), delivery.day_part or ""
    return {"day": formatting.day(planned), "part": part, "hours": HOURS.get(part, "")}


def _possible(
    answers: Answers, count: int, near: date | None = None, declined: Collection[str] = ()
) -> tuple[date, ...]:
    out = frozenset(map(date.fromisoformat, declined))
    expected = delivery_of(answers).expected_on
    today, holidays = runtime.today(), runtime.holidays()
    return deliveries.possible_days(today, holidays, count, near, expected=expected, declined=out)


def days_to_choose(answers: Answers, near: date | None = None) -> tuple[Button, ...]:
    """Three days to choose from: in place of one that was declined stands the next."""
    choices = (
        button(formatting.short_day(day), "change_delivery", date=day.isoformat())
        for day in _possible(answers, 3, near, answers.declined.get("date", ()))
    )
    return (*choices, leave())


def moment_values(answers: Answers) -> dict[str, object]:
    """The day and its part as a summary says them."""
    return {
        "day": formatting.day(date.fromisoformat(answers["delivery_date"])),
        "part": answers["day_part"],
        "hours": HOURS[answers["day_part"]],
    }
