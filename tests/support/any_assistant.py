"""What a suite for any assistant reads of the one it runs on (`tests.support.assistant_root`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML

from bot import assistant_code
from bot.dialogue.buttons import Button, topics
from bot.dialogue.questions import Answers
from bot.dialogue.task import task_forms
from bot.topics import declared
from tests.support.assistant_root import ROOT

DOMAIN: dict[str, Any] = YAML(typ="safe").load((ROOT / "domain.yml").read_text(encoding="utf-8"))
RESPONSES: dict[str, list[dict[str, Any]]] = DOMAIN["responses"]
#: What it can help with, by intent.
TOPICS: dict[str, Button] = topics(DOMAIN)
#: The topics that are forms.
assistant_code.use(ROOT)
TASKS = [
    topic.name for topic in declared.load(ROOT) if topic.kind == "task" and topic.name in TOPICS
]


def examples_of(intent: str) -> list[str]:
    """The examples of an intent in the assistant's `data/nlu`, without marks of entities."""
    found: list[str] = []
    for file in sorted(ROOT.glob("data/nlu/**/*.yml")):
        for held in YAML(typ="safe").load(file.read_text(encoding="utf-8")).get("nlu") or ():
            if held.get("intent") == intent:
                found += (line.removeprefix("- ") for line in held["examples"].splitlines())
    return found


@dataclass(frozen=True, slots=True)
class Conversation:
    """A task from its first words to its end, against the sample data.

    A story of the assistant has it in its `metadata`, as `customer`: the story itself tells what is
    understood and which actions follow, and no form runs in it.

    Attributes:
        task: the intent.
        lines: what the customer says; `[1]` taps the first option that is shown.
    """

    task: str
    lines: tuple[str, ...]

    @property
    def confirmed(self) -> bool:
        """Whether its last line is a yes to a summary."""
        return self.lines[-1] == "ja"

    @property
    def answers(self) -> tuple[str, ...]:
        """What the questions of the task are answered with."""
        return self.lines[1 : -1 if self.confirmed else None]

    def __str__(self) -> str:
        return f"{self.task}: {self.lines[0]}"


def _stories() -> Iterator[dict[str, Any]]:
    for file in sorted(ROOT.glob("tests/stories/test_*.yml")):
        yield from YAML(typ="safe").load(file.read_text(encoding="utf-8"))["stories"]


def _conversations() -> Iterator[Conversation]:
    for story in _stories():
        for lines in story.get("metadata", {}).get("customer", ()):
            about = next(step["intent"] for step in story["steps"] if step.get("intent") in TASKS)
            yield Conversation(about, tuple(lines.split(" / ")))


CONVERSATIONS: list[Conversation] = list(_conversations())
#: What else customers say, right and wrong, to whatever was asked.
WORDS: list[str] = [
    word for story in _stories() for word in story.get("metadata", {}).get("words", ())
]


def first_of(task: str) -> Conversation:
    """The first conversation about a task."""
    return next(each for each in CONVERSATIONS if each.task == task)


def asks_for_words(task: str) -> bool:
    """Whether any words at all answer the first question of a task."""
    form = next((each for each in task_forms() if each.task == task), None)
    if form is None or form.proof:
        return False
    question = form().questions(Answers({}, "nobody"))[0]
    return question.free or question.any_words


def uncounted(text: str) -> str:
    """A text without its numbers: the next one may be handed out, or one more customer wait."""
    return re.sub(r"\d+", "0", text)
