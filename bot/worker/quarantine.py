"""Quarantine: sets aside a message whose hand-over failed too, by steps that cannot fail."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bot.conversation import built_in_messages
from bot.conversation.handover_summary import summarise
from bot.conversation.ownership import transition
from bot.messages import Author, Outbound, Owner
from bot.records.inbox_message import InboxMessage
from bot.records.outbox_message import OutboxMessage
from bot.store.conversation import conversations
from bot.store.delivery import outbox
from bot.store.handover import handovers
from bot.store.worker import claims, inbox
from bot.store.worker.claims import Claim
from bot.worker.handover_steps import await_taker
from bot.worker.worker_config import WorkerConfig

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def set_aside(
    conn: Connection, claim: Claim, message: InboxMessage, config: WorkerConfig, now: datetime
) -> tuple[Owner, tuple[OutboxMessage, ...]]:
    """Puts a conversation in the queue without reading a word of it.

    Args:
        conn: a write transaction.
        claim: the right to do so.
        message: the customer's message; the person who takes over reads it.
        config: the worker's configuration.
        now: the present.

    Returns:
        The conversation's owner now, and the messages that were added to the outbox.

    Raises:
        ClaimLost: another worker took over; nothing is written.
    """
    before = claims.held(conn, claim)
    inbox.done(conn, message.id, now, None)
    after = before
    added: tuple[OutboxMessage, ...] = ()
    if before.owner in ("bot", "closed"):
        after = transition(before, "hand_over")
        proof = config.organisation.proof
        summary = summarise("system_failure", "", (), {}, {}, proof).to_json()
        team = config.organisation.team_for("", "system_failure").id
        handover = handovers.open_(conn, before.id, "system_failure", "", summary, now, team=team)
        await_taker(conn, handover, config, now)
        said: tuple[Outbound, ...] = (built_in_messages.failed(), built_in_messages.to_human())
        spoken: list[tuple[Author, Outbound]] = [("system", each) for each in said]
        added = outbox.add(conn, before.id, message.id, spoken, now)
    conversations.save(conn, after, attempts=None)
    return after.owner, added
