"""Cuts Markdown into blocks that can be quoted: sentences below a heading. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from markdown_it.token import Token

#: A sentence ends here, unless an abbreviation stands before the sign.
_END: Final = re.compile(r"(?<=[.!?])[\"'’”)\]]*\s+(?=[\"'‘“(\[]?[A-Z0-9€])")
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:bijv|ca|dhr|dr|d\.w\.z|e\.d|enz|evt|incl|excl|jl|mevr|mr|nr|o\.a|o\.b\.v|p\.m|st|t\.a\.v"
    r"|t\.m|vgl|z\.o\.z)|\b[A-Z])\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a list with the line that introduces it.

    Attributes:
        heading: the heading above it; empty for what stands below the title alone.
        text: its words as a browser shows them; items of a list are lines.
        spans: where its sentences stand in `text`: first index and index after the last.
        line: line of the Markdown on which it begins, from 0.
        parts: how many elements of the page (paragraphs, items) the text covers.
    """

    heading: str
    text: str
    spans: tuple[tuple[int, int], ...]
    line: int
    parts: int = 1

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences and items themselves."""
        return tuple(self.text[start:end] for start, end in self.spans)


@cache
def parser() -> MarkdownIt:
    """CommonMark without HTML: what looks like it is text. Links to scripts are left out."""
    return MarkdownIt("commonmark", {"html": False})


def blocks_of(body: str) -> tuple[Block, ...]:
    """The blocks of a page in order; a heading with nothing below it gives one without text."""
    found: list[Block] = []
    heading, heading_line, empty = "", 0, False
    tokens = parser().parse(body)
    for at, token in enumerate(tokens):
        if token.type != "inline" or token.map is None:
            continue
        words, line = _words(token), token.map[0]
        if tokens[at - 1].type == "heading_open":
            if empty:
                found.append(Block(heading, "", (), heading_line))
            heading, heading_line, empty = words, line, True
        elif words:
            listed = token.level > 1
            before = found[-1] if found and not empty else None
            if listed and before and (before.parts > 1 or before.text.endswith(":")):
                found[-1] = _with_item(before, words)
            elif listed:
                found.append(Block(heading, words, sentences_of(words), line, 2))
            else:
                found.append(Block(heading, words, sentences_of(words), line))
            empty = False
    if empty:
        found.append(Block(heading, "", (), heading_line))
    return tuple(found)


def sentences_of(text: str) -> tuple[tuple[int, int], ...]:
    """Where the sentences of a paragraph stand: first index and index after the last."""
    spans, start = [], 0
    for end in _END.finditer(text):
        if _ABBREVIATION.search(text, start, end.start()):
            continue
        spans.append((start, start + len(text[start : end.end()].rstrip())))
        start = end.end()
    if start < len(text):
        spans.append((start, len(text)))
    return tuple(spans)


def _with_item(block: Block, words: str) -> Block:
    """A list with one more item; its introduction, or its first item, is a sentence of its own."""
    start = len(block.text) + 1
    span = (start, start + len(words))
    text = f"{block.text}\n{words}"
    return Block(block.heading, text, (*block.spans, span), block.line, block.parts + 1)


def _words(token: Token) -> str:
    return " ".join("".join(_texts(token.children or ())).split())


def _texts(children: Sequence[Token]) -> list[str]:
    return [
        " " if child.type in {"softbreak", "hardbreak"} else child.content
        for child in children
        if child.type in {"text", "code_inline", "softbreak", "hardbreak", "text_special"}
    ]
