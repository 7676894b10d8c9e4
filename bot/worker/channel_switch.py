"""Channel switches: makes the one-time code for one, and handles the message that brings it.

Only whoever sees a conversation gets a code for it, and only a message with that code, from the
channel it was made for, links the two. Nothing else ever takes two customers for one.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, cast

import structlog

from bot.channel_profiles import ChannelProfiles
from bot.conversation import channel_switch_code, handover_summary, reply_links
from bot.conversation.ownership import ARRIVAL, transition
from bot.desk.conversations.expected_wait import expectation
from bot.messages import Author, Notice, Outbound, Owner
from bot.records.conversation import Conversation
from bot.records.outbox_message import OutboxMessage
from bot.store.conversation import channel_switch_codes, conversations
from bot.store.delivery import outbox, outbox_queries
from bot.store.handover import handovers
from bot.store.history import linked_conversations
from bot.store.worker import claims, inbox, timers
from bot.store.worker.claims import Claim
from bot.transcripts.transcript_links import TranscriptLinks
from channels.protocol import Channel, Reachable

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    # The turn context holds the worker config, and that holds this module's `ChannelSwitch`.
    from bot.worker.turn_context import TurnContext

log = structlog.get_logger(__name__)

#: Kind of the timer after which a rating is asked.
_QUIET = "quiet"
#: Codes that expired this long ago are of no use to anybody.
_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ChannelSwitch:
    """Makes codes for channel switches, and takes them.

    Attributes:
        channels: the channels a conversation can go on on, by name.
        links: makes the addresses of transcripts.
        secret: the installation's; codes are kept hashed with it.
        personal: slots that show or prove who somebody is, which stay behind.
        random: gives a random number of so many bits.
        profiles: what each channel is called.
    """

    channels: Mapping[str, Reachable]
    links: TranscriptLinks
    secret: str
    personal: Collection[str]
    random: Callable[[int], int] = secrets.randbits
    profiles: ChannelProfiles = field(default_factory=ChannelProfiles)

    @property
    def elsewhere(self) -> frozenset[str]:
        """Names of the channels a conversation can go on on."""
        return frozenset(self.channels)

    def link(
        self, conn: Connection, conversation: Conversation, mark: str, now: datetime
    ) -> str | None:
        """The words in place of a mark in a reply; see `bot.conversation.reply_links`.

        Args:
            conn: a write transaction.
            conversation: whose reply it is.
            mark: the mark.
            now: the present.

        Returns:
            The address of the transcript, or how to go on on another channel; None when the
            conversation cannot go on there.
        """
        channel = reply_links.channel_of(mark)
        if channel is None:
            return self.links.make(conversation.id, now)
        return self.directions(conn, conversation, channel, now)

    def directions(
        self, conn: Connection, conversation: Conversation, channel: str, now: datetime
    ) -> str | None:
        """A new code with directions for its use, in Dutch; None when the channel cannot be used.

        Args:
            conn: a write transaction.
            conversation: the one that is to go on.
            channel: name of the other channel.
            now: the present.
        """
        other = self.channels.get(channel)
        code = channel_switch_code.new_code(self.random(channel_switch_code.BITS))
        way = other.directions(code) if other and channel != conversation.channel else None
        if way is None:
            return None
        channel_switch_codes.sweep(conn, now - _KEPT)
        hashed = channel_switch_code.hashed(code, self.secret)
        channel_switch_codes.add(
            conn, hashed, conversation.id, channel, now, now + channel_switch_code.LASTS
        )
        return channel_switch_code.directions(way)

    def take(
        self,
        conn: Connection,
        claim: Claim,
        turn: TurnContext,
        code: str,
    ) -> Switched | None:
        """Handles a message with a code: links the two conversations, or says why not.

        Everything in the one transaction that also marks the message as handled, so that a message
        that is delivered or handled twice links them once.

        Args:
            conn: a write transaction.
            claim: the right to handle the conversation where the code was sent.
            turn: the turn; its conversation is where the code was sent.
            code: the code in its message (`channel_switch_code.code_in`).

        Returns:
            The result; None where a person answers: the message is for that person.

        Raises:
            ClaimLost: another worker took over; nothing is written.
        """
        here = claims.held(conn, claim)
        message, now = turn.message, turn.now
        if here.owner == "human":
            return None
        old_id = self._use(conn, here, code, now)
        if old_id not in channel_switch_code.REASONS:
            return _join(conn, replace(turn, conversation=here), old_id, self)
        why = cast(channel_switch_code.Refusal, old_id)
        inbox.done(conn, message.id, now, channel_switch_code.REFUSED)
        said: tuple[Author, Outbound] = ("system", channel_switch_code.refusal(why))
        added = outbox.add(conn, here.id, message.id, [said], now)
        conversations.save(conn, here, attempts=None)
        log.info("join_refused", conversation=here.id, reason=why)
        return Switched(here.owner, added, channel_switch_code.REFUSED)

    def _use(self, conn: Connection, here: Conversation, code: str, now: datetime) -> str:
        """The id of the conversation a code stands for, or a word for why it does not work."""
        if here.owner == "queued":
            return "waiting"
        wrong = linked_conversations.tries(
            conn, here.id, channel_switch_code.REFUSED, now - channel_switch_code.TRIES_WITHIN
        )
        if wrong >= channel_switch_code.MOST_TRIES:
            return "too_often"
        hashed = channel_switch_code.hashed(code, self.secret)
        old_id = channel_switch_codes.use(conn, hashed, here.channel, here.id, now)
        if old_id is not None:
            return old_id
        found = channel_switch_codes.find(conn, hashed)
        if found is None or found.channel != here.channel:
            return "unknown"
        return "used" if found.used_at is not None else "expired"


@dataclass(frozen=True, slots=True)
class Switched:
    """The result of a message with a code.

    Attributes:
        owner: the conversation's owner now.
        messages: the messages that were added to it.
        intent: the word that the message is kept with, in place of an intent.
        others: the conversation that went on here, whose customer was told too; empty when none.
    """

    owner: Owner
    messages: tuple[OutboxMessage, ...]
    intent: str
    others: tuple[str, ...] = ()


def entrances(channels: Mapping[str, Channel]) -> dict[str, Reachable]:
    """The channels that a customer can be sent to, by name."""
    return {
        name: channel
        for name, channel in channels.items()
        if isinstance(channel, Reachable)
        and channel.directions(channel_switch_code.new_code(0)) is not None
    }


def _join(
    conn: Connection,
    turn: TurnContext,
    old_id: str,
    channel_switch: ChannelSwitch,
) -> Switched:
    here, message, notice, now = turn.conversation, turn.message, turn.notice, turn.now
    old = conversations.get(conn, old_id, lock=True)
    open_question = channel_switch_code.said_again(
        said.message for said in outbox_queries.last_turn(conn, old.id)
    )
    arrived = transition(here, ARRIVAL[old.owner])
    owner = arrived.owner
    channel_switch_codes.withdraw(conn, old.id)
    slots = partial(channel_switch_code.without_proof, personal=channel_switch.personal)
    events = partial(channel_switch_code.event_without_proof, personal=channel_switch.personal)
    linked_conversations.carry_tracker(conn, old.id, here.id, slots, events)
    linked_conversations.carry_handover(conn, old.id, here.id)
    if (waiting := handovers.find_open(conn, here.id)) is not None:
        # The sender of the code must prove his or her identity again, to a person too.
        handovers.set_summary(conn, waiting.id, handover_summary.without_proof(waiting.summary))
    linked_conversations.carry_timers(conn, old.id, here.id)
    conversations.continue_from(conn, here.id, old.id)
    goes = channel_switch_code.moved(channel_switch.profiles[here.channel].in_sentence)
    outbox.add(conn, old.id, None, [("system", goes)], now)
    conversations.save(conn, replace(transition(old, "leave"), rating_asked=False))
    welcome = channel_switch_code.welcome(channel_switch.profiles[old.channel].in_sentence, owner)
    said: list[tuple[Author, Outbound]] = [("system", welcome)]
    if owner == "bot":
        said = [("bot", notice), *said, *(("bot", each) for each in open_question)]
    if owner == "queued" and waiting is not None:
        wait = expectation(conn, waiting, turn.config.organisation, now)
        said.append(("system", Notice(wait.text)))
    added = outbox.add(conn, here.id, message.id, said, now)
    after = replace(
        arrived,
        session=here.session + 1,
        disclosed=owner == "bot",
        turns_since_disclosure=0,
        rating_asked=False,
    )
    conversations.save(conn, after, attempts=None)
    inbox.done(conn, message.id, now, channel_switch_code.JOINED)
    if owner == "bot":
        timers.set_(conn, here.id, _QUIET, now + turn.config.quiet)
    log.info("joined", conversation=here.id, other=old.id, owner=owner)
    return Switched(owner, added, channel_switch_code.JOINED, (old.id,))
