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
from bot.records.handover_record import Resolution
from bot.store.desk import drafts
from bot.store.desk.agents import Agent
from bot.store.handover import callbacks, handovers, notes
from bot.store.worker import timers


def settle(
    case: LockedConversation,
    agent: Agent,
    agreed: str,
    now: datetime,
    resolution: Resolution | None = None,
    *,
    told: bool = True,
) -> Conversation:
    """Closes a conversation; the customer gets the agreement in writing, and gives a score.

    A customer who cannot be written to gets nothing, and a note says so; one who wiped the
    conversation is not told, as if the agent had chosen that. An open request to be called back is
    settled along with it, unless it is planned: then it stays, and the customer hears so.

    Args:
        case: the conversation.
        agent: the agent who closes it.
        agreed: what was agreed, as `act_rules.settled` gives it.
        now: the present.
        resolution: what came of it, if the agent says so.
        told: whether the customer is told; without that no score is asked either.

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
    said = (summary, rating_of(by)) if told else ()
    return _end(case, agent, agreed or None, now, *said, resolution=resolution)


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
    case: LockedConversation,
    agent: Agent,
    settled: str | None,
    now: datetime,
    *said: Outbound,
    resolution: Resolution | None = None,
) -> Conversation:
    after, where = case.step("close"), case.conversation.id
    told = bool(said) and case.conversation.wiped_at is None
    if told and not case.tell(now, *said):
        notes.add(case.conn, where, None, say("desk.unconfirmed"), now)
    handovers.close(
        case.conn,
        where,
        "closed",
        now,
        agent_id=agent.id,
        settled=settled,
        resolution=resolution,
        told=told,
    )
    timers.cancel(case.conn, where, UNACCEPTED)
    drafts.drop(case.conn, where)
    return case.save(after)
