"""Judges the safety net by messages that nobody tuned it with: `python -m tests.nlu.safety <file>`.

A file in YAML holds a key for each kind of danger (`self_harm`, `child`, `gas`, `fire`,
`electricity`, `battery`, `violence`, `fraud`) and one for `innocent`, each a block of text with a
message a line:

    gas: |
      het ruikt hier naar gas
    innocent: |
      de batterij is leeg

It needs the trained model of the present content, and prints no message unless `--show` is given.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from bot.safety import words
from bot.safety.kinds import INNOCENT, KINDS, Kind

Judge = Callable[[str], Kind | None]
#: Of a whole list of dangers this share must be found, and of the innocent no more taken.
WANTED, ALLOWED = 1.0, 0.03
ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Figures:
    """How a list was judged.

    Attributes:
        dangers: how many dangerous messages there are.
        missed: those that were not found, with their kind.
        other: how many were found as another kind than they are.
        innocents: how many innocent messages there are.
        taken: those that were taken for danger, with the kind.
    """

    dangers: int
    missed: tuple[tuple[str, str], ...]
    other: int
    innocents: int
    taken: tuple[tuple[str, str], ...]

    @property
    def found(self) -> float:
        """Share of the dangerous messages that were found."""
        return 1 - len(self.missed) / max(1, self.dangers)

    @property
    def alarmed(self) -> float:
        """Share of the innocent messages that were taken for danger."""
        return len(self.taken) / max(1, self.innocents)


def read(path: Path) -> list[tuple[str, str]]:
    """The messages of a file, each with what it is.

    Raises:
        ValueError: the file has another form.
    """
    held = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    if not isinstance(held, dict) or (lost := set(held) - {*KINDS, INNOCENT}):
        raise ValueError(f"{path.name} holds a key that is no kind: {lost or held!r}")
    return [
        (line.strip(), kind)
        for kind, lines in held.items()
        for line in str(lines).splitlines()
        if line.strip()
    ]


def judge(messages: list[tuple[str, str]], by: Judge) -> Figures:
    """How a list is judged by the net, or by words alone."""
    found = [(text, kind, by(text)) for text, kind in messages]
    dangers = [each for each in found if each[1] != INNOCENT]
    return Figures(
        len(dangers),
        tuple((kind, text) for text, kind, said in dangers if said is None),
        sum(said is not None and said != kind for _, kind, said in dangers),
        len(found) - len(dangers),
        tuple((said, text) for text, kind, said in found if kind == INNOCENT and said),
    )


def trained() -> Judge:
    """The net of the model of the present content."""
    import os

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from rasa.core.agent import Agent

    from bot.core.policies.safeguard_policy import SafeguardPolicy
    from bot.core.rasa_patches import components
    from bot.ops.train import train_if_needed
    from bot.settings_loading import load_settings

    agent = Agent.load(str(train_if_needed(load_settings())))
    held = components(agent.processor.graph_runner)
    return next(each for each in held if isinstance(each, SafeguardPolicy)).danger


def main() -> int:
    """Prints the figures of each file; 1 when one is below what is wanted."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--show", action="store_true", help="print the misjudged messages")
    given = parser.parse_args()
    net, poor = trained(), False
    for file in given.files:
        messages = read(file)
        for name, by in (("model and words", net), ("words alone", words.likely)):
            began = time.perf_counter()
            figures = judge(messages, by)
            took = 1000 * (time.perf_counter() - began) / max(1, len(messages))
            sys.stdout.write(
                f"{file.name}, {name}: {figures.found:.1%} of {figures.dangers} dangers found "
                f"({figures.other} as another kind), {figures.alarmed:.1%} of {figures.innocents} "
                f"innocent ones taken; {took:.2f} ms each\n"
            )
            if by is net:
                poor = poor or figures.found < WANTED or figures.alarmed > ALLOWED
                missed = Counter(kind for kind, _ in figures.missed)
                sys.stdout.write(f"  missed by kind: {dict(missed)}\n")
                for kind, text in (*figures.missed, *figures.taken) if given.show else ():
                    sys.stdout.write(f"  {kind}: {text}\n")
    return int(poor)


if __name__ == "__main__":
    sys.exit(main())
