"""What a run leaves behind: what was asked, what arrived, and how the store stands in the end.

Times are seconds since the run began. A token is the name of one message of a customer, such as
`c012x03`: customer 12's fourth message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Asked:
    """A message that a customer sent.

    Attributes:
        token: its name.
        customer: who sent it, such as `telegram 700000012`.
        posted_at: when it was first sent to Loket.
        accepted_at: when Loket first said that it had it (2xx); None: never.
        escape: whether it asks for a person.
        tries: how often it was posted, duplicates included.
    """

    token: str
    customer: str
    posted_at: float
    accepted_at: float | None
    escape: bool = False
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that reached a customer's phone or page. In order of arrival within a customer.

    Attributes:
        customer: whose.
        at: when, to about a tenth of a second.
        wire: the provider's id of it, or the page's.
        answers: tokens of the messages that it answers; none for what nobody asked for.
        pieces: what it says, named so that the same thing said twice has the same name.
        disclosure: whether it says that this is an AI.
        resent: whether Loket sent it anew after it had been given up.
    """

    customer: str
    at: float
    wire: str
    answers: tuple[str, ...] = ()
    pieces: tuple[str, ...] = ()
    disclosure: bool = False
    resent: bool = False

    @property
    def says_something(self) -> bool:
        """Whether it is more than a disclosure."""
        return bool(self.pieces)


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that Loket gave up: it may have arrived, or not.

    Attributes:
        delivery: its row.
        customer: whose.
        error: why, as Loket puts it.
        answers: tokens of the messages that it answers.
        listed: whether `loket outbox` shows it.
        arrived: whether it reached the customer after all.
    """

    delivery: int
    customer: str
    error: str
    answers: tuple[str, ...]
    listed: bool
    arrived: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that Loket has not done although it had the time.

    Attributes:
        what: `message` (of a customer, unhandled), `delivery` (not sent), or `reply` (in the
            outbox, with no delivery).
        row: its row.
        customer: whose.
        answers: token of the message, or of those it answers.
        status: how it stands, in the store's words.
        arrived: whether the customer has it all the same.
    """

    what: str
    row: int
    customer: str
    answers: tuple[str, ...]
    status: str
    arrived: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A hand-over to a person.

    Attributes:
        customer: whose.
        reason: as the store has it.
        at: when.
    """

    customer: str
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the judge may look at.

    Attributes:
        asked: every message sent.
        heard: everything that arrived.
        undelivered: what Loket gave up.
        waiting: what is not done.
        handled: tokens of messages that the store says are done, and when.
        persons: who was handed to a person, why (`asked`, `system_failure`), and when.
        hung: processes that were alive and did not answer any more, and when that was noticed.
    """

    asked: tuple[Asked, ...]
    heard: tuple[Heard, ...]
    undelivered: tuple[Undelivered, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    handled: Mapping[str, float] = field(default_factory=dict)
    persons: tuple[Person, ...] = ()
    hung: tuple[tuple[str, float], ...] = ()
