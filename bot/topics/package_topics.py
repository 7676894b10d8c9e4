"""Finds the topics that the modules of an assistant's package declare, however deep they stand."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

from bot.assistant_code import FAULTS, not_importable
from bot.errors import ConfigurationError
from bot.topics.topic import Topic


@cache
def of_package(package: str) -> tuple[Topic, ...]:
    """The topics that the modules of a package declare; none when there is no such package.

    Raises:
        ConfigurationError: a module cannot be imported or found, or two declare one topic.
    """
    found: dict[str, tuple[Topic, object]] = {}
    for module in _modules(package):
        for source, topic in _in_module(module):
            first, other = found.get(topic.name, (topic, source))
            if first != topic and _replaces(other, source):
                continue
            if first != topic and not _replaces(source, other):
                raise ConfigurationError(
                    f"{module.__name__} declares the topic {topic.name} that {package} already "
                    "has. Keep one of the two, or make its form a subclass of the other."
                )
            found[topic.name] = (topic, source)
    return tuple(topic for topic, _ in found.values())


def file_of(package: str, topic: Topic) -> tuple[str, Path] | None:
    """The file that declares a topic, by its path from the package and by its own; None: none does.

    Raises:
        ConfigurationError: as `of_package`.
    """
    for module in _modules(package):
        if module.__file__ and any(each == topic for _, each in _in_module(module)):
            file, inside = Path(module.__file__), module.__name__.count(".")
            # A package stands in a folder of its name, and its code in `__init__.py`.
            parts = inside + (2 if hasattr(module, "__path__") else 1)
            return "/".join(file.parts[-parts:]), file
    return None


def _modules(package: str) -> Iterator[ModuleType]:
    try:
        top = importlib.import_module(package)
    except ModuleNotFoundError as error:
        if error.name == package:
            return  # rules and forms alone
        raise not_importable(package, error) from error
    except FAULTS as error:
        raise not_importable(package, error) from error
    for folder in getattr(top, "__path__", ()):
        _refuse_unfound(Path(folder))
    yield top
    yield from _inside(top)


def _inside(package: ModuleType) -> Iterator[ModuleType]:
    """The modules of a package, and those of the packages in it."""
    inside = pkgutil.iter_modules(getattr(package, "__path__", ()))
    for each in sorted(inside, key=lambda each: each.name):
        name = f"{package.__name__}.{each.name}"
        try:
            module = importlib.import_module(name)
        except FAULTS as error:
            raise not_importable(name, error) from error
        yield module
        if each.ispkg:
            yield from _inside(module)


def _refuse_unfound(package: Path) -> None:
    """Refuses a folder with code that Python does not see as a part of the package.

    Raises:
        ConfigurationError: such a folder is there.
    """
    above = (folder for path in package.rglob("*.py") for folder in path.parents)
    for folder in sorted({each for each in above if package in each.parents}):
        if not (folder / "__init__.py").is_file():
            name = folder.relative_to(package.parent).as_posix()
            raise ConfigurationError(
                f"{name} has no __init__.py, so that the code in it is not found: its tasks and "
                f"actions would be missing. Add an empty file {name}/__init__.py."
            )


def _in_module(module: ModuleType) -> Iterator[tuple[object, Topic]]:
    for value in vars(module).values():
        if isinstance(value, Topic):
            yield value, value
        elif inspect.isclass(value) and value.__module__ == module.__name__:
            topic = getattr(value, "topic", None)
            if isinstance(topic, Topic):
                yield value, topic


def _replaces(source: object, other: object) -> bool:
    """Whether one of two declarations is by a subclass of the other's class."""
    return inspect.isclass(source) and inspect.isclass(other) and issubclass(source, other)
