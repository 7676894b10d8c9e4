"""Makes the summary that a person reads before taking over, so the customer repeats nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from bot.conversation.callback_texts import agrees, declines
from bot.conversation.escape import asks_for_person
from bot.conversation.opening_hours import say_date
from bot.conversation.thanks_and_greetings import is_thanks_or_greeting
from bot.dutch.day_reading import days_in, shift_in
from bot.messages import Author, Reason
from bot.topics.built_in import ASK_KNOWLEDGE

#: How many messages the person sees at a glance; the whole conversation is one click further.
LAST_MESSAGES = 6
#: A question is at least this many words; "ja" or a number is an answer.
_QUESTION_WORDS = 3
#: A message about a task with this many words is a sentence; "te klein" is an answer.
_SENTENCE = 4
#: Words of data: digits, or letters that belong to a postcode or a number.
_DATA: Final = re.compile(r"\w*\d\w*(-\w+)*|[a-z]{2}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One message of a summary.

    Attributes:
        author: the side that said it.
        text: what was said.
        intent: what a customer's message was understood as, or None.
        payload: of the option that the customer tapped, or None for typed words: a tap repeats the
            bot's words.
        rates: whether it gives a score, or says something about one.
    """

    author: Author
    text: str
    intent: str | None = None
    payload: str | None = None
    rates: bool = False

    @property
    def typed(self) -> bool:
        """Whether the customer typed it."""
        return self.payload is None

    @property
    def tapped(self) -> str:
        """The intent of the option that the customer tapped; empty for typed words."""
        return (self.payload or "").removeprefix("/").partition("{")[0]

    @property
    def may_ask(self) -> bool:
        """Whether it can be what the customer wants: words, and no score, thanks or greeting."""
        says = any(map(str.isalpha, self.text)) and not is_thanks_or_greeting(self.text)
        return self.author == "customer" and says and not self.rates


@dataclass(frozen=True, slots=True)
class ProvedSlots:
    """The slots in which a conversation keeps what a customer proved.

    Attributes:
        asked: slots that each hold an identifier the customer asked about, such as a number.
        proved: slots that each hold a list of identifiers that were proved.
    """

    asked: tuple[str, ...] = ()
    proved: tuple[str, ...] = ()

    def of(self, slots: Mapping[str, Any]) -> tuple[str, ...]:
        """The identifiers that were proved, in order of their proof."""
        found = (slots.get(name) for name in self.proved)
        lists = (held for held in found if isinstance(held, list | tuple))
        return tuple(str(each) for held in lists for each in held)

    def lacking(self, slots: Mapping[str, Any]) -> tuple[str, ...]:
        """The identifiers that were asked about without proof."""
        asked = (slots.get(name) for name in self.asked)
        named = dict.fromkeys(str(each) for each in asked if each not in (None, ""))
        proved = self.of(slots)
        return tuple(each for each in named if each not in proved)

    def withdrawn(self, slots: Mapping[str, Any]) -> dict[str, Any]:
        """The slots with values that say that nothing is proved (any more)."""
        return {name: value for name, value in slots.items() if name not in self.proved}


@dataclass(frozen=True, slots=True)
class HandoverSummary:
    """The context of a hand-over.

    Attributes:
        question: what the customer asked, in the customer's own words; empty where nothing was.
        topic: the task it was understood as (an intent name), or empty.
        data: what the customer gave, as label to value.
        proved: identifiers of which the customer proved that they are the customer's own.
        unproved: identifiers the customer asked about without that proof.
        steps: the tasks the customer tried, oldest first, without repetition.
        reason: why a person is needed.
        last: the newest messages, oldest first.
    """

    question: str
    topic: str
    data: Mapping[str, str]
    proved: tuple[str, ...]
    unproved: tuple[str, ...]
    steps: tuple[str, ...]
    reason: Reason
    last: tuple[SummaryLine, ...]

    def to_json(self) -> dict[str, object]:
        """As plain data."""
        data = asdict(self)
        data["last"] = list(map(_plain, self.last))
        return data


