"""What a customer declined in a task: a day, a part of the day, or another option. Pure.

"Vrijdag ben ik er niet" holds for the whole task, whatever is asked next. What was declined is not
offered again, unless nothing else is left to choose.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from bot.conversation.escape import normalise
from bot.dialogue import phrases
from bot.dialogue.buttons import Button
from bot.dutch import dates
from bot.dutch.refusals import is_refused
from bot.dutch.span import TextSpan

#: The slot that holds it: values by the name of what an option sends.
SLOT: Final = "declined_options"
DATE: Final = "date"
DAY_PART: Final = "day_part"
#: What an option sends that is no value to choose.
_NO_VALUES: Final = frozenset({"edit", "none_of_these"})
#: A shorter word of a title tells too little.
_TELLING: Final = 4

Declined = Mapping[str, Sequence[Any]]


def in_words(text: str, today: date, offered: Sequence[Button] = ()) -> Iterator[tuple[str, Any]]:
    """What words decline: the name of each value, and the value.

    Args:
        text: as it was typed.
        today: the day it is for the customer.
        offered: the options that were shown last.
    """
    choices = [(each, name, value) for each in offered for name, value in sent_by(each)]
    for reading in dates.refused(text, today):
        yield from ((DATE, day.isoformat()) for day in reading.days)
        if reading.kind == "weekday":
            # Of the days that were offered it is the one of that name.
            yield from ((DATE, value) for _, _, value in choices if _falls_on(value, reading.days))
    yield from ((DAY_PART, part) for part in dates.refused_parts(text))
    says_no = phrases.NO.fullmatch(normalise(text)) is not None
    for each, name, value in choices:
        if name in (DATE, DAY_PART):
            said = says_no and len(choices) == 1
        else:
            said = _is_declined(text, each, offered) or (says_no and len(choices) == 1)
        if said:
            yield name, value


def added(declined: Declined, found: Collection[tuple[str, Any]]) -> Declined:
    """What was declined, with more of it."""
    kept = {name: list(values) for name, values in declined.items()}
    for name, value in found:
        if value not in kept.setdefault(name, []):
            kept[name].append(value)
    return kept


def taken(declined: Declined, names: Collection[str], value: Any) -> Declined:
    """What was declined, without a value that the customer chose after all."""
    kept = {
        name: [each for each in values if name not in names or each != value]
        for name, values in declined.items()
    }
    return {name: values for name, values in kept.items() if values}


def without(buttons: Sequence[Button], declined: Declined) -> tuple[Button, ...]:
    """Options without those that were declined; of a kind of which no other is left, all."""
    gone = [each for each in buttons if _names(each, declined)]
    left = {name for each in buttons if each not in gone for name, _ in sent_by(each)}
    return tuple(each for each in buttons if not (each in gone and _names(each, declined) <= left))


def days_left(days: Sequence[date], declined: Declined) -> tuple[date, ...]:
    """Days without those that were declined, unless all were."""
    out = set(declined.get(DATE, ()))
    return tuple(day for day in days if day.isoformat() not in out) or tuple(days)


def sent_by(option: Button) -> Iterator[tuple[str, Any]]:
    """The values that an option sends, each with its name."""
    _, brace, values = option["payload"].partition("{")
    try:
        held = json.loads(brace + values) if brace else {}
    except ValueError:
        return
    yield from ((name, value) for name, value in held.items() if name not in _NO_VALUES)


def _names(option: Button, declined: Declined) -> set[str]:
    """The names of the values by which an option was declined."""
    return {name for name, value in sent_by(option) if value in declined.get(name, ())}


def _falls_on(value: Any, days: Sequence[date]) -> bool:
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return False
    return day.weekday() in {each.weekday() for each in days}


def _is_declined(text: str, option: Button, offered: Sequence[Button]) -> bool:
    """Whether a word that stands in this option's title alone is refused: "niet de trui"."""
    others = {
        word for each in offered if each is not option for word in normalise(each["title"]).split()
    }
    words = {word for word in normalise(option["title"]).split() if len(word) >= _TELLING}
    return any(
        is_refused(text, TextSpan(None, *found.span()))
        for word in words - others
        for found in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
    )
