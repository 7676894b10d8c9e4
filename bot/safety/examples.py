"""Reads the examples that the safety net learns from: Loket's own and an assistant's.

A file holds, for each kind, what is that danger (`danger`) and what only looks like it
(`innocent`), a line an example.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from bot.errors import ConfigurationError
from bot.safety.kinds import INNOCENT, KINDS

#: Where an assistant puts examples of its own.
FILE: Final = Path("data") / "safety.yml"
_OWN: Final = Path(__file__).parent / "examples"
_DANGER: Final = "danger"
_FORM: Final = (
    f"It holds a kind ({', '.join(KINDS)}) with `danger: |` and `innocent: |`, a line an example."
)


@dataclass(frozen=True, slots=True)
class Example:
    """A message, and what it is.

    Attributes:
        text: as a customer types it.
        label: a kind of danger, or `innocent`.
    """

    text: str
    label: str


def load(root: Path) -> tuple[Example, ...]:
    """All examples: Loket's own, then those of an assistant.

    Args:
        root: folder of the project.

    Raises:
        ConfigurationError: the assistant's file is wrong; the message says what it must hold.
    """
    found: list[Example] = []
    for path in sorted(_OWN.glob("*/*.yml")):
        held = _read(path, path.name)
        found += _labelled({path.stem: held}, path.name)
    own = root / FILE
    if own.is_file():
        found += _labelled(_read(own, FILE.as_posix()), FILE.as_posix())
    return tuple(dict.fromkeys(found))


def _read(path: Path, name: str) -> Mapping[str, Any]:
    try:
        held = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{name} cannot be read as UTF-8 text.") from error
    except yaml.YAMLError as error:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        line = f" line {mark.line + 1}" if mark else ""
        raise ConfigurationError(f"{name}{line} is not valid YAML. {_FORM}") from error
    if held is None:
        return {}
    if not isinstance(held, dict):
        raise ConfigurationError(f"{name} is no list of kinds. {_FORM}")
    return held


def _labelled(kinds: Mapping[str, Any], name: str) -> Iterator[Example]:
    for kind, parts in kinds.items():
        if kind not in (*KINDS, INNOCENT):
            raise ConfigurationError(f"{name}: there is no kind {kind}. {_FORM}")
        if not isinstance(parts, dict) or parts.keys() - {_DANGER, INNOCENT}:
            raise ConfigurationError(f"{name}: {kind} holds something else. {_FORM}")
        for part, lines in parts.items():
            if not isinstance(lines, str):
                raise ConfigurationError(f"{name}: {part} of {kind} is no text. {_FORM}")
            label = INNOCENT if part == INNOCENT else kind
            for line in lines.splitlines():
                if text := line.strip():
                    yield Example(text, label)
