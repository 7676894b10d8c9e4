"""Who owns a conversation, and what may happen to it. Pure: a table and one function.

Whoever acts locks the conversation, steps, and writes the new owner in the same transaction; then
of two that come at once the second one steps from where the first one left it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from bot.messages import Owner

#: What happens. `hand_over`: a person is needed. `take`: an agent takes it from the queue.
#: `release`: it goes back there, because its agent gave it back or is gone. `transfer`: it goes to
#: another team's queue. `reply`: an agent says something. `close`: an agent settles it. `resume`:
#: it goes back to the bot. `write`: the customer says something. `expire`: nobody took it in time.
Event = Literal[
    "hand_over", "take", "release", "transfer", "reply", "close", "resume", "write", "expire"
]


#: Kind of the timer that rings when nobody took a conversation in time.
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


#: What is absent is impossible.
TABLE: Final[Mapping[Owner, Mapping[Event, Owner]]] = {
    "bot": {
        "hand_over": "queued",
        "write": "bot",
    },
    "queued": {
        "hand_over": "queued",  # "medewerker" for the second time
        "take": "human",
        "transfer": "queued",
        "close": "closed",  # settled without a chat, as by calling back
        "resume": "bot",
        "write": "queued",
        "expire": "queued",  # the customer gets the call-back form, and keeps the place
    },
    "human": {
        "hand_over": "human",  # "medewerker" to a person who is there already
        "release": "queued",
        "transfer": "queued",
        "reply": "human",
        "close": "closed",
        "resume": "bot",
        "write": "human",
    },
    "closed": {
        "hand_over": "queued",
        "write": "bot",  # a new question is for the assistant again
    },
}


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
