"""What the framework says in Dutch, in one catalogue that an assistant overrides key by key.

`say("button.person")` gives the text that holds in this process. The framework's stand in `nl/` and
in `channels/<name>/texts.yml`; an assistant's `data/texts.yml` goes before them from `use` on. What
an assistant says itself stands in its `domain.yml`, not here.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.catalogue.catalogue import FILE, Catalogue, framework, load, refuse
from bot.catalogue.entries import Entry

__all__ = ["FILE", "Catalogue", "Entry", "framework", "group", "load", "refuse", "say", "use"]


class _Present:
    """The catalogue of this process; the framework's until another is put in use."""

    catalogue: Catalogue | None = None


def use(catalogue: Catalogue) -> None:
    """Has this process say these texts from now on. To be called once, at its start."""
    _Present.catalogue = catalogue


def say(key: str, **values: object) -> str:
    """The text of a key with its placeholders filled in.

    Not for constants: what is said while a module is imported is the framework's own text.

    Args:
        key: such as `button.person`.
        **values: for the `{names}` in the text.

    Raises:
        KeyError: there is no such text, or a placeholder has no value.
    """
    return (_Present.catalogue or framework()).say(key, **values)


def group(prefix: str) -> Mapping[str, str]:
    """The texts whose key begins with `<prefix>.`, by the rest of their key, not filled in."""
    return (_Present.catalogue or framework()).group(prefix)
