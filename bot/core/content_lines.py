"""Finds the lines of an assistant's files on which something stands. Pure but for `read`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

FILE: Final = "domain.yml"


@dataclass(frozen=True, slots=True)
class ContentLines:
    """The text of an assistant's files, in which lines are looked up.

    Attributes:
        domain: as it is written; empty when it is not known.
        files: the other files of the content, by their path within the assistant.
    """

    domain: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    def place(self, section: str, name: str, part: str = "") -> str:
        """The file with the line of an entry, as problems name it: `domain.yml line 12`.

        Args:
            section: such as `responses`.
            name: of the entry.
            part: what stands within it; the entry itself when it is not found there, as when an
                alias of YAML stands for it.
        """
        entry = list(self._entry(section, name))
        within = (number for number, line in entry if part and part in line)
        found = next(within, entry[0][0] if entry else None)
        return FILE if found is None else f"{FILE} line {found}"

    def rule(self, name: str) -> str:
        """The file and line on which a rule or story begins: `data/rules.yml line 3`."""
        begins = re.compile(rf"\s*-?\s*(?:rule|story):\s*[\"']?{re.escape(name)}[\"']?\s*(?:#.*)?")
        for file, text in self.files.items():
            for number, line in enumerate(text.splitlines(), 1):
                if begins.fullmatch(line):
                    return f"{file} line {number}"
        return "the rules that Loket makes (loket rules)"

    def _entry(self, section: str, name: str) -> Iterator[tuple[int, str]]:
        """The lines of an entry with their numbers, from 1."""
        begins = re.compile(rf"(\s+)(?:-\s+)?[\"']?{re.escape(name)}[\"']?\s*(?::|$|#)")
        inside, indent = False, -1
        for number, line in enumerate(self.domain.splitlines(), 1):
            bare = line.strip()
            if not bare or bare.startswith("#"):
                continue
            if re.match(r"[\w\"']", line):
                if indent >= 0:
                    return
                inside = re.match(rf"[\"']?{re.escape(section)}[\"']?\s*:", line) is not None
            elif indent >= 0 and len(line) - len(line.lstrip()) <= indent:
                return
            elif inside and indent < 0 and (found := begins.match(line)):
                indent = len(found[1])
            if indent >= 0:
                yield number, line


def read(root: Path) -> ContentLines:
    """The lines of an assistant's files; without those that cannot be read.

    Args:
        root: the assistant's folder.
    """
    paths = sorted([*root.glob("data/**/*.yml"), *root.glob("data/**/*.yaml")])
    files = {path.relative_to(root).as_posix(): _text(path) for path in paths}
    return ContentLines(_text(root / FILE), files)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
