"""Settles a case within an act: tells the customer, and ends its hand-overs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.catalogue import say
from bot.conversation import announcements
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
from bot.records.handover_record import Outcome, Resolution, Told
from bot.store.desk.agents import Agent
from bot.store.handover import callbacks, handovers, notes
from bot.store.worker import timers


@dataclass(frozen=True, slots=True)
class _End:
    """How a hand-over ends: what its row says of that, and what the customer is to be told."""

    outcome: Outcome
    told: Told
    said: tuple[Outbound, ...] = ()
    settled: str | None = None
    resolution: Resolution | None = None


def settle(
    cases: Sequence[LockedConversation],
    agent: Agent,
    agreed: str,
    now: datetime,
    resolution: Resolution | None = None,
    *,
    told: bool = True,
) -> None:
    """Closes a case; the customer gets the agreement in writing, and gives a score.

    Of several conversations one stands for the case: that in which the agent closes it, unless its
    customer cannot be written to there, and can in another. In the others the customer, whom a
    person was promised there too, hears in a sentence where it was settled. A customer who cannot
    be written to gets nothing, and a note says so; a conversation that its customer wiped is told
    nothing, as if the agent had chosen that there. Open requests to be called back are settled
    along with it, unless they are planned: then they stay, and the customer hears so.

    Args:
        cases: its conversations, that in which the agent closes it first.
        agent: the agent who closes it.
        agreed: what was agreed, as `act_rules.settled` gives it.
        now: the present.
        resolution: what came of it, if the agent says so.
        told: whether the customer is told; without that no score is asked either.

    Raises:
        Over: it is over already.
    """
    settled_in = next((each for each in cases if told and each.may_tell(now)), cases[0])
    by = settled_in.holder() or agent.name
    stays = _settle_requests(cases, agent, now)
    end = _End("closed", "nothing", (), agreed or None, resolution)
    along = _End("joined", "nothing")
    if told:
        organisation, topic, day = _facts(settled_in, now)
        summary = confirmation(topic, agreed, by, organisation.name, day, call_back=stays)
        end = _End("closed", "score", (summary, rating_of(by)), agreed or None, resolution)
    for each in cases:
        if each is not settled_in:
            _end(each, agent, _elsewhere(each, settled_in) if told else along, now)
    _end(settled_in, agent, end, now)


def end_with_call_back(
    case: LockedConversation, agent: Agent, ended: Result, words: str, now: datetime
) -> None:
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
    said: tuple[Outbound, ...] = (summary,)
    told: Told = "ended"
    if helped(ended):
        said, told = (summary, rating_of(agent.name)), "score"
    _end(case, agent, _End("closed", told, said, words or None), now)


def _settle_requests(cases: Sequence[LockedConversation], agent: Agent, now: datetime) -> bool:
    """Settles open requests to be called back; whether one stays, as it is planned."""
    stays = False
    for each in cases:
        for asked in callbacks.of(each.conn, each.conversation.id):
            if asked.planned(now):
                stays = True
            else:
                callbacks.done(each.conn, asked.id, agent.id, now)
    return stays


def _elsewhere(case: LockedConversation, settled_in: LockedConversation) -> _End:
    here, there = case.conversation.channel, settled_in.conversation.channel
    where = "" if here == there else case.desk.profiles[there].in_sentence
    return _End("joined", "ended", (announcements.settled_elsewhere(where),))


def _facts(case: LockedConversation, now: datetime) -> tuple[Organisation, str, date]:
    """The organisation, what it is about, and the day there."""
    organisation = case.desk.organisation
    topic = organisation.labels.get(case.handover.topic, "")
    return organisation, topic, organisation.local(now).date()


def _end(case: LockedConversation, agent: Agent, end: _End, now: datetime) -> None:
    after, where = case.step("close"), case.conversation.id
    if case.conversation.wiped_at is not None:
        end = replace(end, told="nothing", said=())
    if end.said and not case.tell(now, *end.said):
        end = replace(end, told="nothing")
        notes.add(case.conn, where, None, say("desk.unconfirmed"), now)
    handovers.close(
        case.conn,
        where,
        end.outcome,
        now,
        agent_id=agent.id,
        settled=end.settled,
        resolution=end.resolution,
        told=end.told,
    )
    timers.cancel(case.conn, where, UNACCEPTED)
    case.save(after)
