"""Where a task stands when a message comes in: all that says what the message means. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from bot.conversation.escape import normalise
from bot.dialogue.questions import CONFIRM, Question
from bot.topics.topics import Topics

#: What customers call the answer to a question for an entity of this kind.
_CALLED: Final[Mapping[str, tuple[str, ...]]] = {
    "amount": ("bedrag",),
    "date": ("dag", "datum"),
    "day_part": ("dagdeel",),
    "email": ("e-mailadres", "mailadres", "e-mail"),
    "house_number": ("huisnummer",),
    "phone": ("telefoonnummer", "mobiele nummer"),
    "postcode": ("postcode",),
    "time": ("tijd", "tijdstip"),
}
#: A label of more words than this names no answer by its last one.
_SHORT_LABEL: Final = 2


@dataclass(frozen=True, slots=True)
class Situation:
    """A task's questions and answers, as a message finds them.

    Attributes:
        questions: those that apply now, in order.
        asked: the one asked.
        values: the answers so far by slot, checked or not.
        checked: slots of which the answer was checked and fits.
        own: the intents that start the task: to say one again is no other subject.
        topics: say which message is about another subject.
        labels: Dutch names of the slots, by slot, as designers wrote them.
        claim: the question for what the customer says is his or hers; None: nothing is proved.
        proof: the question for what proves it.
        resuming: whether the customer was just asked whether to go on with this task.
        leaving: whether the customer was just asked whether to stop it.
        editing: whether the customer was just asked what must be different in the summary.
        misunderstood: whether the customer was just told that he was misunderstood.
        person_offered: whether a person was just offered, because the task got stuck.
        explained: slots of questions that can be explained ("waarom wilt u dat weten?").
        days: the days among the options that were offered last.
        refused: answers that were refused last, by slot: a part of one may be corrected.
        title: what the task is called, in all words there are for it.
    """

    questions: tuple[Question, ...]
    asked: Question
    values: Mapping[str, Any]
    checked: frozenset[str]
    own: Collection[str]
    topics: Topics
    labels: Mapping[str, str] = field(default_factory=dict)
    claim: Question | None = None
    proof: Question | None = None
    resuming: bool = False
    leaving: bool = False
    editing: bool = False
    misunderstood: bool = False
    person_offered: bool = False
    explained: frozenset[str] = frozenset()
    days: tuple[date, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    title: str = ""

    def is_checked(self, question: Question) -> bool:
        """Whether a question has an answer that fits."""
        return self.values.get(question.slot) is not None and question.slot in self.checked

    @property
    def unanswered(self) -> list[Question]:
        """The questions without an answer, apart from those of the proof of identity."""
        proving = (self.claim, self.proof)
        return [
            each
            for each in self.questions
            if each not in proving and self.values.get(each.slot) is None
        ]

    def names(self, question: Question) -> tuple[str, ...]:
        """The words by which customers may name the answer to a question, the longest first."""
        label = normalise(self.labels.get(question.slot, ""))
        words = label.split()
        by_label = (label, *(words[-1:] if len(words) <= _SHORT_LABEL else ())) if label else ()
        by_kind = _CALLED.get(question.entity or question.slot, ())
        found = {normalise(each) for each in (*question.names, *by_label, *by_kind)}
        return tuple(sorted(found, key=lambda each: (-len(each), each)))

    def named(self, text: str) -> list[tuple[Question, int, int]]:
        """The questions whose answers a text names, with the place of the name.

        Of several questions of one name it is the one asked, else the first without an answer,
        else the last (two postcodes: the customer's own, and another one).

        Args:
            text: what the customer typed.

        Returns:
            Question, start and end of its name in the text, in the order of the text.
        """
        candidates: dict[str, list[Question]] = {}
        for question in self.questions:
            if question is not CONFIRM:
                for name in self.names(question):
                    candidates.setdefault(name, []).append(question)
        found: list[tuple[Question, int, int]] = []
        taken: list[tuple[int, int]] = []
        for name in sorted(candidates, key=len, reverse=True):
            pattern = r"\W+".join(map(re.escape, name.split()))
            for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE):
                if any(start < match.end() and match.start() < end for start, end in taken):
                    continue
                taken.append(match.span())
                found.append((self._of_several(candidates[name]), *match.span()))
        return sorted(found, key=lambda each: each[1])

    def _of_several(self, questions: list[Question]) -> Question:
        if self.asked in questions:
            return self.asked
        open_ones = [each for each in questions if self.values.get(each.slot) is None]
        return (open_ones or questions[-1:])[0]
