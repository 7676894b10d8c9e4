"""One thing that a safeguard lacks, and where in the content."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of a safeguard, and the way out.

    Attributes:
        file: path within the assistant, or the model's name.
        line: number of the line, from 1; None where there is none.
        sentence: what a safeguard lacks and what to do, for a designer.
    """

    file: str
    line: int | None
    sentence: str

    def __str__(self) -> str:
        """Place and sentence, as a refusal tells them."""
        where = self.file if self.line is None else f"{self.file} line {self.line}"
        return f"{where}: {self.sentence}"


def line_of(parent: object, key: object = None) -> int | None:
    """The line, from 1, of a parsed mapping or list, or of one of its entries.

    Args:
        parent: what ruamel.yaml's round-trip reader gave; None when it has no lines.
        key: key or index of an entry; None: the beginning of `parent`.
    """
    marks = getattr(parent, "lc", None)
    if marks is None:
        return None
    if key is None:
        return None if marks.line is None else int(marks.line) + 1
    entry = (marks.data or {}).get(key)
    return None if entry is None else int(entry[0]) + 1
