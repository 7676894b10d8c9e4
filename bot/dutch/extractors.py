"""Loads the extractors of an assistant: readers of formats that only its organisation has.

An assistant names them in `config.yml`, under the component `EntityRecognizer`, by their import
path and with their options. The readers of `bot.dutch.readers` are general Dutch and always there.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, cast, runtime_checkable

from bot.dutch.found import FoundEntity
from bot.dutch.readers import ReaderContext
from bot.errors import ConfigurationError

_WHERE = "config.yml, EntityRecognizer, `extractors`"
_SHAPE = "each is an import path, or `name:` with one and its options"


@runtime_checkable
class Extractor(Protocol):
    """Reads one format in what a customer writes. Made once with its options; keeps no state.

    Attributes:
        entities: names of the entities that it reads; `domain.yml` lists them.
        exclusive: whether the characters that it reads are nothing else as well. An exclusive
            extractor is asked before the general readers, another one after them.
    """

    entities: tuple[str, ...]
    exclusive: bool

    def read(self, text: str, around: ReaderContext) -> Iterable[FoundEntity]:
        """Reads the entities in a text.

        Args:
            text: what the customer wrote.
            around: the day it is, and what was read before.
        """
        ...


def load(declared: Sequence[str | Mapping[str, Any]]) -> tuple[Extractor, ...]:
    """Makes the extractors of a configuration, in its order.

    Args:
        declared: an import path (`actions.extractors.CaseNumbers`) each, or a mapping of `name`
            to one and of each option to its value.

    Raises:
        ConfigurationError: one cannot be loaded; the message says which, why and what to do.
    """
    if isinstance(declared, str) or not isinstance(declared, Sequence):
        raise ConfigurationError(f"{_WHERE} must be a list; {_SHAPE}.")
    return tuple(map(_load, declared))


def _load(declared: str | Mapping[str, Any]) -> Extractor:
    options = {"name": declared} if isinstance(declared, str) else dict(declared or {})
    path = options.pop("name", None)
    if not isinstance(path, str) or "." not in path:
        raise ConfigurationError(f"{_WHERE}: {_SHAPE}, such as actions.extractors.CaseNumbers.")
    make = _named(path)
    try:
        made = make(**options)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"{_WHERE}: {path} refuses its options: {error}.") from error
    if not isinstance(made, Extractor):
        raise ConfigurationError(
            f"{_WHERE}: {path} is no extractor. It needs the attributes `entities` and `exclusive` "
            "and a method `read(text, around)`; see bot/dutch/extractors.py."
        )
    return made


def _named(path: str) -> type[Any]:
    module, _, name = path.rpartition(".")
    try:
        found = importlib.import_module(module)
    except ImportError as error:
        raise ConfigurationError(
            f"{_WHERE}: {path} cannot be imported ({error}). Check its spelling, and that the "
            "folder of the assistant's package is the current folder."
        ) from error
    if not isinstance(made := getattr(found, name, None), type):
        raise ConfigurationError(f"{_WHERE}: the module {module} has no class {name}.")
    return cast("type[Any]", made)