def with_said(stored: Mapping[str, Any], said: Sequence[SummaryLine]) -> dict[str, object]:
    """A stored summary with messages that were sent since.

    Args:
        stored: what `HandoverSummary.to_json` made.
        said: the messages, oldest first.
    """
    last = [*(stored.get("last") or ()), *map(_plain, said)]
    return {**stored, "last": last[-LAST_MESSAGES:]}


def _plain(line: SummaryLine) -> dict[str, str]:
    return {"author": line.author, "text": line.text}


def without_proof(stored: Mapping[str, Any]) -> dict[str, object]:
    """A stored summary for somebody who has to prove everything anew.

    Args:
        stored: what `HandoverSummary.to_json` made.
    """
    named = dict.fromkeys([*(stored.get("proved") or ()), *(stored.get("unproved") or ())])
    return {**stored, "proved": [], "unproved": list(named)}


def summarise(
    reason: Reason,
    topic: str,
    lines: Sequence[SummaryLine],
    slots: Mapping[str, Any],
    labels: Mapping[str, str],
    proof: ProvedSlots,
    seen: Sequence[SummaryLine] = (),
) -> HandoverSummary:
    """The summary of a conversation as it stands.

    Args:
        reason: why a person is needed.
        topic: what the hand-over is about, or empty: then the last task counts.
        lines: what was said about this matter, oldest first, up to what led here.
        slots: what the assistant knows, by slot name.
        labels: Dutch names of the slots a person should see, of their values (`slot=value`) and of
            tasks.
        proof: which slots say what was proved.
        seen: the newest messages, also of earlier matters; `lines` when there are none.
    """
    intents = [line.intent for line in lines if line.author == "customer" and line.intent]
    tasks = tuple(dict.fromkeys(intent for intent in intents if intent in labels))
    return HandoverSummary(
        question=_question(lines, tasks),
        topic=topic or (tasks[-1] if tasks else ""),
        data={
            labels[name]: labels.get(f"{name}={slots[name]}", _as_read(slots[name]))
            for name in labels
            if name in slots and slots[name] not in (None, "", False) and not shift_in(slots[name])
        },
        proved=proof.of(slots),
        unproved=proof.lacking(slots),
        steps=tuple(labels[task] for task in tasks),
        reason=reason,
        last=tuple((seen or lines)[-LAST_MESSAGES:]),
    )


def _as_read(value: object) -> str:
    """A slot's value; days of which the customer did not choose yet are named."""
    days = sorted(days_in(value))
    if len(days) < 2:
        return str(value)
    return f"{', '.join(map(say_date, days[:-1]))} of {say_date(days[-1])}"


def _question(lines: Sequence[SummaryLine], tasks: Sequence[str]) -> str:
    """The customer's question: the newest sentence about a task, else what began the last task.

    Where no task was understood: the newest words that are more than data or an answer. A tapped
    option counts where it asks for something; after that short words do, and a plea for a person.
    """
    asking = [line for line in lines if line.may_ask]
    asked = [line for line in asking if not asks_for_person(line.text)]
    typed = [line for line in asked if line.typed]
    sentences = [line for line in typed if line.intent in tasks and _words(line.text) >= _SENTENCE]
    first = [line for line in typed if line.intent in tasks[-1:]][:1]
    full = [line for line in typed if _words(line.text) >= _QUESTION_WORDS]
    chosen = [line for line in asked if line.tapped in tasks[-1:]][:1]
    pages = [line for line in asked if line.tapped == ASK_KNOWLEDGE]
    short = [line for line in typed if not (agrees(line.text) or declines(line.text))]
    pleas = [line for line in asking if line.typed and asks_for_person(line.text)]
    found = sentences or first or full or chosen or pages or short or pleas
    return found[-1].text if found else ""


def _words(text: str) -> int:
    """Counts the words of a text that are not data."""
    return sum(_DATA.fullmatch(word.strip(".,;:!?")) is None for word in text.split())
