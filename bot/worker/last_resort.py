"""A message that even giving it to a person failed for: so little is done that nothing can fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.conversation import texts
from bot.conversation.handover import step
from bot.conversation.summary import summarise
from bot.messages import Author, Outbound, Owner
from bot.store import claims, conversations, handovers, inbox, outbox
from bot.store.claims import Claim
from bot.store.inbox import InboxMessage
from bot.store.outbox import OutboxMessage
from bot.worker.handing import await_taker
from bot.worker.manners import Manners

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def set_aside(
    conn: Connection, claim: Claim, message: InboxMessage, manners: Manners, now: datetime
) -> tuple[Owner, tuple[OutboxMessage, ...]]:
    """Puts a conversation in the queue without reading a word of it.

    Args:
        conn: a write transaction.
        claim: the right to do so.
        message: the customer's message; the person who takes over reads it.
        manners: how to behave.
        now: the present.

    Returns:
        Who owns the conversation now, and what was added to the outbox.

    Raises:
        ClaimLost: another worker took over; nothing is written.
    """
    before = claims.held(conn, claim)
    inbox.done(conn, message.id, now, None)
    owner: Owner = before.owner
    added: tuple[OutboxMessage, ...] = ()
    if owner in ("bot", "closed"):
        owner = step(owner, "hand_over")
        proof = manners.organisation.proof
        summary = summarise("system_failure", "", (), {}, {}, proof).to_json()
        team = manners.organisation.team_for("", "system_failure").id
        handover = handovers.open_(conn, before.id, "system_failure", "", summary, now, team=team)
        await_taker(conn, handover, manners, now)
        said: tuple[Outbound, ...] = (texts.failed(), texts.to_human())
        spoken: list[tuple[Author, Outbound]] = [("system", each) for each in said]
        added = outbox.add(conn, before.id, message.id, spoken, now)
    conversations.save(conn, replace(before, owner=owner), attempts=None)
    return owner, added
