"""Refuses content in which one of the four safeguards would not work.

A safeguard that is missing shows only when a customer needs it. So training and every start read
the content and say what is missing, in which file and line, and what to do. What is needed stands
in `bot.core.safeguard_table`. Pure but for `read`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot import yaml_faults
from bot.core.safeguard_config import config_problems
from bot.core.safeguard_domain import domain_problems
from bot.core.safeguard_problem import Problem, line_of
from bot.core.safeguard_table import SAFEGUARDS
from bot.errors import ConfigurationError

#: Complaints in one refusal; of more, it says how many.
_MOST: Final = 5
_HAS_RULES: Final = re.compile(r"""^["']?rules["']?\s*:""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Content:
    """The parsed content of an assistant's files.

    Attributes:
        domain: of `domain.yml`.
        config: of `config.yml`.
        rules: the rules of each file in `data/`, by the file's path within the assistant.
    """

    domain: Mapping[str, object]
    config: Mapping[str, object]
    rules: Mapping[str, Sequence[object]]


def check(root: Path) -> None:
    """Refuses an assistant in which a safeguard would not work.

    Args:
        root: the assistant's folder.

    Raises:
        ConfigurationError: a safeguard lacks something, or a file cannot be read.
    """
    refuse(problems(read(root)))


def refuse(found: Sequence[Problem]) -> None:
    """Raises one error that tells these problems.

    Raises:
        ConfigurationError: there is a problem.
    """
    if not found:
        return
    told = [str(problem) for problem in found[:_MOST]]
    if len(found) > _MOST:
        told.append(f"And {len(found) - _MOST} more.")
    raise ConfigurationError(f"A safeguard is missing. {' '.join(told)}")


def problems(content: Content) -> list[Problem]:
    """Finds what the safeguards lack, in the order of the table; each thing once."""
    found = [
        *domain_problems(content.domain),
        *config_problems(content.config),
        *_rule_problems(content.rules),
    ]
    return list(dict.fromkeys(found))


def read(root: Path) -> Content:
    """The content of an assistant's files.

    Raises:
        ConfigurationError: a file is missing, or is no YAML.
    """
    rules: dict[str, Sequence[object]] = {}
    for path in sorted([*root.glob("data/**/*.yml"), *root.glob("data/**/*.yaml")]):
        if _HAS_RULES.search(_text(root, path)):
            held = mapping(root, path).get("rules")
            rules[path.relative_to(root).as_posix()] = held if isinstance(held, list) else []
    return Content(mapping(root, root / "domain.yml"), mapping(root, root / "config.yml"), rules)


def mapping(root: Path, path: Path) -> Mapping[str, Any]:
    """What a file of the assistant holds, with its lines; nothing of one that is no mapping.

    Raises:
        ConfigurationError: as `read`.
    """
    name = path.relative_to(root).as_posix()
    text = _text(root, path)
    try:
        # The reader that keeps line numbers.
        reader = YAML(typ="rt")
        held = reader.load(text)
    except YAMLError as error:
        raise ConfigurationError(yaml_faults.fault(name, error, text)) from error
    return held if isinstance(held, Mapping) else {}


def _text(root: Path, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigurationError(
            f"{path} is missing: Loket reads config.yml, domain.yml and data/."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path.relative_to(root).as_posix()}: this cannot be read as UTF-8 text. Save it as "
            "UTF-8, readable by the user that runs Loket."
        ) from error


def _rule_problems(rules: Mapping[str, Sequence[object]]) -> Iterator[Problem]:
    begun = [
        begins for file, held in rules.items() for rule in held if (begins := _begins(file, rule))
    ]
    for safeguard in SAFEGUARDS:
        for intent, action in safeguard.rules:
            ours = [each for each in begun if each.intent == intent]
            if any(each.always and each.action == action for each in ours):
                yield from (
                    Problem(
                        each.file,
                        each.line,
                        f"{safeguard.title} has {action} follow the intent {intent}, always; this "
                        f"rule says {each.action}. Take it away.",
                    )
                    for each in ours
                    if each.action != action
                )
                continue
            always = [(each.file, each.line) for each in ours if each.always]
            file, line = always[0] if always else _likely(rules, intent)
            yield Problem(
                file,
                line,
                f"{safeguard.title} needs a rule without condition in which the intent {intent} "
                f"is followed by {action}. Add to its steps: `- intent: {intent}`, "
                f"`- action: {action}`.",
            )


def _likely(rules: Mapping[str, Sequence[object]], intent: str) -> tuple[str, int | None]:
    """Where a rule for an intent belongs: a file that is named after it or mentions it."""
    for file, held in rules.items():
        for rule in held:
            steps = rule.get("steps") if isinstance(rule, Mapping) else None
            if any(_named(step, "intent") == intent for step in steps or ()):
                return file, line_of(rule)
    named = next((file for file in rules if Path(file).stem == intent), None)
    return named or f"data/rules/{intent}.yml", None


@dataclass(frozen=True, slots=True)
class _Begins:
    """A rule that begins with an intent: where it stands, what follows, and whether always."""

    file: str
    line: int | None
    intent: str
    action: str
    always: bool


def _begins(file: str, rule: object) -> _Begins | None:
    """What a rule begins with; None for one that begins otherwise than with an intent alone."""
    steps = rule.get("steps") if isinstance(rule, Mapping) else None
    if not isinstance(rule, Mapping) or not isinstance(steps, list) or len(steps) < 2:
        return None
    intent, action = _named(steps[0], "intent"), _named(steps[1], "action")
    if intent is None or action is None or set(steps[0]) & {"entities", "user"}:
        return None
    always = not (rule.get("condition") or rule.get("conversation_start"))
    return _Begins(file, line_of(rule), intent, action, always)


def _named(step: object, key: str) -> str | None:
    value = step.get(key) if isinstance(step, Mapping) else None
    return str(value) if value is not None else None
