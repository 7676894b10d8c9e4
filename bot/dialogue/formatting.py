"""Formats amounts and dates as Dutch customers read them."""

from __future__ import annotations

import math
from datetime import date, timedelta

from bot.catalogue import say
from bot.conversation.opening_hours import say_day
from bot.dialogue import runtime


def euros(cents: int) -> str:
    """An amount in euros: `€ 1.234,50`."""
    whole, rest = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", ".")
    return f"{'-' if cents < 0 else ''}€ {grouped},{rest:02d}"


def whole(number: int) -> str:
    """A whole number: `50.893`."""
    return f"{number:,}".replace(",", ".")


def day(value: date) -> str:
    """A day in words: `vandaag`, `morgen`, `vrijdag 2 januari`."""
    return say_day(value, runtime.today())


def short_day(value: date) -> str:
    """A day in at most 17 characters, for a button: `Morgen`, `Za 28 november`."""
    said = day(value)
    words = said.split()
    if len(words) == 1:
        return said.capitalize()
    return f"{words[0][:2].capitalize()} {words[1]} {words[2]}"


def wait(span: timedelta) -> str:
    """A wait in words, rounded up to minutes: `over 1 minuut`, `over 12 minuten`."""
    minutes = max(1, math.ceil(span / timedelta(minutes=1)))
    return say("form.wait_one") if minutes == 1 else say("form.wait", minutes=minutes)
