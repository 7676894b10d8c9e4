"""Turns Rasa's complaint about content into a sentence that names file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from bot import yaml_faults
from bot.core import content_lines, rule_complaints

#: Rasa may list every action it knows; the beginning says what is wrong.
_LONGEST: Final = 600
_MOST_PLACES: Final = 3
#: "in rule 'a'", "with rule(s) 'b', 'c'": the parts of the content that a complaint is about.
_NAMED_PARTS: Final = re.compile(r"\b(?:rule|story|rule\(s\)|stories) ('[^']+'(?:, '[^']+')*)")
_LINE: Final = re.compile(r"\bline \d+")
_QUOTED: Final = re.compile(r"(?<!\w)'([^']{3,60})'")


def explain(error: BaseException, root: Path) -> str:
    """A sentence that says what is wrong with the content, and where.

    Args:
        error: what Rasa raised while it read or learned the content.
        root: folder of the project.
    """
    if fault := _fault(error, root):
        return f"No model was trained. {fault}"
    if said := rule_complaints.sentences(str(error), content_lines.read(root)):
        return f"No model was trained. {said}"
    said = located(str(error), root)
    return f"No model was trained, because the content has an error. {said}"


def _fault(error: BaseException, root: Path) -> str:
    """What is wrong with a file that is no YAML; empty when that is not what Rasa complains of."""
    reads, file = (
        getattr(error, "underlying_yaml_exception", None),
        getattr(error, "filename", None),
    )
    if reads is None or file is None:
        return ""
    path = Path(file)
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(file)
    return yaml_faults.fault(name, reads, path.read_text(encoding="utf-8", errors="replace"))


def located(complaint: str, root: Path) -> str:
    """Rasa's words on one line, with the places in the content that they are about.

    Args:
        complaint: an error or a warning of Rasa's.
        root: folder of the project.
    """
    complaint = " ".join(complaint.split())
    places = list(dict.fromkeys(_places(complaint, root)))
    if len(complaint) > _LONGEST:
        complaint = complaint[:_LONGEST].rsplit(" ", 1)[0] + " ..."
    complaint = complaint.replace(f"{root}/", "")
    if not places or _LINE.search(complaint):
        return complaint
    return f"{complaint} See {', '.join(places[:_MOST_PLACES])}."


def _places(complaint: str, root: Path) -> Iterator[str]:
    """Lines on which the named rules and stories begin; else those with the first quoted name."""
    files = [*sorted(root.glob("data/**/*.yml")), root / "domain.yml", root / "config.yml"]
    read = [(path.relative_to(root), path.read_text(encoding="utf-8")) for path in files]
    parts = [name for said in _NAMED_PARTS.findall(complaint) for name in _QUOTED.findall(said)]
    found = False
    for name in dict.fromkeys(parts):
        begins = re.compile(rf"\b(?:rule|story):\s*[\"']?{re.escape(name)}[\"']?\s*$")
        for place in _lines(read, begins):
            found = True
            yield place
    for name in () if found else _QUOTED.findall(complaint):
        mentions = list(_lines(read, re.compile(rf"(?<![\w.]){re.escape(name)}(?![\w.])")))
        yield from mentions
        if mentions:
            return


def _lines(read: Sequence[tuple[Path, str]], wanted: re.Pattern[str]) -> Iterator[str]:
    for path, text in read:
        for number, line in enumerate(text.splitlines(), 1):
            if wanted.search(line):
                yield f"{path} line {number}"
