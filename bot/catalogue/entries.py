"""Reads a file of texts: one line a key, each with the line it stands on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml
from yaml.nodes import MappingNode, ScalarNode

from bot.errors import ConfigurationError

_FORM: Final = 'Write each text on a line of its own: `button.person: "Medewerker"`.'


@dataclass(frozen=True, slots=True)
class Entry:
    """One text.

    Attributes:
        key: what it is called, such as `button.person`.
        text: the words, with `{names}` for what is filled in.
        file: path of its file, within the project or the framework.
        line: number of its line, from 1.
    """

    key: str
    text: str
    file: str
    line: int

    @property
    def place(self) -> str:
        """File and line, as messages name them."""
        return f"{self.file} line {self.line}"


def read(path: Path, name: str) -> tuple[Entry, ...]:
    """The texts of a file, in its order; none for an empty file.

    Args:
        path: the file.
        name: what the file is called in messages.

    Raises:
        ConfigurationError: it cannot be read, or is no list of keys with a text each; the message
            says where and what to do.
    """
    try:
        # PyYAML in C: ruamel takes twenty times as long, and every process reads the catalogue.
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{name} cannot be read. Save it as UTF-8, where this user may read it."
        ) from error
    except yaml.YAMLError as error:
        # A character that may not be in YAML has no mark.
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        said = error.problem if isinstance(error, yaml.MarkedYAMLError) else "a control character"
        line = mark.line + 1 if mark else 1
        raise ConfigurationError(
            f"{name} line {line}: this is no YAML ({said}). {_FORM}"
        ) from error
    if root is None:
        return ()
    if not isinstance(root, MappingNode):
        raise ConfigurationError(f"{name} line {root.start_mark.line + 1}: no key. {_FORM}")
    return tuple(_entries(root, name))


def _entries(root: MappingNode, name: str) -> Iterator[Entry]:
    seen: dict[str, int] = {}
    for key, value in root.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode) or not isinstance(value, ScalarNode):
            near = f"{key.value} " if isinstance(key, ScalarNode) else ""
            raise ConfigurationError(f"{name} line {line}: {near}holds no text. {_FORM}")
        if (earlier := seen.setdefault(key.value, line)) != line:
            raise ConfigurationError(
                f"{name} line {line}: {key.value} is there twice, on line {earlier} too. Keep one."
            )
        empty = value.style is None and value.tag == "tag:yaml.org,2002:null"
        yield Entry(key.value, "" if empty else value.value.rstrip("\n"), name, line)
