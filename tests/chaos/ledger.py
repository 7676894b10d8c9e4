"""What was sent to Loket, and what it answered to each request."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.chaos.evidence import Asked


@dataclass(slots=True)
class Entry:
    """A message of a customer, while it is being sent; see `tests.chaos.evidence.Asked`."""

    token: str
    customer: str
    message_id: str
    posted_at: float
    escape: bool = False
    accepted_at: float | None = None
    tries: int = 0

    def asked(self) -> Asked:
        """As the judge has it."""
        return Asked(
            self.token, self.customer, self.posted_at, self.accepted_at, self.escape, self.tries
        )


@dataclass(frozen=True, slots=True)
class Took:
    """How long Loket took to say that it has something.

    Attributes:
        at: when it said so.
        seconds: since it was asked.
        what: the channel, and `message` or `receipt`.
    """

    at: float
    seconds: float
    what: str


@dataclass(slots=True)
class Ledger:
    """Everything sent.

    Attributes:
        entries: messages by token.
        tokens: tokens by the id that the inbox keeps.
        answers: how often each channel got which answer: HTTP status, or what broke.
        took: how long each 2xx took.
        given_up: how often a provider with few tries gave a message up.
        receipts: how many receipts were delivered.
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    took: list[Took] = field(default_factory=list)
    given_up: int = 0
    receipts: int = 0

    def open(
        self, token: str, customer: str, message_id: str, now: float, *, escape: bool
    ) -> Entry:
        """A message is about to be sent."""
        entry = Entry(token, customer, message_id, now, escape)
        self.entries[token] = entry
        self.tokens[message_id] = token
        return entry

    def token_of(self, message_id: str) -> str | None:
        """The token of a row of the inbox; None for a message that is none of ours."""
        return self.tokens.get(message_id)
