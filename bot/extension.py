"""The extension of an assistant: settings of its own, and preparations at a start.

The package may have a module `extension` with a value `EXTENSION`. Loket finds it by name when it
runs; the framework imports nothing of an assistant.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.assistant_code import FAULTS, PACKAGE, not_importable
from bot.errors import ConfigurationError

if TYPE_CHECKING:
    from bot.settings import Settings

_ENTRY: Final = "EXTENSION"


@dataclass(frozen=True, slots=True)
class OwnSetting:
    """A setting that only this assistant knows.

    Attributes:
        name: in lower case; `LOKET_` and its capitals are the name in the environment.
        meaning: what it does, with its unit; shown by `loket settings`.
        default: what holds when it is not set; `<root>` and `<var_dir>` stand for those folders.
        secret: whether `loket settings` hides it.
    """

    name: str
    meaning: str
    default: str = ""
    secret: bool = False

    def read(self, given: str, folders: Mapping[str, str]) -> str:
        """The value that holds.

        Args:
            given: what the environment says, or empty.
            folders: `root` and `var_dir`.
        """
        value = given.strip()
        if not value:
            value = self.default
            for name, folder in folders.items():
                value = value.replace(f"<{name}>", folder)
        return value


def _nothing(_: Settings) -> None:
    """Prepares nothing."""


@dataclass(frozen=True, slots=True)
class Extension:
    """The settings and preparations that an assistant adds.

    Attributes:
        settings: its own; `Settings.own` holds their values by name.
        prepare: called before `loket run` and `loket chat` start, once Loket's own database is up
            to date: makes what the backends need (tables, sample data). Called at every start and
            perhaps by several processes at once, so it must be safe to repeat.
    """

    settings: tuple[OwnSetting, ...] = ()
    prepare: Callable[[Settings], None] = _nothing


def load(package: str = PACKAGE) -> Extension:
    """The extension of an assistant's package; an empty one when it has none.

    Raises:
        ConfigurationError: there is one, and it is of no use; the message says why.
    """
    name = f"{package}.extension"
    try:
        if importlib.util.find_spec(name) is None:
            return Extension()
    except ModuleNotFoundError as error:
        if error.name == package:
            return Extension()
        raise not_importable(package, error) from error
    except FAULTS as error:
        raise not_importable(package, error) from error
    try:
        found = getattr(importlib.import_module(name), _ENTRY, None)
    except FAULTS as error:
        raise not_importable(name, error) from error
    if not isinstance(found, Extension):
        raise ConfigurationError(
            f"{name} must hold {_ENTRY}, a value of bot.extension.Extension. Without anything to "
            "add, leave the module out."
        )
    return found
