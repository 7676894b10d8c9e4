"""Loads an assistant's texts, checks that its channels can show them, and puts them in use."""

from __future__ import annotations

from pathlib import Path

from bot import catalogue
from bot.catalogue import Catalogue
from channels import button_limits


def load(root: Path) -> Catalogue:
    """The texts that hold for an assistant.

    Args:
        root: folder of the project.

    Raises:
        ConfigurationError: `data/texts.yml` is wrong, or a text of it does not fit on a button.
    """
    found = catalogue.load(root)
    own = [entry for entry in found.entries.values() if entry.file == catalogue.FILE.as_posix()]
    catalogue.refuse(button_limits.problems(own, root))
    return found


def use(root: Path) -> None:
    """Has this process say an assistant's texts.

    Args:
        root: folder of the project.

    Raises:
        ConfigurationError: as `load`.
    """
    catalogue.use(load(root))
