"""Turns the stored summary of a hand-over into what an agent's page shows of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.catalogue import group, say
from bot.desk import dutch_labels
from bot.desk.conversations import proven_identity


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing the customer told: its Dutch label and value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class SummaryView:
    """The summary of a hand-over, which an agent must know first.

    Attributes:
        question: what the customer asked, in the customer's words; may be empty.
        topic: what it is about.
        reason: why it came to a person.
        proved: identifiers of which the customer proved that they are the customer's own.
        unproved: identifiers the customer asked about without that proof.
        facts: what the customer told.
        steps: the tasks that were tried, oldest first.
        last: the newest messages at the hand-over: author and words.
    """

    question: str
    topic: str
    reason: str
    proved: tuple[str, ...]
    unproved: tuple[str, ...]
    facts: tuple[Fact, ...]
    steps: tuple[str, ...]
    last: tuple[Fact, ...]


def summary(
    stored: Mapping[str, Any], topic: str, reason: str, vouched: Iterable[str] = ()
) -> SummaryView:
    """The summary of a hand-over as it was stored; what is missing stays empty.

    Args:
        stored: the JSON that `bot.conversation.handover_summary` made.
        topic: label of the hand-over's topic; empty when unknown.
        reason: why it was handed over.
        vouched: the numbers that the website said to be the customer's.
    """
    names, identity = group("desk.name"), proven_identity.of(stored, vouched)
    return SummaryView(
        question=str(stored.get("question") or ""),
        topic=topic or say("desk.no_topic"),
        reason=dutch_labels.reason(reason),
        proved=identity.proved,
        unproved=identity.unproved,
        facts=tuple(Fact(str(k), str(v)) for k, v in (stored.get("data") or {}).items()),
        steps=tuple(map(str, stored.get("steps") or ())),
        last=tuple(
            Fact(names.get(str(each.get("author")), ""), str(each.get("text") or ""))
            for each in stored.get("last") or ()
        ),
    )
