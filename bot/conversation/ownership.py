"""The owner of a conversation, and what may happen to it: the one state machine. Pure.

The code that acts locks the conversation, makes the transition, and saves it in the same
transaction; of two that come at once the second one goes on from where the first one left it.
Nothing else sets an owner; `tests/unit/conversation/test_ownership_everywhere.py` holds that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, Literal, Protocol, TypeVar, cast

from bot.messages import Owner

#: Events. `hand_over`: a person is needed. `take`: an agent takes it from the queue.
#: `release`: it goes back there, because its agent gave it back or is gone. `transfer`: it goes to
#: another team's queue. `reply`: an agent says something. `close`: an agent settles it. `resume`:
#: it goes back to the bot. `write`: the customer says something. `expire`: nobody took it in time.
#: `reassign`: an agent gets what another one has. `wipe`: the customer, who waits, wiped it and can
#: never read it again. `leave`: it goes on on another channel. `arrive`, `arrive_queued` and
#: `arrive_human`: one from another channel goes on here, where the bot answers, waiting, or with
#: its agent.
Event = Literal[
    "hand_over",
    "take",
    "release",
    "transfer",
    "reply",
    "close",
    "resume",
    "write",
    "expire",
    "reassign",
    "wipe",
    "leave",
    "arrive",
    "arrive_queued",
    "arrive_human",
]


#: Kind of the timer for when nobody took a conversation in time.
UNACCEPTED: Final = "unaccepted"


class Impossible(ValueError):
    """This cannot happen to a conversation with this owner; nothing has changed.

    Attributes:
        owner: who owns the conversation.
        event: what was tried.
    """

    def __init__(self, owner: Owner, event: Event) -> None:
        super().__init__(f"{event} cannot happen to a conversation whose owner is {owner}")
        self.owner = owner
        self.event = event


#: The next owner, by owner and event; a pair that is absent is impossible.
TABLE: Final[Mapping[Owner, Mapping[Event, Owner]]] = {
    "bot": {
        "hand_over": "queued",
        "write": "bot",
        "leave": "closed",
        "arrive": "bot",
        "arrive_queued": "queued",
        "arrive_human": "human",
    },
    "queued": {
        "hand_over": "queued",  # "medewerker" for the second time
        "take": "human",
        "transfer": "queued",
        "close": "closed",  # settled without a chat, as by calling back
        "resume": "bot",
        "write": "queued",
        "expire": "queued",  # the customer gets the call-back form, and keeps the place
        "wipe": "closed",
        "leave": "closed",  # nothing arrives here: a customer who waits keeps this place
    },
    "human": {
        "hand_over": "human",  # "medewerker" to a person who is there already
        "release": "queued",
        "transfer": "queued",
        "reply": "human",
        "close": "closed",
        "resume": "bot",
        "write": "human",
        "reassign": "human",
        "leave": "closed",
    },
    "closed": {
        "hand_over": "queued",
        "write": "bot",  # a new question is for the assistant again
        "leave": "closed",
        "arrive": "bot",
        "arrive_queued": "queued",
        "arrive_human": "human",
    },
}

#: The event where a conversation goes on, by its owner on the channel that it comes from. What was
#: settled there begins anew with the bot.
ARRIVAL: Final[Mapping[Owner, Event]] = {
    "bot": "arrive",
    "queued": "arrive_queued",
    "human": "arrive_human",
    "closed": "arrive",
}


class Owned(Protocol):
    """A frozen dataclass of something that has an owner: a conversation."""

    @property
    def owner(self) -> Owner:
        """Its owner."""
        ...


C = TypeVar("C", bound=Owned)


def transition(conversation: C, event: Event) -> C:
    """Applies an event to a conversation; the result is not yet saved.

    Args:
        conversation: as it stands, locked.
        event: what happens to it.

    Raises:
        Impossible: it cannot happen to a conversation with this owner.
    """
    return cast(C, replace(cast(Any, conversation), owner=step(conversation.owner, event)))


def step(owner: Owner, event: Event) -> Owner:
    """The owner after an event.

    Raises:
        Impossible: it cannot happen to a conversation with this owner.
    """
    after = TABLE[owner].get(event)
    if after is None:
        raise Impossible(owner, event)
    return after


def possible(owner: Owner, event: Event) -> bool:
    """Whether it can happen to a conversation with this owner."""
    return event in TABLE[owner]
