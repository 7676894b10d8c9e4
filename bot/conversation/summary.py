"""What a person must know before taking over, so that the customer repeats nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.conversation.escape import asks_for_person
from bot.messages import Author, Reason

#: How many messages the person sees at a glance; the whole conversation is one click further.
LAST_MESSAGES = 6
#: A question is at least this many words; "ja" or an order number is an answer.
_QUESTION_WORDS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One message: who said it and what."""

    author: Author
    text: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The context of a hand-over.

    Attributes:
        question: what the customer asked, in the customer's own words; may be empty.
        topic: the task it was understood as (an intent name), or empty.
        data: what the customer gave, as label to value.
        verified: whether the customer proved who he or she is.
        steps: the tasks the customer tried, oldest first, without repetition.
        reason: why a person is needed.
        last: the newest messages, oldest first.
    """

    question: str
    topic: str
    data: Mapping[str, str]
    verified: bool
    steps: tuple[str, ...]
    reason: Reason
    last: tuple[Line, ...]

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def summarise(
    reason: Reason,
    topic: str,
    lines: Sequence[Line],
    intents: Sequence[str],
    slots: Mapping[str, Any],
    labels: Mapping[str, str],
) -> Summary:
    """The summary of a conversation as it stands.

    Args:
        reason: why a person is needed.
        topic: what the hand-over is about, or empty: then the last task counts.
        lines: the conversation's recent messages, oldest first, the one that led here included.
        intents: intents of the customer's messages, oldest first.
        slots: what the assistant knows, by slot name.
        labels: Dutch names of the slots a person should see, and of their values (`slot=value`);
            `verified_order` says who is known.
    """
    tasks = tuple(dict.fromkeys(intent for intent in intents if intent in labels))
    return Summary(
        question=_question(lines),
        topic=topic or (tasks[-1] if tasks else ""),
        data={
            labels[name]: labels.get(f"{name}={slots[name]}", str(slots[name]))
            for name in labels
            if name in slots and slots[name] not in (None, "", False)
        },
        verified=bool(slots.get("verified_order")),
        steps=tuple(labels[task] for task in tasks),
        reason=reason,
        last=tuple(lines[-LAST_MESSAGES:]),
    )


def _question(lines: Sequence[Line]) -> str:
    said = [line.text for line in lines if line.author == "customer" and line.text]
    asked = [text for text in said if not asks_for_person(text)]
    questions = [text for text in asked if len(text.split()) >= _QUESTION_WORDS]
    return next(reversed(questions or asked or said), "")
