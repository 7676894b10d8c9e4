"""Finds the part of a domain that Rasa cannot read and says nothing understandable about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from rasa.shared.core.domain import Domain
from ruamel.yaml import YAML

from bot.core.safeguard_problem import line_of

#: Sections of which each entry is read by itself.
_ONE_BY_ONE: Final = ("slots", "forms", "responses")


def guilty_part(path: Path) -> str:
    """A sentence about the first part of a domain at which Rasa fails; empty when none does.

    Args:
        path: `domain.yml`; it is YAML and a mapping.
    """
    held = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    for part, name, line in _parts(held):
        try:
            Domain.from_dict(part)
        except Exception as error:  # noqa: BLE001 - whatever Rasa raises is what is looked for
            where = f"{path.name} line {line}" if line else path.name
            return f"{where}: {name} cannot be read ({type(error).__name__}: {error}). Mend it."
    return ""


def _parts(domain: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], str, int | None]]:
    for section, held in domain.items():
        if section in _ONE_BY_ONE and isinstance(held, Mapping):
            for name, entry in held.items():
                yield {section: {name: entry}}, f"`{name}` of {section}", line_of(held, name)
        else:
            yield {section: held}, f"the section {section}", line_of(domain, section)
