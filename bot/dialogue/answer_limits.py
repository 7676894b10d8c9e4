"""Reads the limits of an answer from a slot, and says them: of a number, day, time or amount. Pure.

A number has `min_value` and `max_value` at its slot, as Rasa's own. A day, a time or an amount has
them at the mapping that reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from bot.catalogue import say
from bot.conversation.opening_hours import say_day
from bot.dialogue.shown_values import KINDS, shown
from bot.dialogue.slot_mappings import written

LEAST: Final = "min_value"
MOST: Final = "max_value"
_ANY_DAY: Final = date(2000, 1, 1)
_DAYS: Final = {"today": 0, "tomorrow": 1, "yesterday": -1}


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer must be within.

    Attributes:
        kind: `date`, `time`, `amount` or `number`.
        least: the least that fits, as it is written; None for no limit.
        most: the most that fits.
    """

    kind: str = ""
    least: Any = None
    most: Any = None

    @classmethod
    def of(cls, slot: Mapping[str, Any]) -> Limits:
        """The limits of a slot as the domain has it; without any when it has none."""
        for each in written(slot):
            if (LEAST in each or MOST in each) and each.get("entity") in KINDS:
                return cls(str(each["entity"]), each.get(LEAST), each.get(MOST))
        named = {each.get("entity") for each in written(slot)}
        kind = "amount" if "amount" in named else "number"
        return cls(kind, slot.get(LEAST), slot.get(MOST))

    def unreadable(self) -> str:
        """The first limit that is none; empty when both are, or there are none."""
        pairs = ((LEAST, self.least), (MOST, self.most))
        return next(
            (key for key, value in pairs if value is not None and self._read(value) is None), ""
        )

    def allows(self, value: Any, today: date) -> bool:
        """Whether a value is within the limits; one of another kind is for others to judge.

        Args:
            value: as the slot keeps it.
            today: the day it is.
        """
        given = self._value(value)
        if given is None:
            return True
        least, most = self._read(self.least, today), self._read(self.most, today)
        return (least is None or least <= given) and (most is None or given <= most)

    def said(self, today: date) -> str:
        """A sentence that asks for an answer within the limits; empty without limits.

        Args:
            today: the day it is.
        """
        least, most = self._told(self.least, today), self._told(self.most, today)
        if least and most:
            return say(f"form.limit.{self.kind}", least=least, most=most)
        if least:
            return say(f"form.limit.{self.kind}_least", least=least)
        return say(f"form.limit.{self.kind}_most", most=most) if most else ""

    def values(self, today: date) -> dict[str, str]:
        """The limits as customers read them, by the names that a designer's refusal may have."""
        both = {LEAST: self._told(self.least, today), MOST: self._told(self.most, today)}
        return {name: told for name, told in both.items() if told}

    def _told(self, limit: Any, today: date) -> str:
        read = self._read(limit, today)
        if read is None:
            return ""
        if isinstance(read, date):
            return say_day(read, today)
        return shown(read, self.kind, today)

    def _read(self, limit: Any, today: date = _ANY_DAY) -> Any:
        """A limit as values are compared; None when there is none, or it cannot be read."""
        if self.kind != "date" or limit is None:
            return self._value(limit)
        days = _DAYS.get(str(limit), limit)
        if isinstance(days, int) and not isinstance(days, bool):
            try:
                return today + timedelta(days=days)
            except OverflowError:
                return None
        return self._value(limit)

    def _value(self, value: Any) -> Any:
        """A value as it is compared; None for one of another kind."""
        if self.kind == "date":
            try:
                return date.fromisoformat(str(value))
            except ValueError:
                return None
        if self.kind == "time":
            hours, _, minutes = str(value).partition(":")
            right = hours.isdecimal() and minutes.isdecimal() and int(hours) < 24
            return f"{int(hours):02d}:{minutes}" if right and len(minutes) == 2 else None
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return value if number else None
