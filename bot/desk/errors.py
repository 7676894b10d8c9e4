"""Errors of agents' acts: each holds a Dutch sentence for the page, and says what to do next."""

from __future__ import annotations

from bot.catalogue import say
from bot.errors import LoketError


class DeskError(LoketError):
    """An act that cannot be done; nothing has changed. The message is Dutch, for the agent.

    Attributes:
        status: HTTP status that fits, 400 to 499.
    """

    status = 409


class TakenByAnother(DeskError):
    """Somebody else has this conversation. Show that person's name.

    Attributes:
        by: that person's name, or empty.
    """

    def __init__(self, by: str) -> None:
        super().__init__(say("desk.refused.taken", by=by or say("desk.colleague")))
        self.by = by


class NotYours(DeskError):
    """The agent does not have this conversation (any more). Take it first."""


class Over(DeskError):
    """The conversation is closed, or back with the assistant. There is nothing left to do."""


class Full(DeskError):
    """The agent has a pause, is away, or has as many conversations as may be. Make room first."""


class Unreachable(DeskError):
    """The customer's channel cannot take this message now. Say so before sending.

    Attributes:
        code: `opted_out`, `window_closed`, `unsupported` or `wiped`.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class Unread(DeskError):
    """The customer wrote something that the agent has not seen. Show it first."""


class Planned(DeskError):
    """An answer is still to go out. Withdraw it first."""


class Unusable(DeskError):
    """The text that was typed cannot be used: empty, or too long. Mend it."""

    status = 422


class Forbidden(DeskError):
    """The conversation is another team's: it is not for this agent."""

    status = 403


class Unknown(DeskError):
    """There is no such conversation, team or agent."""

    status = 404
