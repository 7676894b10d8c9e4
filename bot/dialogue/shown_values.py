"""Says a slot's value as customers read it: `vrijdag 4 december`, `14.30 uur`, `€ 12,50`. Pure.

What a button sends stays as the slot keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any, Final

from bot.conversation.opening_hours import say_date, say_time
from bot.dialogue.slot_mappings import written

#: Entities whose values are kept otherwise than they are read.
KINDS: Final = frozenset({"date", "time", "amount"})
#: Around the name of a value in a text that is filled by somebody else; no text of a designer or a
#: customer has it.
_MARK: Final = "\ufdd1"
_MARKED: Final = re.compile(rf"(€\s*)?{_MARK}(\w+){_MARK}(\s+(?:uur|euro)\b)?")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_TIME: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
#: From so many days on a date is said with its year.
_FAR: Final = 300
#: Keys of the parts of a response that a customer reads.
_READ: Final = frozenset({"text", "title", "note"})


def kind_of(slot: Mapping[str, Any]) -> str:
    """What a slot holds: one of `KINDS`, else its own type.

    Args:
        slot: what the domain says of it.
    """
    named = (str(each.get("entity")) for each in written(slot) if each["type"] == "from_entity")
    return next((name for name in named if name in KINDS), str(slot.get("type") or "any"))


def shown(value: Any, kind: str, today: date) -> str:
    """A value as customers read it; as it is when it is of no kind that is said otherwise.

    Args:
        value: of a slot.
        kind: what the slot holds (`kind_of`).
        today: the day it is.
    """
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, int | float):
        return _euros(value) if kind == "amount" else _number(value)
    if kind == "time" and (found := _TIME.fullmatch(str(value))):
        return say_time(time(int(found[1]), int(found[2])))
    return _day(str(value), today) or str(value)


def marked(names: Iterable[str]) -> dict[str, str]:
    """What stands for values while somebody else fills a text, by name."""
    return {name: f"{_MARK}{name}{_MARK}" for name in names}


def unmarked(told: Any, said: Mapping[str, str], kept: Mapping[str, Any], key: str = "") -> Any:
    """A response, or a part of one, with values in place of what stood for them.

    Args:
        told: a text, or a list or mapping that holds texts.
        said: values as customers read them, by name.
        kept: the same as slots keep them, for what no customer reads.
        key: under which `told` stands.
    """
    if isinstance(told, str):
        return _MARKED.sub(lambda found: _put(found, said if key in _READ else kept, key), told)
    if isinstance(told, Mapping):
        return {name: unmarked(each, said, kept, str(name)) for name, each in told.items()}
    return [unmarked(each, said, kept, key) for each in told] if isinstance(told, list) else told


def _put(found: re.Match[str], values: Mapping[str, Any], key: str) -> str:
    """A value with what stood around it, without a sign or word that the value has itself."""
    value = str(values[found[2]])
    before, after = found[1] or "", found[3] or ""
    if key in _READ and value.startswith("€"):
        before, after = "", after if after.strip() == "uur" else ""
    if key in _READ and value.endswith(" uur") and after.strip() == "uur":
        after = ""
    return f"{before}{value}{after}"


def _day(text: str, today: date) -> str:
    if not _DATE.fullmatch(text):
        return ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    year = f" {day.year}" if abs((day - today).days) >= _FAR else ""
    return f"{say_date(day)}{year}"


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else f"{value:.10g}".replace(".", ",")


def _euros(value: float) -> str:
    cents = round(abs(value) * 100)
    whole = f"{cents // 100:,}".replace(",", ".")
    return f"{'-' if value < 0 else ''}€ {whole},{cents % 100:02d}"
