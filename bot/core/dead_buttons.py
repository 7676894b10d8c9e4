"""Finds buttons whose payload names an intent that is none. Imports no Rasa. Pure.

A tap on such a button is not understood, and the customer is asked for other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.conversation import built_in_messages, callback_texts
from bot.core.content_lines import ContentLines
from bot.dialogue.domain_names import names_in
from bot.near_names import meant
from bot.topics import built_in

#: What the worker answers itself, and what Rasa knows without a domain.
_WITHOUT_DOMAIN: Final = {
    callback_texts.START,
    built_in_messages.RESUME,
    "/restart",
    "/session_start",
    "/back",
}
_INTENT: Final = re.compile(r"/([^\s{]+)")


def problems(domain: Mapping[str, Any], lines: ContentLines) -> Iterator[str]:
    """Says which buttons lead nowhere, where they stand, and the way out.

    Args:
        domain: the whole domain.
        lines: of the content.
    """
    held = domain.get("responses")
    intents = {*names_in(domain.get("intents")), built_in.OUT_OF_SCOPE}
    for response, variants in held.items() if isinstance(held, Mapping) else ():
        sent = (_INTENT.match(payload) for payload in _payloads(variants))
        for name in dict.fromkeys(found[1] for found in sent if found):
            if f"/{name}" in _WITHOUT_DOMAIN or name in intents:
                continue
            yield (
                f"{lines.place('responses', str(response), f'/{name}')}: a button of {response} "
                f"sends /{name}, and there is no intent {name}: a tap on it is not understood."
                f"{meant(name, intents, '/{}')} Mend the spelling, or add the intent to domain.yml."
            )


def _payloads(told: object) -> Iterator[str]:
    """The payloads in a response, or in any part of one."""
    if isinstance(told, Mapping):
        for key, held in told.items():
            if key == "payload" and isinstance(held, str):
                yield held
            else:
                yield from _payloads(held)
    elif isinstance(told, list | tuple):
        for each in told:
            yield from _payloads(each)
