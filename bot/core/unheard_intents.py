"""Finds intents that a rule answers and no example teaches. Imports no Rasa. Pure.

Nobody can say such an intent in words. One that a button sends, or that code names, is reached
without.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from bot.core.dead_buttons import intents_sent
from bot.core.nlu_examples import in_file
from bot.dialogue.domain_names import names_in
from bot.topics import built_in


def sentences(
    domain: Mapping[str, Any], in_rules: Collection[str], code: str, files: Mapping[str, str]
) -> Iterator[str]:
    """Says which intents have a rule and no example, and the way out.

    Args:
        domain: the whole domain.
        in_rules: intents that a rule holds.
        code: the text of the assistant's package.
        files: text of the files in `data/`, by path within the assistant.
    """
    taught = {intent.partition("/")[0] for text in files.values() for intent, *_ in in_file(text)}
    reached = {*taught, *intents_sent(domain), *(topic.name for topic in built_in.TOPICS)}
    for intent in names_in(domain.get("intents")):
        named = f'"{intent}"' in code or f"'{intent}'" in code or f"/{intent}" in code
        if intent in in_rules and intent not in reached and not named:
            yield (
                f"A rule answers the intent {intent}, and there is no example of it: no customer "
                f"is understood so. Add examples to data/nlu/{intent}.yml under `intent: {intent}`."
            )
