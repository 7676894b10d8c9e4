"""Leaves placeholders without a value out of what a customer reads. Pure.

Rasa sends `{name}` as it stands when nothing fills it, and "None" when its slot is empty.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

#: Stands in a text where a placeholder had no value; no text of a designer or a customer has it.
GAP: Final = "\ufdd0"
_BRACES: Final = re.compile(r"{{|}}|{\w+}|[{}]")
_PLACEHOLDER: Final = re.compile(r"(?<!{){(\w+)}(?!})")
#: A sentence with the blanks behind it; "12.5" and "a.u.b" end none.
_SENTENCE: Final = re.compile(r"\S.*?(?:[.!?…]+[’”\"')]*(?=\s|$)|$)\s*", re.DOTALL)
_PAIRS: Final = re.compile(r"[ \t]*(?:\(\s*\)|‘\s*’|“\s*”|\"\s*\"|'\s*')")
#: Blanks and signs that only joined the missing value to what is before it.
_BEFORE_END: Final = re.compile(rf"[\s,;:–-]*{GAP}[\s,;:–-]*(?=[.!?)…]|$)")
_BETWEEN: Final = re.compile(rf"\s*{GAP}(?=[,;:\s])|{GAP}\s*")


def names(told: object) -> frozenset[str]:
    """The placeholders in a response, or in any part of one.

    Args:
        told: a text, or a list or mapping that holds texts.
    """
    if isinstance(told, str):
        return frozenset(_PLACEHOLDER.findall(told))
    held = told.values() if isinstance(told, Mapping) else told
    parts = held if isinstance(held, Iterable) else ()
    return frozenset(name for each in parts for name in names(each))


def filled(text: str, values: Mapping[str, Any]) -> str:
    """A text with its placeholders filled in, and those without a value left out.

    Args:
        text: a designer's.
        values: by name; None is no value.
    """

    def value(found: re.Match[str]) -> str:
        given = values.get(found[1])
        return GAP if given is None else str(given)

    return without_gaps(_PLACEHOLDER.sub(value, text))


def sent(payload: str, values: Mapping[str, Any]) -> str:
    """A payload as Rasa sends it: filled in, and the braces that it wants doubled single.

    Args:
        payload: a designer's, such as `/inform{{"size": "large"}}`.
        values: by name.
    """
    return filled(payload, values).replace("{{", "{").replace("}}", "}")


def for_rasa(payload: str) -> str:
    """A payload with the braces of its JSON doubled, as Rasa wants them, if they are not yet.

    Rasa takes a single pair for a placeholder, finds no such name, and fills nothing at all.

    Args:
        payload: a designer's, such as `/inform{"size": "{size}"}`.
    """
    if "{{" in payload:
        return payload
    return _BRACES.sub(lambda found: found[0] if len(found[0]) > 1 else found[0] * 2, payload)


def values_sent(json_part: str) -> Mapping[str, Any] | None:
    """The values by name that a payload sends, with 0 for a placeholder; None: it is no JSON.

    Args:
        json_part: what a designer wrote behind the intent, such as `{{"size": "large"}}`.
    """

    def single(found: re.Match[str]) -> str:
        return found[0][:1] if found[0] in ("{{", "}}") else "0"

    try:
        read = json.loads(re.sub(r"{{|}}|{\w+}", single, for_rasa(json_part)))
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def without_gaps(text: str) -> str:
    """A text without its gaps.

    A sentence that tells something goes as a whole, as "Uw nummer is." tells nothing. A question
    stays, and so does a text of which nothing else would be left: there only the gap goes, with
    what joined it to the rest.

    Args:
        text: with `GAP` wherever a value is missing.
    """
    if GAP not in text:
        return text
    lines = [_SENTENCE.findall(line) or [line] for line in text.split("\n")]
    kept = [[each for each in line if _stays(each)] for line in lines]
    if not any("".join(line).strip() for line in kept):
        kept = lines
    tidied = (_tidy("".join(line)).rstrip() for line in kept)
    shown = [line for line, before in zip(tidied, lines, strict=True) if line or before == [""]]
    return "\n".join(shown).strip()


def _stays(sentence: str) -> bool:
    return GAP not in sentence or sentence.rstrip(" ’”\"')").endswith("?")


def _tidy(sentence: str) -> str:
    if GAP not in sentence:
        return sentence
    closed = _PAIRS.sub("", re.sub(rf"(?<=[(‘“\"'])\s*{GAP}\s*(?=[)’”\"'])", "", sentence))
    rest = _BETWEEN.sub("", _BEFORE_END.sub("", closed))
    tidied = re.sub(r"[ \t]{2,}", " ", rest).lstrip(" ,;:")
    return tidied[:1].upper() + tidied[1:] if sentence.startswith(GAP) else tidied
