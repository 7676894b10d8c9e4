"""Reads the examples of questions that lean on what was told before them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap

from bot.errors import ConfigurationError
from bot.knowledge.example_questions import ExampleQuestion, Fault, read_yaml
from bot.knowledge.pages import Page


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question and what it leans on.

    Attributes:
        after: slug of the page quoted before it.
        asked: the question that this page answered.
        question: with the page and the words that answer it, or without.
    """

    after: str
    asked: str
    question: ExampleQuestion


def load(path: Path, pages: Mapping[str, Page]) -> tuple[FollowUp, ...]:
    """The examples of a file; none when there is no file.

    Args:
        path: a YAML file: `follow_ups` is a list of `after`, `asked` and `then`, and that a list of
            `ask`, with `page` and `says` where a page answers it.
        pages: the pages that can be meant.

    Raises:
        ConfigurationError: the file is wrong; the message names it and the line.
    """
    if not path.is_file():
        return ()
    try:
        return tuple(_groups(read_yaml(path), pages))
    except Fault as fault:
        raise ConfigurationError(f"{path.name} line {fault.line}: {fault}.") from fault


def _groups(data: Any, pages: Mapping[str, Page]) -> Iterator[FollowUp]:
    if not isinstance(data, CommentedMap) or set(data) != {"follow_ups"}:
        raise Fault(1, "it must hold `follow_ups`, and nothing else")
    for at, group in enumerate(data["follow_ups"] or ()):
        line = data["follow_ups"].lc.item(at)[0] + 1
        if not isinstance(group, CommentedMap) or set(group) != {"after", "asked", "then"}:
            raise Fault(line, "every item has `after`, `asked` and `then`")
        if group["after"] not in pages:
            raise Fault(line, f"there is no page {group['after']}.md")
        for number, item in enumerate(group["then"] or ()):
            below = group["then"].lc.item(number)[0] + 1
            question = _question(item, below, pages)
            yield FollowUp(str(group["after"]), str(group["asked"]), question)


def _question(item: Any, line: int, pages: Mapping[str, Page]) -> ExampleQuestion:
    if not isinstance(item, CommentedMap) or set(item) not in ({"ask"}, {"ask", "page", "says"}):
        raise Fault(line, "a question has `ask`, and `page` and `says` or neither")
    found = ExampleQuestion(str(item["ask"]), str(item.get("page", "")), str(item.get("says", "")))
    if found.page and found.page not in pages:
        raise Fault(line, f"there is no page {found.page}.md")
    if found.page and not any(found.says in block.text for block in pages[found.page].blocks):
        raise Fault(line, f"{found.page}.md does not say {found.says!r}")
    return found
