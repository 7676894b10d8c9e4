"""What is wrong with an assistant's own texts, as sentences with file, line and the way out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from rapidfuzz import process

from bot.catalogue.entries import Entry
from bot.catalogue.text_placeholders import Malformed, placeholders

#: How alike a key must be to be proposed, 0 to 100.
_ALIKE: Final = 75
_LIST: Final = "`loket texts` lists them all."


def problems(own: Iterable[Entry], known: Mapping[str, Entry]) -> Iterator[str]:
    """Sentences about texts that could not be said; none when all can.

    Args:
        own: the assistant's texts.
        known: the framework's texts by key.
    """
    for entry in own:
        framework = known.get(entry.key)
        if framework is None:
            yield f"{entry.place}: there is no text {entry.key}. {_near(entry.key, known)}"
        elif not entry.text.strip():
            yield (
                f"{entry.place}: {entry.key} is empty. Write a text, or take the line away: "
                "the framework's own text then holds."
            )
        else:
            yield from _braces(entry, placeholders(framework.text))


def _near(key: str, known: Mapping[str, Entry]) -> str:
    found = process.extractOne(key, list(known), score_cutoff=_ALIKE)
    return f"Do you mean {found[0]}? {_LIST}" if found else _LIST


def _braces(entry: Entry, expected: frozenset[str]) -> Iterator[str]:
    try:
        found = placeholders(entry.text)
    except Malformed as error:
        yield f"{entry.place}: {entry.key}: {error}. A brace itself is written twice: {{{{."
        return
    if unknown := found - expected:
        yield (
            f"{entry.place}: {entry.key} knows no {_braced(unknown)}. "
            + (f"It can fill in {_braced(expected)}." if expected else "It fills nothing in.")
        )
    if missing := expected - found:
        yield f"{entry.place}: {entry.key} must hold {_braced(missing)}. Put it into the text."


def _braced(names: Iterable[str]) -> str:
    return " and ".join(f"{{{name}}}" for name in sorted(names))
