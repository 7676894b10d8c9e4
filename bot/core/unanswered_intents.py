"""Finds intents that no rule answers. Imports no Rasa. Pure.

Such an intent is understood and then not answered: outside a form the customer is asked what is
meant, and in a form its question comes again. Whether that is a mistake only a designer can tell,
so it is said and not refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.assistant_code import PACKAGE
from bot.dialogue.domain_names import names_in
from bot.dialogue.slot_mappings import written
from bot.topics import built_in


def sentences(
    domain: Mapping[str, Any],
    in_rules: Collection[str],
    in_stories: Collection[str],
    code: str,
) -> Iterator[str]:
    """Says which intents have no rule, and the way out.

    Args:
        domain: the whole domain.
        in_rules: intents that a rule holds.
        in_stories: intents that a story holds.
        code: the text of the assistant's package; an intent that it names may be answered there.
    """
    known = {*in_rules, *(topic.name for topic in built_in.TOPICS), *_of_mappings(domain)}
    for intent in names_in(domain.get("intents")):
        if intent in known or f'"{intent}"' in code or f"'{intent}'" in code:
            continue
        if intent not in in_stories:
            yield (
                f"No rule and no story answers the intent {intent}: a customer who means it is "
                f"asked for other words. Add a rule to data/rules that begins with "
                f"`intent: {intent}`."
            )
        elif domain.get("forms"):
            yield (
                f"A story answers the intent {intent}, and no rule: within a form it is not "
                f"answered. Add a rule to data/rules that begins with `intent: {intent}`."
            )


def code_of(root: Path) -> str:
    """The text of the package in an assistant's folder; empty without one."""
    files = sorted((root / PACKAGE).glob("**/*.py"))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def _of_mappings(domain: Mapping[str, Any]) -> Iterator[str]:
    """Intents that answer a question of a form."""
    slots = domain.get("slots")
    for slot in (slots if isinstance(slots, Mapping) else {}).values():
        for mapping in written(slot) if isinstance(slot, Mapping) else ():
            given = mapping.get("intent")
            yield from map(str, given if isinstance(given, list) else [given])
