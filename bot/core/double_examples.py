"""Finds examples that stand under two intents: the model cannot learn which is meant. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bot.core.nlu_examples import in_file, without_entities

#: Sentences in one training; of more, it says how many.
_MOST: Final = 5


def sentences(files: Mapping[str, str]) -> Iterator[str]:
    """Says which examples stand under more than one intent, with their lines.

    Args:
        files: text of the files in `data/`, by path within the assistant.
    """
    found: dict[str, dict[str, str]] = {}
    said: dict[str, str] = {}
    for file, text in files.items():
        for intent, example, number in in_file(text):
            plain = without_entities(example)
            # "Dag" greets and "dag!" may take leave: marks that say how it is said are kept.
            same = re.sub(r"[\s.,;:…]+", " ", plain.casefold()).strip()
            found.setdefault(same, {}).setdefault(intent, f"{file} line {number}")
            said.setdefault(same, plain)
    doubled = [(same, places) for same, places in found.items() if same and len(places) > 1]
    for same, places in doubled[:_MOST]:
        where = " and ".join(f"{place} (intent {intent})" for intent, place in places.items())
        yield (
            f"{where}: the same example, “{said[same]}”, is of {len(places)} intents, and the "
            "model cannot learn which is meant. Keep it under one."
        )
    if len(doubled) > _MOST:
        yield f"There are {len(doubled) - _MOST} more examples that stand under two intents."
