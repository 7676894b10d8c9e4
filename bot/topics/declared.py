"""Finds the topics that an assistant declares: in its package, and in `data/organisation.yml`.

In the package a topic is a value of `bot.topics.topic.Topic` in a module, or the attribute `topic`
of a class in it (a form). What a designer declares without code stands in `data/organisation.yml`
under `topics`. A topic is a task as well when `domain.yml` has a form of its name, or a rule in
`data/` starts a form by it.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot import yaml_faults
from bot.assistant_code import FAULTS, PACKAGE, not_importable
from bot.errors import ConfigurationError
from bot.topics import built_in
from bot.topics.starting_rules import starting_intents
from bot.topics.topic import KINDS, Topic
from bot.topics.topics import Topics

FILE: Final = Path("data") / "organisation.yml"
_DOMAIN: Final = "domain.yml"
#: What `data/organisation.yml` may say of a topic.
_OPTIONS: Final = frozenset(each.name for each in fields(Topic)) - {"name", "proof"}


@cache
def load(root: Path, package: str = PACKAGE) -> Topics:
    """The topics of an assistant, in the order of the intents in its domain.

    Args:
        root: the assistant's folder.
        package: importable package with the assistant's code.

    Raises:
        ConfigurationError: a declaration is wrong, or the package cannot be imported.
    """
    intents, forms = _domain(root)
    starts = _starting(root) if forms else frozenset()
    declared = {topic.name: topic for topic in content(root, package)}
    for name in intents:
        topic = declared.get(name, Topic(name))
        if topic.kind == "question" and (topic.form in forms or name in starts):
            declared[name] = replace(topic, kind="task")
    # What the domain does not know cannot be offered; how it is taken in a form does no harm.
    there = [
        each for each in declared.values() if not intents or each.name in intents or not each.title
    ]
    order = {name: place for place, name in enumerate(intents)}
    return Topics(sorted(there, key=lambda each: order.get(each.name, len(order))))


def content(root: Path, package: str = PACKAGE) -> Iterator[Topic]:
    """The topics that are built in or declared, whatever the domain knows; each once.

    Raises:
        ConfigurationError: as `load`.
    """
    found = {topic.name: topic for topic in (*built_in.TOPICS, *_of_package(package))}
    for name, options in _of_file(root):
        found[name] = _with(found.get(name, Topic(name)), options)
    yield from found.values()


@cache
def _of_package(package: str) -> tuple[Topic, ...]:
    """The topics that the modules of a package declare."""
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


def _of_file(root: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    path = root / FILE
    if not path.is_file():
        return
    text = path.read_text(encoding="utf-8")
    try:
        held = _parsed(_section(text, "topics"), FILE).get("topics") or {}
    except ConfigurationError:
        # Told with its line in the whole file; it may lean on an anchor elsewhere.
        held = _parsed(text, FILE).get("topics") or {}
    if not isinstance(held, Mapping):
        raise ConfigurationError(f"{FILE}: `topics` must be a mapping of intents.")
    for name, options in held.items():
        if not isinstance(options, Mapping):
            raise ConfigurationError(f"{FILE}: topics: {name} needs options, such as `title`.")
        yield str(name), options


def _with(topic: Topic, options: Mapping[str, Any]) -> Topic:
    """Adds to a topic what a file says of it."""
    where = f"{FILE}: topics: {topic.name}"
    if unknown := sorted(map(str, set(options) - _OPTIONS)):
        raise ConfigurationError(
            f"{where} has {unknown[0]}, which is none of {', '.join(sorted(_OPTIONS))}."
        )
    if options.get("kind", topic.kind) not in KINDS:
        raise ConfigurationError(f"{where}: kind must be one of {', '.join(KINDS)}.")
    given: dict[str, Any] = {}
    for name, value in options.items():
        held = getattr(topic, name)
        wanted = {type(None): bool, tuple: list}.get(type(held), type(held))
        if not isinstance(value, wanted):
            raise ConfigurationError(f"{where}: {name} is of another type than it should be.")
        given[name] = tuple(value) if isinstance(value, list) else value
    return replace(topic, **given)


def _domain(root: Path) -> tuple[list[str], frozenset[str]]:
    """Names of the domain's intents, in its order, and of its forms; none without a domain."""
    path = root / _DOMAIN
    if not path.is_file():
        return [], frozenset()
    text = path.read_text(encoding="utf-8")
    intents = _held(text, "intents")
    names = [str(next(iter(each))) if isinstance(each, Mapping) else str(each) for each in intents]
    return names, frozenset(map(str, _held(text, "forms")))


def _starting(root: Path) -> frozenset[str]:
    """The intents by which a rule in `data/` starts a form."""
    held: list[Any] = []
    for path in sorted([*root.glob("data/**/*.yml"), *root.glob("data/**/*.yaml")]):
        # What cannot be read is told by training, with its place.
        held += _held(
            path.read_text(encoding="utf-8", errors="replace"), "rules", path.relative_to(root)
        )
    rules = (rule for rule in held if isinstance(rule, Mapping))
    return frozenset(name for names in starting_intents(rules).values() for name in names)


def _held(text: str, section: str, file: Path = Path(_DOMAIN)) -> Iterable[Any]:
    try:
        held = _parsed(_section(text, section), file).get(section)
    except ConfigurationError:
        # It may lean on an anchor elsewhere in the file.
        held = _parsed(text, file).get(section)
    return held if isinstance(held, list | Mapping) else ()


def _section(text: str, name: str) -> str:
    """Reads one section at the top level of a YAML file; a whole domain would take a second."""
    found = re.search(rf"^{name}\s*:.*?(?=^[^\s#-]|\Z)", text, re.MULTILINE | re.DOTALL)
    return found[0] if found else ""


def _parsed(text: str, file: Path) -> Mapping[str, Any]:
    try:
        held = YAML(typ="safe").load(text)
    except YAMLError as error:
        raise ConfigurationError(yaml_faults.fault(file.as_posix(), error, text)) from error
    return held if isinstance(held, Mapping) else {}
