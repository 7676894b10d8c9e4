"""Reads the examples of intents from the text of an assistant's files, with their lines. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_INTENT: Final = re.compile(r"\s*-\s+intent:\s*[\"']?([^\s\"'#]+)")
_OTHER: Final = re.compile(r"\s*-\s+(?:synonym|lookup|regex):|\S")
_EXAMPLE: Final = re.compile(r"\s*-\s+(\S.*)")
_BEGINS: Final = re.compile(r"\s*examples:\s*[|>]")
#: An entity that is pointed out in an example: `[blauwe](kleur)`, `[blauwe]{"entity": "kleur"}`.
_ENTITY: Final = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


def in_file(text: str) -> Iterator[tuple[str, str, int]]:
    """The examples in a file, each with its intent and line."""
    intent, inside = "", False
    for number, line in enumerate(text.splitlines(), 1):
        if begun := _INTENT.match(line):
            intent, inside = begun[1], False
        elif intent and _BEGINS.match(line):
            inside = True
        elif _OTHER.match(line):
            intent = ""
        elif inside and (example := _EXAMPLE.match(line)):
            yield intent, example[1], number


def without_entities(example: str) -> str:
    """The words of an example, without the marks that point out entities."""
    return _ENTITY.sub(r"\1", example).strip()
