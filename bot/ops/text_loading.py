"""Loads an assistant's texts, checks that its channels can show them, and puts them in use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from bot import catalogue
from bot.catalogue import Catalogue, Entry
from bot.conversation import disclosure
from channels import button_limits

#: The last part of the key of a text that tells a customer what answers.
_DISCLOSURE: Final = "disclosure"


def load(root: Path) -> Catalogue:
    """The texts that hold for an assistant.

    Args:
        root: folder of the project.

    Raises:
        ConfigurationError: `data/texts.yml` is wrong, a text of it does not fit on a button, or its
            disclosure does not disclose.
    """
    found = catalogue.load(root)
    own = [entry for entry in found.entries.values() if entry.file == catalogue.FILE.as_posix()]
    catalogue.refuse(chain(button_limits.problems(own, root), _undisclosed(own)))
    return found


def _undisclosed(own: Iterable[Entry]) -> Iterator[str]:
    for entry in own:
        if entry.key.rpartition(".")[2] == _DISCLOSURE and not disclosure.tells(entry.text):
            yield (
                f"{entry.place}: {entry.key} does not say that an AI answers. Put it into the text."
            )


def use(root: Path) -> None:
    """Has this process say an assistant's texts.

    Args:
        root: folder of the project.

    Raises:
        ConfigurationError: as `load`.
    """
    catalogue.use(load(root))
