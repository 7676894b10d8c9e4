"""Names in the sections of a Rasa domain. Pure."""

from __future__ import annotations

from collections.abc import Mapping


def names_in(section: object) -> tuple[str, ...]:
    """The names that a section of a domain lists: plain, or each with options."""
    if isinstance(section, Mapping):
        return tuple(map(str, section))
    if not isinstance(section, list | tuple):
        return ()
    return tuple(
        str(next(iter(item), "")) if isinstance(item, Mapping) else str(item) for item in section
    )
