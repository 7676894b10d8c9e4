"""Whether a customer can be written to now: one answer for the page, the acts and the courier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from bot.desk import limits
from bot.desk.errors import Unreachable
from bot.store import optouts
from bot.store.conversations import Conversation
from bot.store.outbox import TERMINAL
from channels.base import Channel, PushChannel

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

State = Literal["open", "late", "opted_out", "unsupported"]


@dataclass(frozen=True, slots=True)
class Reach:
    """What the channels of this installation allow.

    Attributes:
        channels: the configured channels by name.
        zone: the organisation's time zone.
    """

    channels: Mapping[str, Channel]
    zone: ZoneInfo

    def state(self, conn: Connection, conversation: Conversation, now: datetime) -> State:
        """How the customer can be reached; `late`: the channel's window has closed."""
        if optouts.is_out(conn, conversation.channel, conversation.address):
            return "opted_out"
        if conversation.address.startswith(TERMINAL) or conversation.channel == "webchat":
            return "open"
        channel = self.channels.get(conversation.channel)
        if channel is None:
            return "unsupported"
        window = channel.window if isinstance(channel, PushChannel) else None
        last = conversation.last_inbound_at
        return "late" if window and (last is None or now - last >= window) else "open"

    def window(self, conn: Connection, conversation: Conversation, now: datetime) -> limits.Window:
        """What to tell the agent about it before sending."""
        state = self.state(conn, conversation, now)
        if conversation.address.startswith(TERMINAL) and state == "open":
            return limits.Window(open=True, words="")
        return limits.window(
            self.channels,
            conversation.channel,
            conversation.last_inbound_at,
            opted_out=state == "opted_out",
            now=now,
            zone=self.zone,
        )

    def check(self, conn: Connection, conversation: Conversation, now: datetime) -> None:
        """Whether a reply can be sent, be it as an invitation to write.

        Raises:
            Unreachable: it cannot; says why in Dutch.
        """
        window = self.window(conn, conversation, now)
        if not window.open:
            codes = {"opted_out": "opted_out", "late": "window_closed"}
            code = codes.get(self.state(conn, conversation, now), "unsupported")
            raise Unreachable(window.words, code)
