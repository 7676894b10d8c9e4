"""MASSIVE in Dutch: reading it, taking a part of it, and mistyping it."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

WHAT_IT_NEEDS = """\
bench-nlu needs MASSIVE in Dutch: a folder with train.jsonl, dev.jsonl and test.jsonl, one JSON
object a line with at least "utt" (the text) and "intent". It is not part of the project (FitzGerald
et al. 2022, CC BY 4.0: https://github.com/alexa/massive, file nl-NL.jsonl, split by "partition").
Say where it is:

  make bench-nlu DATA=path/to/massive_nl
"""


@dataclass(frozen=True, slots=True)
class Example:
    """A text and its intent."""

    text: str
    intent: str


def read(folder: Path, part: str) -> list[Example]:
    """A part of the data: train, dev or test.

    Raises:
        SystemExit: it is not there, or not in this form; the message says what is needed.
    """
    path = folder / f"{part}.jsonl"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
        examples = [Example(str(row["utt"]), str(row["intent"])) for row in rows]
    except OSError as error:
        raise SystemExit(f"{path}: {error.strerror}.\n\n{WHAT_IT_NEEDS}") from None
    except (ValueError, TypeError, KeyError):
        raise SystemExit(f"{path} is not in the expected form.\n\n{WHAT_IT_NEEDS}") from None
    if not examples:
        raise SystemExit(f"{path} is empty.\n\n{WHAT_IT_NEEDS}")
    return examples


def few(examples: Sequence[Example], of_each: int, seed: int) -> list[Example]:
    """So many examples of each intent, drawn at random."""
    drawn = random.Random(seed)  # noqa: S311 - nothing secret: the same each time
    by_intent: dict[str, list[Example]] = {}
    for example in examples:
        by_intent.setdefault(example.intent, []).append(example)
    return [
        example
        for _, rows in sorted(by_intent.items())
        for example in drawn.sample(rows, min(of_each, len(rows)))
    ]


def mistyped(examples: Sequence[Example], seed: int = 0) -> list[str]:
    """The texts with one wrong character in one of ten words.

    A letter is left out, put in, replaced, or changes places with the next, each as often.
    """
    drawn = random.Random(seed)  # noqa: S311 - nothing secret: the same each time
    return [
        " ".join(
            _mistype(word, drawn) if drawn.random() < 0.1 else word for word in example.text.split()
        )
        for example in examples
    ]


def _mistype(word: str, drawn: random.Random) -> str:
    at, letter = drawn.randrange(len(word)), drawn.choice(string.ascii_lowercase)
    head, hit, tail = word[:at], word[at], word[at + 1 :]
    ways = [
        head + tail,
        head + letter + hit + tail,
        head + letter + tail,
        head + tail[:1] + hit + tail[1:],
    ]
    # Whatever differs: two equal letters that change places are no typing error.
    return drawn.choice([way for way in ways if way and way != word])


def write(examples: Sequence[Example], path: Path) -> None:
    """The examples as a file of Rasa's training data."""
    lines = ['version: "3.1"', "nlu:"]
    for intent in sorted({example.intent for example in examples}):
        lines += [f"- intent: {intent}", "  examples: |"]
        lines += [f"    - {row.text}" for row in examples if row.intent == intent]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
