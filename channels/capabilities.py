"""The capabilities of a channel: what it can show, and how fast its provider takes messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The capabilities of a channel: what it can show. Lengths are in the units of `length`.

    Attributes:
        buttons: most options it shows as buttons; with more, `channels.rendering` uses a list or
            numbers.
        rows: most options it shows as a list one taps in.
        title: longest title of a button.
        text: longest text of one message.
        numbered: whether options are shown with a number that the customer types.
        quiet_stop: whether a lone "stop" belongs to the carrier, so prompts must offer "annuleer".
        row: longest title of a row in a list; 0: as `title`.
        question: longest text above buttons; 0: as `text`.
        list_question: longest text above a list; 0: as `text`.
        links: whether an address in a text can be tapped and a long one is welcome; without,
            quotes take their short form.
        length: counts a text as the provider does.
    """

    buttons: int
    rows: int
    title: int
    text: int
    numbered: bool = False
    quiet_stop: bool = False
    row: int = 0
    question: int = 0
    list_question: int = 0
    links: bool = True
    length: Callable[[str], int] = len


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace at which a provider takes messages.

    Attributes:
        per_recipient: seconds between two messages to one customer.
        per_second: most messages a second to all customers together.
    """

    per_recipient: float
    per_second: float
