"""Finds buttons whose payload names what is none: an intent or a value. Imports no Rasa. Pure.

A tap on a button of no intent is not understood, and the customer is asked for other words. A value
of no name is lost, and the customer is asked what was tapped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from typing import Any, Final

from bot import yaml_nodes
from bot.conversation import built_in_messages, callback_texts
from bot.core.content_lines import FILE, ContentLines
from bot.dialogue.domain_names import names_in
from bot.dialogue.response_placeholders import values_sent
from bot.dutch import readers
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
    values = {*names_in(domain.get("entities")), *names_in(domain.get("slots")), *readers.NAMES}
    written, told = dict(_written(lines)), set[str]()
    for response, variants in held.items() if isinstance(held, Mapping) else ():
        for payload in dict.fromkeys(_payloads(variants)):
            if (found := _INTENT.match(payload)) is None:
                continue
            name = found[1]
            line = written.get((str(response), payload)) or written.get((str(response), name))
            place = f"{FILE} line {line}" if line else lines.place("responses", str(response))
            button = f"{place}: a button of {response} sends"
            for lost, said in (
                *_lost_intent(name, intents, button),
                *_lost_values(payload[found.end() :], values, button),
            ):
                # Buttons of one anchor are written once, and mended once.
                if (once := f"{place} {lost}") not in told:
                    told.add(once)
                    yield said


def intents_sent(domain: Mapping[str, Any]) -> Iterator[str]:
    """The intents that buttons send.

    Args:
        domain: the whole domain.
    """
    for payload in _payloads(domain.get("responses")):
        if found := _INTENT.match(payload):
            yield found[1]


def _lost_intent(name: str, intents: Set[str], button: str) -> Iterator[tuple[str, str]]:
    """The intent that is none, and what to say of it."""
    if f"/{name}" not in _WITHOUT_DOMAIN and name not in intents:
        yield (
            f"/{name}",
            (
                f"{button} /{name}, and there is no intent {name}: a tap on it is not understood."
                f"{meant(name, intents, '/{}')} Mend the spelling, or add the intent to domain.yml."
            ),
        )


def _lost_values(sent: str, values: Set[str], button: str) -> Iterator[tuple[str, str]]:
    """The values of no name, and what to say of each."""
    if not sent.strip():
        return
    if (given := values_sent(sent)) is None:
        yield (
            sent,
            (
                f"{button} {sent}, which cannot be read: what is tapped is lost. Write the values "
                'as JSON between double braces: {{"size": "large"}}.'
            ),
        )
    for name in given or ():
        if name not in values:
            yield (
                name,
                (
                    f"{button} a value for {name}, and there is no such entity or slot: what is "
                    f"tapped is lost.{meant(name, values)} Mend the spelling, or add it to "
                    "domain.yml under entities."
                ),
            )


def _written(lines: ContentLines) -> Iterator[tuple[tuple[str, str], int]]:
    """The response with the payload, and with the intent, of each button; the line of that."""
    for response, held in yaml_nodes.read(lines.domain).get("responses").fields.items():
        for payload in _nodes(held):
            if found := _INTENT.match(payload.text or ""):
                yield (response, found[1]), payload.line
                yield (response, found.string), payload.line


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
