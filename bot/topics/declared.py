"""Finds the topics that an assistant declares: in its package, and in `data/organisation.yml`.

In the package a topic is a value of `bot.topics.topic.Topic` in a module, or the attribute `topic`
of a class in it (a form). What a designer declares without code stands in `data/organisation.yml`
under `topics`. A topic is a task as well when `domain.yml` has a form of its name, or a rule in
`data/` starts a form by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot import yaml_faults, yaml_nodes
from bot.assistant_code import PACKAGE
from bot.errors import ConfigurationError
from bot.near_names import meant
from bot.topics import built_in, package_topics
from bot.topics.starting_rules import starting_intents
from bot.topics.topic import KINDS, Topic
from bot.topics.topics import Topics

FILE: Final = Path("data") / "organisation.yml"
_DOMAIN: Final = "domain.yml"
#: What `data/organisation.yml` may say of a topic.
_OPTIONS: Final = frozenset(each.name for each in fields(Topic)) - {"name", "proof", "started"}


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
    starts = _starting(root)
    if intents:
        _refuse_lost(root, {*intents, *(topic.name for topic in _of_code(package))})
    declared = {topic.name: topic for topic in content(root, package)}
    for name in intents:
        topic = declared.get(name, Topic(name))
        if topic.kind == "question" and forms and (topic.form in forms or name in starts):
            topic = replace(topic, kind="task")
        if topic.kind in {"task", "question"}:
            declared[name] = replace(topic, started=starts.get(name, ""))
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
    found = {topic.name: topic for topic in _of_code(package)}
    for name, options in _of_file(root):
        found[name] = _with(found.get(name, Topic(name)), options, root)
    yield from found.values()


def team_place(root: Path, topic: Topic, package: str = PACKAGE) -> str:
    """The file in which a topic names its team, with the line.

    Args:
        root: the assistant's folder.
        topic: as it was loaded.
        package: importable package with the assistant's code.
    """
    options = dict(_of_file(root)).get(topic.name, {})
    if "team" in options:
        return _place(root, topic.name, "team")
    written = next((each for each in _of_code(package) if each.name == topic.name), topic)
    if (found := package_topics.file_of(package, written)) is None:
        return FILE.as_posix()
    name, file = found
    said = re.compile(rf"""["']{re.escape(topic.team)}["']""")
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    number = next((number for number, line in lines if said.search(line)), None)
    return f"{name} line {number}" if number else name


def _of_code(package: str) -> tuple[Topic, ...]:
    return (*built_in.TOPICS, *package_topics.of_package(package))


def _refuse_lost(root: Path, known: set[str]) -> None:
    """Refuses a topic in the file that is of no intent: nobody would ever get what it says.

    Raises:
        ConfigurationError: there is one.
    """
    for name, _ in _of_file(root):
        if name not in known:
            raise ConfigurationError(
                f"{_place(root, name)}: the topic {name} is of no intent.{meant(name, known)} Mend "
                "the spelling, or add the intent to domain.yml."
            )


def _place(root: Path, *path: str) -> str:
    """The file of the topics, with the line of one or of an option."""
    text = (root / FILE).read_text(encoding="utf-8")
    return yaml_nodes.place(FILE.as_posix(), text, "topics", *path)


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
        raise ConfigurationError(f"{_place(root)}: `topics` must be a mapping of intents.")
    for name, options in held.items():
        if not isinstance(options, Mapping):
            raise ConfigurationError(
                f"{_place(root, str(name))}: topics: {name} needs options, such as `title`."
            )
        yield str(name), options


def _with(topic: Topic, options: Mapping[str, Any], root: Path) -> Topic:
    """Adds to a topic what a file says of it."""
    given: dict[str, Any] = {}
    for name, value in ((str(option), value) for option, value in options.items()):
        if wrong := _wrong(topic, name, value):
            where = _place(root, topic.name, name)
            raise ConfigurationError(f"{where}: topics: {topic.name}{wrong}")
        given[name] = tuple(value) if isinstance(value, list) else value
    return replace(topic, **given)


def _wrong(topic: Topic, name: str, value: Any) -> str:
    """What is wrong with an option of a topic; empty when nothing is."""
    if name not in _OPTIONS:
        return (
            f" has {name}, which is none of {', '.join(sorted(_OPTIONS))}.{meant(name, _OPTIONS)}"
        )
    if name == "kind" and value not in KINDS:
        return f": kind must be one of {', '.join(KINDS)}.{meant(str(value), KINDS)}"
    held = getattr(topic, name)
    if not isinstance(value, {type(None): bool, tuple: list}.get(type(held), type(held))):
        return f": {name} is of another type than it should be."
    return ""


def _domain(root: Path) -> tuple[list[str], frozenset[str]]:
    """Names of the domain's intents, in its order, and of its forms; none without a domain."""
    path = root / _DOMAIN
    if not path.is_file():
        return [], frozenset()
    text = path.read_text(encoding="utf-8")
    intents = _held(text, "intents")
    names = [str(next(iter(each))) if isinstance(each, Mapping) else str(each) for each in intents]
    return names, frozenset(map(str, _held(text, "forms")))


def _starting(root: Path) -> Mapping[str, str]:
    """The intents by which a rule in `data/` starts a form, each with the form's name."""
    held: list[Any] = []
    for path in sorted([*root.glob("data/**/*.yml"), *root.glob("data/**/*.yaml")]):
        # What cannot be read is told by training, with its place.
        held += _held(
            path.read_text(encoding="utf-8", errors="replace"), "rules", path.relative_to(root)
        )
    rules = (rule for rule in held if isinstance(rule, Mapping))
    return {name: form for form, names in starting_intents(rules).items() for name in names}


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
