"""Reads a YAML file as values that know their lines. Pure.

What an alias stands for is the value at its anchor, with the line there: one fault, told once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

_NULL: Final = "tag:yaml.org,2002:null"
_NUMBERS: Final = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


@dataclass(frozen=True, slots=True)
class Written:
    """A value of a YAML file.

    Attributes:
        line: on which it begins, from 1.
        text: of a plain value; None of any other, and of an empty one.
        number: whether a plain value is a number, and not a text in quotes.
        block: whether a plain value is a text of lines, below a `|` or `>`.
        entries: of a list.
        fields: of a mapping.
        lines: on which each field of a mapping begins.
    """

    line: int = 0
    text: str | None = None
    number: bool = False
    block: bool = False
    entries: Sequence[Written] = ()
    fields: Mapping[str, Written] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    def get(self, name: str) -> Written:
        """A field of a mapping; an empty value where it is not there."""
        return self.fields.get(name, NOTHING)

    def names(self) -> Iterator[tuple[str, int]]:
        """The names that a section of a domain lists, plain or with options, with their lines."""
        yield from self.lines.items()
        for each in self.entries:
            yield from each.lines.items() if each.lines else [(each.text or "", each.line)]

    def plain(self) -> Iterator[Written]:
        """A plain value, or those of a list."""
        yield from (each for each in (self, *self.entries) if each.text is not None)


NOTHING: Final = Written()


@lru_cache(maxsize=256)
def read(text: str) -> Written:
    """The whole of a file; nothing of one that is empty or no YAML, which others tell.

    Kept, as several checks of a training look through the same files. Not to be changed.
    """
    try:
        node = YAML(typ="safe").compose(text)
    except YAMLError:
        return NOTHING
    return NOTHING if node is None else _written(node)


def place(file: str, text: str, *path: str | int) -> str:
    """The file with the line of what stands in it, as refusals name it: `domain.yml line 12`.

    Args:
        file: its name for a reader.
        text: what it holds.
        path: names of fields and places in lists, from the top; the last that is there counts.
    """
    held, line = read(text), 0
    for step in path:
        if isinstance(step, int):
            if step >= len(held.entries):
                break
            held = held.entries[step]
            line = held.line
        elif step in held.fields:
            held, line = held.fields[step], held.lines[step]
        else:
            break
    return f"{file} line {line}" if line else file


def _written(node: Any) -> Written:
    line = node.start_mark.line + 1
    if node.id == "sequence":
        return Written(line, entries=tuple(map(_written, node.value)))
    if node.id == "mapping":
        pairs = [(str(key.value), key, value) for key, value in node.value]
        return Written(
            line,
            fields={name: _written(value) for name, _, value in pairs},
            lines={name: key.start_mark.line + 1 for name, key, _ in pairs},
        )
    return Written(
        line,
        text=None if node.tag == _NULL else str(node.value),
        number=node.tag in _NUMBERS,
        block=node.style in ("|", ">"),
    )
