"""Turns Rasa's complaint about content into a sentence that names file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

#: Rasa may list every action it knows; the beginning says what is wrong.
_LONGEST = 600
_MOST_PLACES = 3


def explain(error: BaseException, root: Path) -> str:
    """A sentence that says what is wrong with the content, and where.

    Args:
        error: what Rasa raised while it read or learned the content.
        root: folder of the project.
    """
    complaint = " ".join(str(error).split())
    if len(complaint) > _LONGEST:
        complaint = complaint[:_LONGEST].rsplit(" ", 1)[0] + " ..."
    sentence = f"No model was trained, because the content has an error. {complaint}"
    if ".yml" in complaint:
        return sentence.replace(f"{root}/", "")
    places = list(_places(complaint, root))
    if not places:
        return sentence
    return f"{sentence} See {', '.join(places[:_MOST_PLACES])}."


def _places(complaint: str, root: Path) -> Iterator[str]:
    """Lines of the content that mention the first quoted name that is found at all."""
    files = [*sorted(root.glob("data/**/*.yml")), root / "domain.yml", root / "config.yml"]
    for name in re.findall(r"(?<!\w)'([^']{3,60})'", complaint):
        word = re.compile(rf"(?<![\w.]){re.escape(name)}(?![\w.])")
        found = [
            f"{path.relative_to(root)} line {number}"
            for path in files
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            if word.search(line)
        ]
        if found:
            yield from found
            return
