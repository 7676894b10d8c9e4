"""Reads the pages of `data/knowledge`, strictly: the bot quotes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date as day
from functools import cache
from pathlib import Path
from typing import Final

from bot.errors import ConfigurationError
from bot.knowledge.blocks import Block, blocks_of

#: Where the pages are, from the project's folder.
FOLDER: Final = Path("data") / "knowledge"
#: Examples of questions with the page that answers them, beside the pages.
QUESTIONS: Final = FOLDER / "questions.yml"
#: Examples of questions that lean on what was told before them, likewise.
FOLLOW_UPS: Final = FOLDER / "follow_ups.yml"
#: Words of the organisation, likewise.
WORDS: Final = FOLDER / "words.yml"

_EXAMPLES: Final = {
    "title": "title: Op bezoek",
    "url": "url: https://www.voorbeeld.example/op-bezoek",
    "date": "date: 2026-11-30",
    "owner": "owner: Balie",
}
_REQUIRED: Final = tuple(_EXAMPLES)
_OPTIONAL: Final = ("expires", "task")
#: The line above and below the front matter.
FENCE: Final = "---"
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FIELD: Final = re.compile(r"([a-z_]+):[ \t]+(\S.*?)[ \t]*")
_TASK: Final = re.compile(r"[a-z][a-z_]*")
#: Elements that a page cannot hold, each with what to do instead.
_FORBIDDEN: Final = (
    (re.compile(r"</?[A-Za-z][^>]*>|<!--"), "HTML would be shown as it is: use Markdown"),
    (re.compile(r"!\[[^\]]*\]\("), "an image cannot be quoted: describe it in words"),
    (re.compile(r"#\s"), "the title is the only heading of the first level: use ##"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page, and one file of `data/knowledge`.

    Attributes:
        slug: the file's name without `.md`; the last part of its address at `/kennis/`.
        title: its heading.
        url: where customers find it: a path on Loket's own site, or http(s).
        date: the day on which somebody last checked it.
        owner: the person or team that keeps it right.
        expires: the first day on which it no longer holds, or None.
        task: intent of the task that it is about, which is offered with an answer; or empty.
        body: its Markdown.
        blocks: what can be quoted, in order.
    """

    slug: str
    title: str
    url: str
    date: day
    owner: str
    expires: day | None
    task: str
    body: str
    blocks: tuple[Block, ...]

    def is_outdated(self, today: day, max_age: int) -> bool:
        """Whether readers must be told that it may no longer hold.

        Args:
            today: the day it is.
            max_age: days after `date` for which a page is trusted.
        """
        if self.expires is not None and self.expires <= today:
            return True
        return (today - self.date).days > max_age


@cache
def load(root: Path) -> Mapping[str, Page]:
    """The pages as `read_all` gives them, read once a process: a change needs a restart."""
    return read_all(root)


def read_all(root: Path) -> Mapping[str, Page]:
    """The pages of a project by slug, in order of slug; none when there is no folder.

    Raises:
        ConfigurationError: something is wrong with a page; the message names every file and line.
    """
    pages, faults = {}, []
    for path in sorted((root / FOLDER).glob("*.md")):
        try:
            page = read(path.name, path.read_text(encoding="utf-8"))
        except PageFault as fault:
            faults.append(f"{FOLDER / path.name} line {fault.line}: {fault}.")
        except (OSError, UnicodeDecodeError):
            faults.append(f"{FOLDER / path.name} line 1: it cannot be read as UTF-8 text.")
        else:
            pages[page.slug] = page
    faults += _doubles(pages)
    if faults:
        raise ConfigurationError("\n".join(["The knowledge has an error.", *faults]))
    return pages


class PageFault(ValueError):
    """Something is wrong in a page.

    Attributes:
        line: where, counted from 1.
    """

    def __init__(self, line: int, complaint: str) -> None:
        """A complaint without a full stop."""
        super().__init__(complaint)
        self.line = line


