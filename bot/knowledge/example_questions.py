"""Reads the example questions, from which the search learns and by which it is judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from bot import yaml_faults
from bot.errors import ConfigurationError
from bot.knowledge.blocks import Block
from bot.knowledge.pages import Page
from bot.knowledge.vocabulary import OwnWords


@dataclass(frozen=True, slots=True)
class ExampleQuestion:
    """A question and where its answer stands.

    Attributes:
        ask: as a customer would type it.
        page: slug of the page that answers it; empty when none does.
        says: words of the passage that answers it, verbatim.
    """

    ask: str
    page: str = ""
    says: str = ""

    def is_answered_by(self, slug: str, block: Block) -> bool:
        """Whether a passage is the one meant."""
        return slug == self.page and self.says in block.text


def load(path: Path, pages: Mapping[str, Page]) -> tuple[ExampleQuestion, ...]:
    """The questions of a file; none when there is no file.

    Args:
        path: a YAML file: `pages` maps a slug to a list of `says` and `ask`, `none` is a list.
        pages: the pages that can be meant.

    Raises:
        ConfigurationError: the file is wrong; the message names it and the line.
    """
    if not path.is_file():
        return ()
    data = read_yaml(path)
    try:
        found = tuple(_questions(data, pages))
    except Fault as fault:
        raise ConfigurationError(f"{path.name} line {fault.line}: {fault}.") from fault
    return found


def load_words(path: Path, spellings: Mapping[str, str] | None = None) -> OwnWords:
    """The organisation's words for a search; none when there is no file.

    Args:
        path: a YAML file: `same` is a list of lines, words separated by commas, that mean the same;
            `ignored` a list of words that every question may have and no page is about.
        spellings: how its words are written too.

    Raises:
        ConfigurationError: the file is wrong; the message names it and the line.
    """
    if not path.is_file():
        return OwnWords(spellings=spellings or {})
    data = read_yaml(path)
    if not isinstance(data, CommentedMap) or data.keys() - {"same", "ignored"}:
        raise ConfigurationError(
            f"{path.name} line 1: it must hold `same` and `ignored`, and nothing else."
        )
    groups = []
    for at, line in enumerate(data.get("same") or ()):
        words = tuple(word.strip() for word in str(line).split(",") if word.strip())
        if len(words) < 2:
            where = data["same"].lc.item(at)[0] + 1
            raise ConfigurationError(f"{path.name} line {where}: a line has at least two words.")
        groups.append(words)
    ignored = frozenset(str(word) for word in data.get("ignored") or ())
    return OwnWords(tuple(groups), ignored, spellings or {})


def read_yaml(path: Path) -> Any:
    """What a YAML file holds, with its lines.

    Raises:
        ConfigurationError: it cannot be read; the message names the file and the line.
    """
    try:
        return YAML().load(path.read_text(encoding="utf-8"))
    except YAMLError as error:
        raise ConfigurationError(yaml_faults.fault(path.name, error)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path.name} cannot be read as UTF-8 text.") from error


class Fault(ValueError):
    """What is wrong in a file of examples.

    Attributes:
        line: where, counted from 1.
    """

    def __init__(self, line: int, complaint: str) -> None:
        """A complaint without a full stop."""
        super().__init__(complaint)
        self.line = line


def _questions(data: Any, pages: Mapping[str, Page]) -> Iterator[ExampleQuestion]:
    if not isinstance(data, CommentedMap) or data.keys() - {"pages", "none"}:
        raise Fault(1, "it must hold `pages` and `none`, and nothing else")
    for slug, groups in (data.get("pages") or {}).items():
        line = data["pages"].lc.key(slug)[0] + 1
        if slug not in pages:
            raise Fault(line, f"there is no page {slug}.md")
        if not isinstance(groups, CommentedSeq):
            raise Fault(line, "below a page stands a list of `says` and `ask`")
        for at, group in enumerate(groups):
            yield from _group(slug, group, groups.lc.item(at)[0] + 1, pages[slug])
    for ask in data.get("none") or ():
        yield ExampleQuestion(str(ask))


def _group(slug: str, group: Any, line: int, page: Page) -> Iterator[ExampleQuestion]:
    if not isinstance(group, CommentedMap) or set(group) != {"says", "ask"}:
        raise Fault(line, "every item has `says` and `ask`")
    says = str(group["says"])
    if not any(says in block.text for block in page.blocks):
        raise Fault(line, f"{slug}.md does not say {says!r}")
    for ask in group["ask"] or ():
        yield ExampleQuestion(str(ask), slug, says)
