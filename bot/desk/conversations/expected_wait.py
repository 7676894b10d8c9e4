"""The wait that a customer in the queue may expect: place and time, or when people are back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.catalogue import say
from bot.conversation import wait_estimate
from bot.conversation.opening_hours import is_open, next_opening, say_moment
from bot.conversation.queueing import Expectation
from bot.desk.conversations.work_lists import ONLINE
from bot.organisation import Organisation
from bot.records.handover_record import Handover
from bot.store.desk import agents, desk_figures
from bot.store.handover import handovers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Waits from longer ago say nothing about today.
_RECENT: Final = timedelta(hours=3)


def expectation(
    conn: Connection,
    handover: Handover,
    organisation: Organisation,
    now: datetime,
    *,
    own_desk: bool = True,
) -> Expectation:
    """The wait that a customer in the queue may expect.

    Args:
        conn: a transaction.
        handover: the open hand-over.
        organisation: its teams and hours.
        now: the present.
        own_desk: whether agents work at Loket's own desk, so that it knows who is there.
    """
    opens, local = opens_at(handover.team, organisation, now), organisation.local(now)
    if opens != now:
        when = say_moment(opens, local) if opens else ""
        closed = say("queue.closed_until", when=when) if when else say("queue.closed")
        return Expectation(closed, open=False, next_opening=when)
    here = [
        agent
        for agent in agents.online(conn, now - ONLINE)
        if agent.presence == "available" and (not agent.teams or handover.team in agent.teams)
    ]
    today = organisation.hours(local.year, handover.team).on(local.date())
    opened = datetime.combine(local.date(), today.opens, local.tzinfo) if today else now
    waits = desk_figures.recent_waits(conn, handover.team, now - _RECENT, opened)
    place = handovers.place(conn, handover, wait_estimate.LAST_PLACE)
    estimate = wait_estimate.estimate(place, waits, len(here))
    attended = bool(here) or not own_desk
    return Expectation(wait_estimate.sentence(estimate), open=True, attended=attended)


def opens_at(team: str, organisation: Organisation, now: datetime) -> datetime | None:
    """The moment from which a team is at work: `now` itself, or later; None: unknown."""
    local = organisation.local(now)
    hours = organisation.hours(local.year, team)
    return now if is_open(local, hours) else next_opening(local, hours)
