"""Whether a customer can be written to now: one answer for the page, the acts and the courier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from bot.catalogue import say
from bot.channel_profiles import ChannelProfiles
from bot.desk.conversations import reply_limits
from bot.desk.errors import Unreachable
from bot.records.conversation import Conversation
from bot.records.outbox_message import TERMINAL
from bot.store.conversation import optouts
from bot.store.handover import callbacks
from channels.messaging_window import messaging_window
from channels.protocol import Channel

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

State = Literal["open", "late", "opted_out", "unsupported", "wiped"]


@dataclass(frozen=True, slots=True)
class Reachability:
    """Tells whether a customer can be written to, by what this installation's channels allow.

    Attributes:
        channels: the configured channels by name.
        profiles: what each channel is, also those that are not configured.
        zone: the organisation's time zone.
    """

    channels: Mapping[str, Channel]
    profiles: ChannelProfiles
    zone: ZoneInfo

    def state(self, conn: Connection, conversation: Conversation, now: datetime) -> State:
        """How the customer can be reached.

        `late`: the channel's window has closed; `wiped`: the customer, whom nobody knows, cannot
        open the conversation any more.
        """
        if conversation.wiped_at is not None:
            return "wiped"
        if optouts.is_out(conn, conversation.channel, conversation.address):
            return "opted_out"
        if conversation.address.startswith(TERMINAL):
            return "open"
        if conversation.channel not in self.channels:
            return "unsupported"
        length = self.profiles[conversation.channel].window
        found = messaging_window(length, conversation.last_inbound_at, now)
        return "open" if found.is_open else "late"

    def window(
        self, conn: Connection, conversation: Conversation, now: datetime
    ) -> reply_limits.ReplyWindow:
        """The words, before sending, about whether the customer can be reached."""
        state = self.state(conn, conversation, now)
        if state == "wiped":
            asked = any(each.done_at is None for each in callbacks.of(conn, conversation.id))
            way = say("desk.window.wiped_call") if asked else say("desk.window.wiped_close")
            return reply_limits.ReplyWindow(open=False, words=f"{say('desk.window.wiped')} {way}")
        if conversation.address.startswith(TERMINAL) and state == "open":
            return reply_limits.ReplyWindow(open=True, words="")
        return reply_limits.window(
            self.channels.get(conversation.channel),
            self.profiles[conversation.channel],
            conversation.last_inbound_at,
            opted_out=state == "opted_out",
            now=now,
            zone=self.zone,
        )

    def check(self, conn: Connection, conversation: Conversation, now: datetime) -> None:
        """Checks that a reply can be sent, be it as an invitation to write.

        Raises:
            Unreachable: it cannot; says why in Dutch.
        """
        window = self.window(conn, conversation, now)
        if not window.open:
            codes = {"opted_out": "opted_out", "late": "window_closed", "wiped": "wiped"}
            code = codes.get(self.state(conn, conversation, now), "unsupported")
            raise Unreachable(window.words, code)
