"""An answer that leaves the day open: which of its days fit, and which one the customer chooses.

"Tussen dinsdag en donderdag", "elke dag behalve maandag" and "woensdag 3 december" (a Thursday)
are read as several days (`bot.dutch.day_reading`), "een dag later" as a distance. A form's own
check says which days fit. They are offered: none of them is chosen for the customer.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

from bot.dialogue import formatting
from bot.dialogue.buttons import Button, button, leave
from bot.dialogue.declined_options import Declined, days_left
from bot.dialogue.questions import Accepted, Question, RefusedAnswer, Step
from bot.dialogue.replies import ONE_DAY, WHICH_DAY
from bot.dutch.dates import is_weekday
from bot.dutch.day_reading import day_after, days_in, shift_in, written

#: So many days are offered to choose from.
OFFERED: Final = 5
#: The kind of entity that is a day.
DATE: Final = "date"
#: Behind a weekday: the first of its name after the day that is known.
_AFTER: Final = re.compile(
    r"\s*,?\s*(?:die )?(?:er|daar)(?:na|op)\b|\s+daarop ?volgend", re.IGNORECASE
)
_WEEK: Final = 7
_SENT: Final = re.compile(rf'"\w*{DATE}"\s*:\s*"([^"]+)"')

Check = Callable[[Question, Any], Awaitable[Step]]


def is_open(question: Question, value: Any) -> bool:
    """Whether a value for a question is no day yet, but several or a distance from another."""
    if DATE not in (question.entity, question.slot):
        return False
    return len(days_in(value)) > 1 or shift_in(value) is not None


async def settle(
    question: Question,
    value: Any,
    check: Check,
    known: date | None,
    before: Collection[date],
    declined: Declined = MappingProxyType({}),
) -> Step:
    """The outcome of an answer that leaves the day open.

    Args:
        question: which asks for a day.
        value: what was read (`is_open`).
        check: checks one day, as the form does.
        known: the day from which "een dag later" is counted; None: there is none.
        before: the days that were offered just before: to offer them again leads nowhere.
        declined: what the customer declined in this task.
    """
    if (shift := shift_in(value)) is not None:
        day = day_after(known, shift) if known else None
        return await check(question, day.isoformat()) if day else RefusedAnswer()
    fitting: list[date] = []
    refusal: Step | None = None
    for day in days_left(days_in(value), declined):
        step = await check(question, day.isoformat())
        if isinstance(step, Accepted):
            fitting.append(day)
        elif not isinstance(step, RefusedAnswer):
            return step
        refusal = refusal or step
        if len(fitting) == OFFERED:
            break
    if not fitting:
        return refusal or RefusedAnswer()
    days = sorted(fitting)
    offered = (
        button(formatting.short_day(day), "inform", **{DATE: day.isoformat()}) for day in days
    )
    response = WHICH_DAY if len(days) > 1 else ONE_DAY
    said = {"day": formatting.day(days[0])}
    return RefusedAnswer(response, said, (*offered, leave()), narrows=set(days) != set(before))


def offered(options: Collection[Button]) -> tuple[date, ...]:
    """The days among options that were shown."""
    return tuple(day for each in options for day in _days_sent(each["payload"]))


def _days_sent(payload: str) -> tuple[date, ...]:
    """The day that an option sends; none when it sends none."""
    match = _SENT.search(payload)
    return days_in(match[1]) if match else ()


def as_offered(words: str, value: Any, days: Collection[date]) -> Any:
    """The day that the bare name of a weekday means where days were offered: the one among them.

    Args:
        words: the customer's, of which the value was read.
        value: what was read.
        days: those that were offered.
    """
    read = days_in(value)
    if len(read) != 1 or read[0] in days or not is_weekday(words):
        return value
    named = [day for day in days if day.weekday() == read[0].weekday()]
    return written(named) if named else value


def following(words: str, behind: str, value: Any, current: Any) -> Any:
    """The weekday that is counted from the answer so far: "de maandag erna"; else the value.

    Args:
        words: the customer's, of which the value was read.
        behind: the words behind these.
        value: what was read.
        current: the answer so far, or None.
    """
    read, days = days_in(value), days_in(current)
    if len(read) != 1 or len(days) != 1 or not is_weekday(words) or not _AFTER.match(behind):
        return value
    ahead = (read[0].weekday() - days[0].weekday() - 1) % _WEEK + 1
    day = day_after(days[0], timedelta(days=ahead))
    return day.isoformat() if day else value


def merged(values: list[Any]) -> Any:
    """The value of several that were given for one question: the days of all of them.

    Args:
        values: of entities of one kind, in the order of the text.
    """
    days = dict.fromkeys(day for value in values for day in days_in(value))
    return written(days) if len(days) > 1 else values[0]


def moved(value: Any, current: Any) -> Any:
    """A distance counted from the answer that is there ("toch een dag later"); else the value.

    Args:
        value: what was read.
        current: the answer so far, or None.
    """
    shift, days = shift_in(value), days_in(current)
    if shift is None or len(days) != 1:
        return value
    day = day_after(days[0], shift)
    return day.isoformat() if day else value
