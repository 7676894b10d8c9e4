"""A conversation: one customer's address on a channel, and who owns it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.messages import Owner


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as it stands.

    Attributes:
        id: 32 hex digits, random.
        channel: name of the channel (`bot.channel_profiles.ChannelProfile.name`).
        address: the customer's address within the channel.
        owner: `bot`, `queued` (waiting for a person), `human`, or `closed`.
        session: number of the session, from 0; ratings count once a session.
        disclosed: whether this session's customer has been told that this is an AI.
        turns_since_disclosure: turns since the customer was last told.
        rating_asked: whether this session's rating has been asked.
        created_at: when the customer first wrote, or was written to (UTC).
        last_inbound_at: when the customer last wrote (UTC); set by `inbox.accept`.
        last_outbound_at: when the customer was last written to (UTC); set by `outbox.add`.
        continues: id of the conversation on another channel that this one goes on from, or None.
        left_at: since when no page of the customer's is open any more (UTC); None while one is, and
            on channels that cannot tell.
        wiped_at: when the customer, whom nobody knows, wiped it (UTC), or None: nobody can open it
            again, and it takes no messages.
    """

    id: str
    channel: str
    address: str
    owner: Owner
    session: int
    disclosed: bool
    turns_since_disclosure: int
    rating_asked: bool
    created_at: datetime
    last_inbound_at: datetime | None
    last_outbound_at: datetime | None
    continues: str | None = None
    left_at: datetime | None = None
    wiped_at: datetime | None = None