def read(name: str, text: str) -> Page:
    """Reads a page from the text of its file.

    Args:
        name: the file's name, `openingstijden.md`.
        text: front matter between two lines `---`, then Markdown.

    Raises:
        PageFault: what is wrong and on which line.
    """
    slug = name.removesuffix(".md")
    if not _SLUG.fullmatch(slug):
        raise PageFault(1, "a file's name is an address: small letters, digits and hyphens only")
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != FENCE:
        raise PageFault(1, "a page begins with a line --- and its title, url, date and owner")
    end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if end is None:
        raise PageFault(len(lines), "the front matter is not closed with a line ---")
    given = _fields(lines[1:end])
    for key in _REQUIRED:
        if key not in given:
            said = (
                f"{key} is missing from the front matter; write a line such as `{_EXAMPLES[key]}`"
            )
            raise PageFault(end + 1, said)
    body = "\n".join(lines[end + 1 :])
    _check_body(body, end + 2)
    task, task_line = given.get("task", ("", 1))
    if task and not _TASK.fullmatch(task):
        raise PageFault(task_line, f"task is {task!r}; it must be an intent, such as renew_card")
    return Page(
        slug=slug,
        title=given["title"][0],
        url=_url(*given["url"]),
        date=_day("date", *given["date"]),
        owner=given["owner"][0],
        expires=_day("expires", *given["expires"]) if "expires" in given else None,
        task=task,
        body=body,
        blocks=_blocks(body, end + 2),
    )


def _fields(lines: list[str]) -> dict[str, tuple[str, int]]:
    """Each field of the front matter with the number of its line."""
    found: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(lines, 2):
        field = _FIELD.fullmatch(line)
        if field is None:
            raise PageFault(number, "a line of the front matter is `name: value`")
        key, value = field[1], field[2]
        if key not in (*_REQUIRED, *_OPTIONAL):
            known = ", ".join((*_REQUIRED, *_OPTIONAL))
            raise PageFault(number, f"{key!r} is no field; there are {known}")
        if key in found:
            raise PageFault(number, f"{key} stands there twice")
        unquoted = value[1:-1] if value[:1] == value[-1:] == '"' and len(value) > 1 else value
        found[key] = unquoted.strip(), number
    return found


def _url(text: str, line: int) -> str:
    if re.fullmatch(r"(https?://[^\s#\\/]+)?/(?![/\\])[^\s#\\]*|https?://[^\s#\\/]+", text) is None:
        raise PageFault(line, f"url is {text!r}; it must be /a/path or http(s)://name/path")
    return text


def _day(key: str, text: str, line: int) -> day:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text) is None:
            raise ValueError
        return day.fromisoformat(text)
    except ValueError:
        raise PageFault(line, f"{key} is {text!r}; it must be a day, such as 2026-10-12") from None


def _check_body(body: str, first: int) -> None:
    for number, line in enumerate(body.splitlines(), first):
        for pattern, complaint in _FORBIDDEN:
            found = pattern.match(line) if pattern.pattern.startswith("#") else pattern.search(line)
            if found:
                raise PageFault(number, complaint)


def _blocks(body: str, first: int) -> tuple[Block, ...]:
    blocks = blocks_of(body)
    if not blocks:
        raise PageFault(first, "the page says nothing below its front matter")
    for block, follower in zip(blocks, (*blocks[1:], None), strict=True):
        if not block.text:
            where = f"before {follower.heading!r}" if follower else "at the end of the page"
            raise PageFault(first + block.line, f"nothing stands below {block.heading!r}, {where}")
    return blocks


def _doubles(pages: Mapping[str, Page]) -> Iterator[str]:
    """Complaints about pages that share an address or a title."""
    for key in ("url", "title"):
        seen: dict[str, str] = {}
        for page in pages.values():
            value = getattr(page, key).casefold()
            line = 1 + next((n for n, name in enumerate((*_REQUIRED, ""), 1) if name == key), 1)
            if value in seen:
                yield f"{FOLDER / page.slug}.md line {line}: {key} is that of {seen[value]}.md too."
            seen.setdefault(value, page.slug)
