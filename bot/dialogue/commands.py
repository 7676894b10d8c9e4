"""What a customer asks of a running task: small typed values, and nothing of how they were said.

`bot.dialogue.understanding` makes them from a message; `bot.dialogue.task_turn` carries them out.
Another source (a language model, a test) can make the same values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class StartTask:
    """Begins the task; what the message says already follows as answers."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Answers a question, the one asked or a later one.

    Attributes:
        slot: the question's.
        value: as it was read; checked when its turn comes.
    """

    slot: str
    value: Any


@dataclass(frozen=True, slots=True)
class Choose:
    """Takes an option that was offered, by a tap or by its name or place in the list.

    Attributes:
        slot: the question's.
        value: the option's.
    """

    slot: str
    value: Any


@dataclass(frozen=True, slots=True)
class Correct:
    """Replaces an answer that was given before.

    Attributes:
        slot: the question's.
        value: the new answer; None: it is wrong, and has to be asked again.
    """

    slot: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Also:
    """Wants another one besides, of what the task does one at a time; the first stays.

    Attributes:
        slot: the question's.
        value: what is wanted after it.
    """

    slot: str
    value: Any


@dataclass(frozen=True, slots=True)
class Consent:
    """Says a plain yes to a summary; the only thing on which a task is carried out."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Says no to a summary."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Is about something else: a rule or a page answers, and then the task goes on."""


@dataclass(frozen=True, slots=True)
class AskWhy:
    """Asks why the answer is needed: "waarom wilt u dat weten?"."""


@dataclass(frozen=True, slots=True)
class NoneOfThese:
    """Says that none of the choices applies."""


@dataclass(frozen=True, slots=True)
class Back:
    """Wants the question before this one."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Wants the question again: "try again" was tapped, or the task was asked for once more."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Needs a moment: "wacht even, ik zoek het op"."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Wants to stop the task."""


@dataclass(frozen=True, slots=True)
class AskLeave:
    """May want to stop: it is asked, rather than the open question once more."""


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """Says that it goes the wrong way, without anything that tells which way is right."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """Wants something that the task cannot do, beside or in place of an answer.

    Attributes:
        words: those that say it, as they were typed: "vanaf 20 december".
    """

    words: str


@dataclass(frozen=True, slots=True)
class AskBeside:
    """Asks what nothing answers, beside an answer or alone: it is said, and the task goes on."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Wants to go on with the task that was interrupted."""


@dataclass(frozen=True, slots=True)
class Person:
    """Takes the person who was offered because the task got stuck."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Says nothing that the question can use."""


Command = (
    StartTask | Answer | Choose | Correct | Also | NoneOfThese | Consent | Refuse | Ask | AskWhy
    | Back | Repeat | Wait | Leave | AskLeave | Misunderstood | Beyond | AskBeside | Resume | Person
    | Unclear
)  # fmt: skip
