"""The protocol of an external desk, and its values: what Loket shows it and what it asks of it.

Loket stays the one that talks to customers. It shows the external desk what is said (`open`,
`show`), and asks it what its agents did (`news`), as often as anything may have changed. Nothing
depends on being told: a call that is lost is made up for by the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.errors import LoketError
from bot.messages import Reason
from channels.protocol import Check

#: Author of an item that is shown; a `note` is for the agents alone.
ItemAuthor = Literal["customer", "bot", "human", "system", "note"]


class DeskUnavailable(LoketError):
    """The external desk cannot be reached, is broken, or wants us to wait. Try again later.

    Attributes:
        code: a word or number that says what happened; never personal.
        retry_after: seconds to wait, or None when it does not say.
        everywhere: whether other conversations will fare the same.
    """

    def __init__(
        self, code: str, retry_after: float | None = None, *, everywhere: bool = True
    ) -> None:
        super().__init__(f"The other desk did not answer as it should ({code}).")
        self.code = code
        self.retry_after = retry_after
        self.everywhere = everywhere


class FileNotTaken(LoketError):
    """The external desk does not take a file: its size or kind. What was said goes without it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A hand-over as an external desk is told of it.

    Attributes:
        handover_id: its number.
        customer: an id of the customer's conversation that says nothing about the customer.
        channel: what the customer's channel is called, in Dutch.
        topic: Dutch name of what it is about; empty when unknown.
        reason: why a person is needed.
        urgent: whether it goes first.
    """

    handover_id: int
    customer: str
    channel: str
    topic: str
    reason: Reason
    urgent: bool


@dataclass(frozen=True, slots=True)
class ItemFile:
    """A customer's file, checked and made harmless.

    Attributes:
        name: what to keep it by.
        media_type: what it is.
        data: its bytes.
    """

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Item:
    """A message or note to show at the external desk.

    Attributes:
        key: our own id of it; shown once under the same key.
        author: who says it.
        text: what is said.
        file: what came along, or None.
    """

    key: str
    author: ItemAuthor
    text: str
    file: ItemFile | None = None


@dataclass(frozen=True, slots=True)
class ExternalAgent:
    """An agent of the external desk.

    Attributes:
        id: the desk's own id.
        name: as customers see it.
    """

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An agent's reply to the customer.

    Attributes:
        number: the desk's own number of it; grows with time.
        by: who said it.
        text: what was said; a file that came along is an address in it.
    """

    number: int
    by: ExternalAgent
    text: str


@dataclass(frozen=True, slots=True)
class News:
    """The state of a conversation at the external desk, and what its agents said.

    Attributes:
        replies: what agents said to the customer, oldest first.
        keys: keys of our items that are shown there.
        assignee: whose it is, or None.
        resolved: whether it is settled there.
        agreed: what was agreed, in the agent's words; empty when nobody noted it.
    """

    replies: tuple[Reply, ...] = ()
    keys: frozenset[str] = frozenset()
    assignee: ExternalAgent | None = None
    resolved: bool = False
    agreed: str = ""


class ExternalDesk(Protocol):
    """A desk where people answer. Every method but `checks` may raise `DeskUnavailable`.

    Attributes:
        name: a word of at most 32 characters; the ids of its people and replies begin with it.
    """

    name: str

    async def open(self, case: Case) -> str:
        """Makes a conversation for a hand-over, or finds the one made before; returns its id."""
        ...

    async def show(self, external_id: str, item: Item) -> None:
        """Shows an item in a conversation.

        Raises:
            FileNotTaken: the desk does not want a file such as the item's, now or later.
        """
        ...

    async def news(self, external_id: str, after: int) -> News:
        """The state of a conversation, with the replies after a message's number (0: all)."""
        ...

    async def settle(self, external_id: str) -> None:
        """Closes a conversation at the external desk; one that is closed stays so."""
        ...

    async def checks(self, public_url: str) -> Sequence[Check]:
        """Looks at configuration and reachability for `loket doctor`; never raises."""
        ...

    async def close(self) -> None:
        """Closes its connections."""
        ...
