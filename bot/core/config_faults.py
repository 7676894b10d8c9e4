"""Refuses a `config.yml` that names something that is none: a component, an option, an extractor.

Rasa passes over an option that it does not know, and breaks on a component. Told here are the
line and what was likely meant, before anything is learned.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from rasa.engine.recipes.default_components import DEFAULT_COMPONENTS

from bot import assistant_code
from bot.core import safeguard_check
from bot.core.safeguard_problem import Problem, line_of
from bot.dutch import extractors
from bot.errors import ConfigurationError
from bot.near_names import meant, near

_FILE: Final = "config.yml"
_KEYS: Final = ("recipe", "assistant_id", "language", "importers", "pipeline", "policies")
_NAME: Final = "name"
_EXTRACTORS: Final = "extractors"


def check(root: Path) -> None:
    """Refuses a configuration that names something that is none.

    Args:
        root: the assistant's folder.

    Raises:
        ConfigurationError: the file is no YAML, or names what is not there.
    """
    config = safeguard_check.mapping(root, root / _FILE)
    assistant_code.use(root)
    if found := next(problems(config), None):
        raise ConfigurationError(f"No model was trained. {found}")
    for step in _steps(config.get("pipeline")):
        if _EXTRACTORS in step:
            extractors.load(step[_EXTRACTORS] or ())


def problems(config: Mapping[str, Any]) -> Iterator[Problem]:
    """What the configuration names and is not there, in its order."""
    for key in config:
        # Another key may be of another tool; a near one is a slip, and its value would be lost.
        if key not in _KEYS and near(str(key), set(_KEYS) - set(config)):
            said = f"`{key}` means nothing here.{meant(str(key), _KEYS)} Mend the spelling."
            yield Problem(_FILE, line_of(config, key), said)
    for step in _steps(config.get("importers")):
        yield from _named(step, ())
    short = _short_names(config)
    for section in ("pipeline", "policies"):
        for step in _steps(config.get(section)):
            yield from _named(step, short)
            for each in _steps(step.get(_EXTRACTORS)):
                yield from _named(each, ())
            yield from _options(step)


def _steps(section: object) -> list[Mapping[str, Any]]:
    """The entries of a section that have a name, and options perhaps."""
    held = section if isinstance(section, list) else []
    return [each for each in held if isinstance(each, Mapping) and _NAME in each]


def _short_names(config: Mapping[str, Any]) -> set[str]:
    """The names that need no module: of Rasa's components, and of those named in full elsewhere."""
    steps = [*_steps(config.get("pipeline")), *_steps(config.get("policies"))]
    full = {str(step[_NAME]).rpartition(".")[2] for step in steps if "." in str(step[_NAME])}
    return full | {each.__name__ for each in DEFAULT_COMPONENTS}


def _named(step: Mapping[str, Any], short: Collection[str]) -> Iterator[Problem]:
    """What is wrong with the name of a step; nothing of one that can be loaded.

    Args:
        step: of the configuration.
        short: names that need no module.
    """
    name = str(step[_NAME])
    if "." not in name:
        wrong = "" if name in short or not short else f"there is no {name}.{meant(name, short)}"
    else:
        wrong = _lost(name)
    if wrong:
        yield Problem(_FILE, line_of(step, _NAME), f"{wrong} Mend the spelling.")


def _lost(path: str) -> str:
    """Which part of an import path is not there; empty when all are."""
    module, _, name = path.rpartition(".")
    above: ModuleType | None = None
    parts = module.split(".")
    for place in range(len(parts)):
        whole = ".".join(parts[: place + 1])
        try:
            found = importlib.import_module(whole)
        except ModuleNotFoundError as error:
            if error.name != whole:
                raise assistant_code.not_importable(whole, error) from error
            inside = [each.name for each in pkgutil.iter_modules(getattr(above, "__path__", ()))]
            shown = ".".join([*parts[:place], "{}", *parts[place + 1 :], name])
            return f"there is no {path}.{meant(parts[place], inside, shown)}"
        except assistant_code.FAULTS as error:
            raise assistant_code.not_importable(whole, error) from error
        above = found
    if hasattr(above, name):
        return ""
    classes = [each for each, held in vars(above).items() if inspect.isclass(held)]
    return f"{module} has no {name}.{meant(name, classes, f'{module}.{{}}')}"


def _options(step: Mapping[str, Any]) -> Iterator[Problem]:
    """Options that a component of Loket's does not have; of others it is not known."""
    module, _, name = str(step[_NAME]).rpartition(".")
    if not module.startswith("bot.") or _lost(str(step[_NAME])):
        return
    known = getattr(importlib.import_module(module), name).get_default_config()
    for option in step:
        if option not in known and option != _NAME:
            has = ", ".join(known) or "none"
            yield Problem(
                _FILE,
                line_of(step, option),
                f"{name} has no option {option}; it has {has}.{meant(str(option), known)} Mend the "
                "spelling, or leave it out.",
            )
