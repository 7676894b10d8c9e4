"""On which line each step of a written story stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from bot import yaml_faults
from bot.errors import ConfigurationError

#: A step of a story that is a sentence or an action; others say how it stands.
_SAYS_OR_DOES: Final = {"user", "intent", "or", "action", "bot"}


@dataclass(frozen=True, slots=True)
class WrittenStory:
    """A story as it stands in a file.

    Attributes:
        name: of the story.
        file: from the assistant's folder.
        line: of its beginning, from 1.
        steps: lines of its sentences and actions.
    """

    name: str
    file: str
    line: int
    steps: tuple[int, ...]

    def place(self, step: int) -> str:
        """File and line of a sentence or an action, in the form that editors open.

        Args:
            step: which one, from 0.
        """
        line = self.steps[step] if 0 <= step < len(self.steps) else self.line
        return f"{self.file}:{line}"


def read(root: Path, path: Path) -> Iterator[WrittenStory]:
    """The stories of a file; those that are written wrongly are left out: Rasa refuses them.

    Args:
        root: the assistant's folder.
        path: of the file.

    Raises:
        ConfigurationError: it is no YAML.
    """
    file, text = path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
    try:
        written = YAML().load(text)
    except YAMLError as error:
        raise ConfigurationError(yaml_faults.fault(file, error, text)) from error
    stories = written.get("stories") if isinstance(written, dict) else None
    for story in stories or ():
        if isinstance(story, CommentedMap) and "story" in story:
            steps = tuple(_lines(story.get("steps") or ()))
            yield WrittenStory(str(story["story"]), file, story.lc.line + 1, steps)


def _lines(steps: Any) -> Iterator[int]:
    for step in steps:
        counts = isinstance(step, CommentedMap) and _SAYS_OR_DOES & set(step)
        if counts and step.get("action") != "action_listen":
            yield step.lc.line + 1
