"""Says in plain words what is wrong with a YAML file, on which line, and what to do. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

#: What a designer has to know, by what a reader of YAML says.
_SAYS: Final[Mapping[str, str]] = {
    r"found character '\\t'|found a tab character": """
        a tab stands here, and YAML indents with spaces alone. Replace it by spaces, as many as
        the lines beside it have.""",
    "mapping values are not allowed": """
        a colon stands where none can be. Indent the line as those beside it, and put a text that
        has a colon in quotes.""",
    "found unexpected end of stream|while scanning a quoted scalar": """
        a text begins here with a quote, and does not end with one. Add the quote; one within the
        text is written twice.""",
    "expected ',' or": """
        brackets begin here, and something is missing within or behind them: a comma, or the
        bracket that closes them. Add it.""",
    "but found '<scalar>'": """
        more stands here behind a text in quotes. Put the quotes around all of it.""",
    "expected <block end>|did not find expected key|block (mapping|sequence|collection)": """
        this line is indented otherwise than the lines that it belongs to. Put it exactly below
        them, with spaces.""",
    "expected ':'": """
        a name begins here and has no colon behind it, or a text of more lines is not indented.
        Add the colon, or indent the text.""",
    "found undefined alias": """
        a name behind * stands for something that is nowhere in this file. Write it out, or mend
        the name.""",
    "cannot start any token": """
        a text begins here with a sign that means something else in YAML. Put the text in
        quotes.""",
    "special characters are not allowed|control character": """
        a character that cannot be seen stands in this file. Take it out.""",
}
_DOUBLE: Final = re.compile(r'found duplicate key "?(.+?)"?(?: with value|$)')


def fault(name: str, error: Any, text: str = "") -> str:
    """One sentence or two about the first fault in a file: place, fault and remedy.

    Args:
        name: of the file, as its reader knows it.
        error: what a reader of YAML raised: ruamel's or PyYAML's.
        text: of the file; with it the first of two equal keys is found.
    """
    said = " ".join(str(getattr(error, "problem", None) or error).split())
    context = str(getattr(error, "context", None) or "")
    mark = getattr(error, "problem_mark", None)
    if double := _DOUBLE.match(said):
        key, line = double[1], mark.line + 1 if mark else 0
        first = next(_equal(key, line, mark.column, text), 0) if mark else 0
        also = f" (the first time on line {first})" if first else ""
        return (
            f"{_place(name, mark)}: `{key}` stands here a second time{also}, and one of the two "
            "would be lost. Keep one, or give the other another name."
        )
    for pattern, meaning in _SAYS.items():
        if re.search(pattern, said) or re.search(pattern, context):
            begun = getattr(error, "context_mark", None)
            # What is not closed is known by where it begins; the reader has gone on to the end.
            opens = "begin" in meaning.split(",")[0] and begun is not None
            place = _place(name, begun if opens else mark)
            return f"{place} is not valid YAML: {' '.join(meaning.split())}"
    return f"{_place(name, mark)} is not valid YAML: {said}. Mend it."


def _place(name: str, mark: Any) -> str:
    return f"{name} line {mark.line + 1}" if mark is not None else name


def _equal(key: str, line: int, column: int, text: str) -> Iterator[int]:
    """The lines above one on which the same key stands, indented as far; the nearest first."""
    wanted = re.compile(rf"[\s-]{{{column}}}[\"']?{re.escape(key)}[\"']?\s*:")
    lines = text.splitlines()
    for number in range(min(line - 1, len(lines)), 0, -1):
        if wanted.match(lines[number - 1]):
            yield number
