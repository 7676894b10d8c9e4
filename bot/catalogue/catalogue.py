"""The texts that hold in this process: the framework's, and an assistant's in place of some."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.catalogue.checking import problems
from bot.catalogue.entries import Entry, read
from bot.errors import ConfigurationError

#: Where an assistant puts texts of its own.
FILE: Final = Path("data") / "texts.yml"


class Catalogue:
    """Texts by key.

    Attributes:
        entries: every text that holds, by key, in the framework's order.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Takes the texts; of two with one key the later one holds."""
        self.entries: Mapping[str, Entry] = MappingProxyType({each.key: each for each in entries})
        self._texts = {key: entry.text for key, entry in self.entries.items()}
        self._groups: dict[str, Mapping[str, str]] = {}

    def say(self, key: str, **values: object) -> str:
        """A text with its placeholders filled in.

        Raises:
            KeyError: there is no such text, or a placeholder has no value.
        """
        return self._texts[key].format_map(values)

    def group(self, prefix: str) -> Mapping[str, str]:
        """The texts whose key begins with `<prefix>.`, by the rest of their key, not filled in."""
        found = self._groups.get(prefix)
        if found is None:
            begins = f"{prefix}."
            found = MappingProxyType(
                {
                    key.removeprefix(begins): text
                    for key, text in self._texts.items()
                    if key.startswith(begins)
                }
            )
            self._groups[prefix] = found
        return found


@cache
def framework() -> Catalogue:
    """The framework's own texts: `bot/catalogue/nl`, and each channel's `texts.yml`."""
    top = Path(__file__).parents[2]
    paths = (*top.glob("bot/catalogue/nl/*.yml"), *top.glob("channels/*/texts.yml"))
    return Catalogue(
        entry for path in sorted(paths) for entry in read(path, path.relative_to(top).as_posix())
    )


def load(root: Path) -> Catalogue:
    """The texts that hold for an assistant.

    Args:
        root: folder of the project; without `data/texts.yml` the framework's texts hold.

    Raises:
        ConfigurationError: that file is wrong; each thing is a line of the message.
    """
    path = root / FILE
    if not path.exists():
        return framework()
    own = read(path, FILE.as_posix())
    refuse(problems(own, framework().entries))
    return Catalogue((*framework().entries.values(), *own))


def refuse(found: Iterable[str]) -> None:
    """Refuses to go on.

    Args:
        found: what is wrong, a sentence each; nothing happens when there is none.

    Raises:
        ConfigurationError: with these sentences.
    """
    if said := "\n".join(found):
        raise ConfigurationError(f"A text cannot be said.\n{said}")
