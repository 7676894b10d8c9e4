"""Finds buttons whose payload names an intent that is none. Imports no Rasa. Pure.

A tap on such a button is not understood, and the customer is asked for other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot import yaml_nodes
from bot.conversation import built_in_messages, callback_texts
from bot.core.content_lines import FILE, ContentLines
from bot.dialogue.domain_names import names_in
from bot.near_names import meant
from bot.topics import built_in
from bot.yaml_nodes import Written

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
    written, told = dict(_written(lines)), set[str]()
    for response, variants in held.items() if isinstance(held, Mapping) else ():
        sent = (_INTENT.match(payload) for payload in _payloads(variants))
        for name in dict.fromkeys(found[1] for found in sent if found):
            if f"/{name}" in _WITHOUT_DOMAIN or name in intents:
                continue
            line = written.get((str(response), name))
            place = f"{FILE} line {line}" if line else lines.place("responses", str(response))
            # Buttons of one anchor are written once, and mended once.
            if (said := f"{place} /{name}") in told:
                continue
            told.add(said)
            yield (
                f"{place}: a button of {response} sends /{name}, and there is no intent {name}: a "
                f"tap on it is not understood.{meant(name, intents, '/{}')} Mend the spelling, or "
                "add the intent to domain.yml."
            )


def _written(lines: ContentLines) -> Iterator[tuple[tuple[str, str], int]]:
    """The response and intent of each button, with the line on which that stands."""
    for response, held in yaml_nodes.read(lines.domain).get("responses").fields.items():
        for payload in _nodes(held):
            if found := _INTENT.match(payload.text or ""):
                yield (response, found[1]), payload.line


def _nodes(held: Written) -> Iterator[Written]:
    for name, each in held.fields.items():
        if name == "payload":
            yield each
        else:
            yield from _nodes(each)
    for each in held.entries:
        yield from _nodes(each)


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
