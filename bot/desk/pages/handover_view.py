"""What a conversation's page shows of its newest hand-over: who has it, and what may be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from bot.catalogue import say
from bot.conversation.routing import Team
from bot.desk import dutch_labels
from bot.desk.conversations import proven_identity, work_lists
from bot.desk.conversations.assignments import Assignments
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.conversations.locked_conversation import name_of
from bot.desk.pages import reply_tools, summary_view
from bot.desk.pages.reply_tools import ReplyTools
from bot.desk.pages.summary_view import SummaryView
from bot.records.conversation import Conversation
from bot.records.handover_record import Handover
from bot.store.desk.agents import Agent

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection


class HandoverView(TypedDict):
    """What `ConversationPage` shows of a hand-over."""

    topic: str
    team: str
    teams: tuple[Team, ...]
    urgent: bool
    colleagues: tuple[tuple[int, str], ...]
    mine: bool
    may_act: bool
    agent: str
    settled: str
    answer_until: str
    asleep_until: str
    woken: bool
    tools: ReplyTools
    summary: SummaryView | None


def none() -> HandoverView:
    """What it shows of a conversation that never was with a person."""
    return {
        "topic": say("desk.no_topic"),
        "team": "",
        "teams": (),
        "urgent": False,
        "colleagues": (),
        "mine": False,
        "may_act": False,
        "agent": "",
        "settled": "",
        "answer_until": "",
        "asleep_until": "",
        "woken": False,
        "tools": reply_tools.NONE,
        "summary": None,
    }


def view(
    conn: Connection,
    desk: DeskContext,
    handover: Handover,
    conversation: Conversation,
    agent: Agent,
    name: str,
    now: datetime,
) -> HandoverView:
    """What it shows of a hand-over.

    Args:
        conn: a transaction.
        desk: the desk's rules.
        handover: the conversation's newest.
        conversation: the conversation.
        agent: for whom.
        name: the name that the customer gave, or empty.
        now: the present.
    """
    organisation = desk.organisation
    team = organisation.team(handover.team)
    label = organisation.labels.get(handover.topic, "")
    is_open = handover.closed_at is None
    here = conversation.owner == "human" and is_open
    heard = conversation.last_inbound_at
    until = handover.asleep_until(heard) if here else None
    return {
        "topic": label or say("desk.no_topic"),
        "team": team.name,
        "teams": tuple(each for each in organisation.teams if each.id != team.id),
        "urgent": handover.urgent,
        "colleagues": _colleagues(conn, desk, handover, agent) if is_open else (),
        "mine": here and handover.agent_id == agent.id,
        "may_act": desk.visibility.may_read(agent, handover),
        "agent": name_of(conn, handover.agent_id) or say("desk.colleague"),
        "settled": dutch_labels.settled(handover),
        "answer_until": _answer_until(desk, handover),
        "asleep_until": dutch_labels.moment(until, now, organisation.timezone) if until else "",
        "woken": handover.woken(heard),
        "tools": reply_tools.of(conn, organisation, handover, agent, name, now)
        if is_open
        else reply_tools.NONE,
        "summary": summary_view.summary(
            handover.summary,
            label,
            handover.reason,
            proven_identity.vouched(conn, conversation.id),
        ),
    }


def _colleagues(
    conn: Connection, desk: DeskContext, handover: Handover, agent: Agent
) -> tuple[tuple[int, str], ...]:
    people = Assignments(desk).colleagues(conn, agent, handover.team)
    return tuple(
        (each.id, f"{each.name} ({say(f'desk_page.presence_{each.presence}')})")
        for each in people
        if handover.taken_at is None or each.id != handover.agent_id
    )


def _answer_until(desk: DeskContext, handover: Handover) -> str:
    if handover.reminded_at is None or not work_lists.stands_reminded(handover):
        return ""
    return dutch_labels.clock(handover.reminded_at + desk.silent, desk.organisation.timezone)
