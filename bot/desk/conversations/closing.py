"""Settles a conversation within an act: tells the customer, and ends the hand-over."""

from __future__ import annotations

from datetime import datetime

from bot.catalogue import say
from bot.conversation.closing_confirmation import confirmation, rating_of
from bot.conversation.ownership import UNACCEPTED
from bot.desk.conversations.locked_conversation import LockedConversation
from bot.records.conversation import Conversation
from bot.store.desk.agents import Agent
from bot.store.handover import callbacks, handovers, notes
from bot.store.worker import timers


def settle(case: LockedConversation, agent: Agent, agreed: str, now: datetime) -> Conversation:
    """Closes a conversation; the customer gets the agreement in writing, and gives a score.

    A customer who cannot be written to gets nothing, and a note says so. Open requests to be called
    back are settled along with it.

    Args:
        case: the conversation.
        agent: the agent who closes it.
        agreed: what was agreed, as `act_rules.settled` gives it.
        now: the present.

    Raises:
        Over: it is over already.
    """
    after, organisation = case.step("close"), case.desk.organisation
    day = organisation.local(now).date()
    topic = organisation.labels.get(case.handover.topic, "")
    by = case.holder() or agent.name
    summary = confirmation(topic, agreed, by, organisation.name, day)
    where = case.conversation.id
    if not case.tell(now, summary, rating_of(by)):
        notes.add(case.conn, where, None, say("desk.unconfirmed"), now)
    for asked in callbacks.of(case.conn, where):
        callbacks.done(case.conn, asked.id, agent.id, now)
    handovers.close(case.conn, where, "closed", now, agent_id=agent.id, settled=agreed)
    timers.cancel(case.conn, where, UNACCEPTED)
    return case.save(after)
