"""Settles a conversation within an act: tells the customer, and ends the hand-over."""

from __future__ import annotations

from datetime import date, datetime

from bot.catalogue import say
from bot.conversation.closing_confirmation import (
    call_back_ended,
    confirmation,
    helped,
    rating_of,
)
from bot.conversation.ownership import UNACCEPTED
from bot.desk.conversations.locked_conversation import LockedConversation
from bot.messages import Outbound
from bot.organisation import Organisation
from bot.records.call_back_result import Result
from bot.records.conversation import Conversation
from bot.store.desk.agents import Agent
from bot.store.handover import callbacks, handovers, notes
from bot.store.worker import timers


def settle(case: LockedConversation, agent: Agent, agreed: str, now: datetime) -> Conversation:
    """Closes a conversation; the customer gets the agreement in writing, and gives a score.

    A customer who cannot be written to gets nothing, and a note says so. An open request to
    be called back is settled along with it, unless it is planned: then it stays, and the customer
    hears so.

    Args:
        case: the conversation.
        agent: the agent who closes it.
        agreed: what was agreed, as `act_rules.settled` gives it.
        now: the present.

    Raises:
        Over: it is over already.
    """
    by = case.holder() or agent.name
    organisation, topic, day = _facts(case, now)
    requests = callbacks.of(case.conn, case.conversation.id)
    stays = any(asked.planned(now) for asked in requests)
    summary = confirmation(topic, agreed, by, organisation.name, day, call_back=stays)
    for asked in requests:
        if not asked.planned(now):
            callbacks.done(case.conn, asked.id, agent.id, now)
    return _end(case, agent, agreed, now, summary, rating_of(by))


def end_with_call_back(
    case: LockedConversation, agent: Agent, ended: Result, words: str, now: datetime
) -> Conversation:
    """Closes a conversation that only waited for its request to be called back, now settled.

    The customer reads how that ended, and gives a score where a person spoke or wrote to them.

    Args:
        case: the conversation.
        agent: the agent who settled the request.
        ended: how it ended.
        words: what the agent wrote, as `act_rules.settled` gives it, or empty.
        now: the present.

    Raises:
        Over: it is over already.
    """
    organisation, topic, day = _facts(case, now)
    summary = call_back_ended(topic, ended, words, agent.name, organisation.name, day)
    asked = (rating_of(agent.name),) if helped(ended) else ()
    return _end(case, agent, words or None, now, summary, *asked)


def _facts(case: LockedConversation, now: datetime) -> tuple[Organisation, str, date]:
    """The organisation, what it is about, and the day there."""
    organisation = case.desk.organisation
    topic = organisation.labels.get(case.handover.topic, "")
    return organisation, topic, organisation.local(now).date()


def _end(
    case: LockedConversation, agent: Agent, settled: str | None, now: datetime, *said: Outbound
) -> Conversation:
    after, where = case.step("close"), case.conversation.id
    if not case.tell(now, *said):
        notes.add(case.conn, where, None, say("desk.unconfirmed"), now)
    handovers.close(case.conn, where, "closed", now, agent_id=agent.id, settled=settled)
    timers.cancel(case.conn, where, UNACCEPTED)
    return case.save(after)
