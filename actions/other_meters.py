"""Tells what a message says of another meter than the one for power, and what it says beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from actions.extractors import parse_reading
from bot.dialogue.choice_patterns import says
from bot.dialogue.turn_message import Entity, TurnMessage

_KINDS: Final = r"(?:gas|water|warmte)(?:stand|meter|verbruik)?(?:en|s)?"
OTHER_METER: Final = rf"\b{_KINDS}\b|\bm3\b|\bm³|\bkuub\b"
POWER: Final = r"stroom|elektr|electr|kwh|\b(hoog|laag|dal|normaal)"
_NUMBER: Final = r"\d[\d.]*(?:,\d+)?"
#: What the other meter shows: "en gas 3400", "de gasmeter staat op 3400", "3400 m3".
_SHOWS: Final = re.compile(
    rf"(?:\b(?:en|ook|plus)\s+)*(?:\b(?:de|het|mijn|voor|van|op)\s+)*\b{_KINDS}\b"
    rf"(?:\s*(?:stand|is|staat|op|nu|:|=|-))*\s*{_NUMBER}(?:\s*(?:m3|m³|kuub))?"
    rf"|{_NUMBER}\s*(?:m3|m³|kuub)(?:\s+{_KINDS}\b)?",
    re.IGNORECASE,
)


def names_other(text: str) -> bool:
    """Whether words name a meter for gas, water or heat."""
    return says(OTHER_METER, text)


def own_part(text: str) -> str:
    """The words without what another meter shows."""
    return _SHOWS.sub(" ", text)


def of_power(message: TurnMessage) -> TurnMessage:
    """The message with the reading of the power meter alone, where it tells another as well."""
    own = own_part(message.typed)
    if own == message.typed:
        return message
    others = tuple(each for each in message.entities if each.name != "meter_reading")
    reading = parse_reading(own.strip(" ,.;:"))
    if reading is None:
        return replace(message, entities=others)
    found = Entity("meter_reading", reading.as_json(), 0, len(own))
    return replace(message, entities=(*others, found))
