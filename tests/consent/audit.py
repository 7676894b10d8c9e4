"""Plays random conversations and has every row that changes judged."""

from __future__ import annotations

import random
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from unittest.mock import patch

from bot.dialogue import task_turn
from tests.consent.judge import Summary, fault
from tests.consent.moves import Customer, Move
from tests.consent.office import Office
from tests.consent.talk import Talk

#: So many messages of a customer at most, after the first.
LONGEST: Final = 14
_FAULTS: Final = "rows changed without a plain yes to their own summary, or turns that failed"


@dataclass(frozen=True, slots=True)
class Violation:
    """A row that changed as it may not.

    Attributes:
        seed: of the conversation, which plays it again.
        why: what is wrong.
        lines: the conversation, to be read.
    """

    seed: str
    why: str
    lines: tuple[str, ...]


@dataclass(slots=True)
class Findings:
    """What an audit saw.

    Attributes:
        counts: conversations, messages, summaries, messages to a summary by kind, rows by table.
        violations: none, when all is well.
    """

    counts: Counter[str] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The findings, to be read."""
        for name, count in sorted(self.counts.items()):
            yield f"{count:>9,}  {name}"
        yield f"{len(self.violations):>9,}  faults: {_FAULTS}"
        for each in self.violations[:5]:
            yield f"\n{each.why}; again with --only {each.seed}"
            yield from (f"  {line}" for line in each.lines)


class Audit:
    """Plays conversations in one shop and keeps the findings."""

    def __init__(self) -> None:
        """Opens the shop."""
        self.office = Office()
        self.findings = Findings()

    async def play(self, seed: str) -> None:
        """Plays one conversation.

        Args:
            seed: decides all of it.
        """
        rng = random.Random(seed)
        self.office.reset()
        customer, talk = Customer(rng), Talk(seed)
        lines: list[str] = []
        await talk.begin_session()
        move = customer.opening()
        for _ in range(rng.randint(3, LONGEST)):
            summary = _summary(talk)
            before = self.office.writes
            try:
                await self._hear(talk, move)
            except Exception as error:  # noqa: BLE001 - whatever it is: the customer got no answer
                lines += [*_told(move, talk, 0), *traceback.format_exc().splitlines()[-24:]]
                why = f"the turn failed with {type(error).__name__}"
                self.findings.violations.append(Violation(seed, why, tuple(lines)))
                return
            lines += _told(move, talk, self.office.writes - before)
            self._note(move, talk, summary)
            if self.office.writes != before:
                found = self.office.changed()
                if why := fault(move.message["text"], summary, found, self.office):
                    self.findings.violations.append(Violation(seed, why, tuple(lines)))
                    return
                self.findings.counts.update({f"rows changed: {name}": 1 for name in found})
            move = customer.next(talk)
        self.findings.counts["conversations"] += 1

    async def _hear(self, talk: Talk, move: Move) -> None:
        if move.hours:
            self.office.now += timedelta(hours=move.hours)
            await talk.begin_session(fresh=move.hours % 2 == 1)
        if not move.commands:
            await talk.hear(move.message, move.aside)
            return
        with patch.object(task_turn, "commands_of", lambda *_: move.commands):
            await talk.hear(move.message, move.aside)

    def _note(self, move: Move, talk: Talk, summary: Summary | None) -> None:
        counts = self.findings.counts
        counts["messages"] += 1
        counts["summaries shown"] += _summary(talk) is not None
        if summary is not None:
            kind = "bare commands" if move.commands else move.kind
            counts[f"said to a summary: {kind}"] += 1
        counts.update(f"tasks completed: {name}" for name in talk.completed)


def _summary(talk: Talk) -> Summary | None:
    """The summary that was said last of all, or None."""
    response, text = talk.said[-1] if talk.said else ("", "")
    if not response.startswith("utter_confirm_"):
        return None
    return Summary(response, text, str(talk.slots.get("order_number")))


def _told(move: Move, talk: Talk, writes: int) -> Iterator[str]:
    hours = f" (after {move.hours} h)" if move.hours else ""
    said = f" as {move.commands}" if move.commands else ""
    meant = move.message["intent"]["name"]
    yield f"> {move.message['text']}  [{meant}]{hours}{said}"
    yield from (f"< {response or '-'}: {text}" for response, text in talk.said)
    if writes:
        yield f"! {writes} rows written"
