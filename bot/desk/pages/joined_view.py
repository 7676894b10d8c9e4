"""What a conversation's page shows of those that were joined to it, as they are of one customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.catalogue import say
from bot.desk import dutch_labels
from bot.desk.conversations.desk_context import DeskContext
from bot.store.conversation import conversations, customer_links
from bot.store.desk import workload
from bot.store.desk.agents import Agent

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.records.conversation import Conversation


@dataclass(frozen=True, slots=True)
class JoinedConversation:
    """One conversation of the customer.

    Attributes:
        id: the conversation's.
        channel: its name: the channel's, told apart from others of that channel.
        tone: colour of its badge.
        wrote: when the customer last wrote there, in words; empty for never.
        mine: whether the agent has it.
        last: whether it is where the customer wrote last, of those that were not wiped if there
            are any.
        wiped: whether the customer wiped it, and reads no answer there.
        reachable: whether the customer can be written to there.
    """

    id: str
    channel: str
    tone: str
    wrote: str
    mine: bool
    last: bool
    wiped: bool
    reachable: bool


@dataclass(frozen=True, slots=True)
class JoinedBy:
    """One join: who did it, when, and how that person knows.

    Attributes:
        id: of the link.
        channel: name of what was joined, as of `JoinedConversation`.
        by: name of the agent.
        moment: when, in words.
        proved: numbers that the customer proved in both, or empty.
        stated: how the agent knows, or empty.
        may_split: whether the agent may undo it.
    """

    id: int
    channel: str
    by: str
    moment: str
    proved: str
    stated: str
    may_split: bool


@dataclass(frozen=True, slots=True)
class JoinedView:
    """The conversations of one customer.

    Attributes:
        here: the one that the page is of.
        others: the others that the agent may read.
        links: how they came together.
        has: whether the agent has one of them.
    """

    here: JoinedConversation
    others: tuple[JoinedConversation, ...]
    links: tuple[JoinedBy, ...]
    has: bool


def view(
    conn: Connection,
    desk: DeskContext,
    group: Sequence[str],
    named: Mapping[str, str],
    agent: Agent,
    now: datetime,
) -> JoinedView | None:
    """What the page shows; None where nothing is joined that the agent may read.

    Args:
        conn: a transaction.
        desk: the desk's rules.
        group: the conversations that the agent may read, that of the page first.
        named: their names, as `joined_names` gives them.
        agent: for whom.
        now: the present.
    """
    if len(group) < 2:
        return None
    found = {each: conversations.get(conn, each) for each in group}
    newest = max(found.values(), key=_reads_last)
    zone = desk.organisation.timezone

    def shown(each: Conversation) -> JoinedConversation:
        wrote = each.last_inbound_at
        return JoinedConversation(
            id=each.id,
            channel=named[each.id],
            tone=desk.profiles[each.channel].tone,
            wrote=dutch_labels.moment(wrote, now, zone) if wrote else "",
            mine=workload.case_of(conn, agent.id, each.id) is not None,
            last=each is newest,
            wiped=each.wiped_at is not None,
            reachable=desk.reach.window(conn, each, now).open,
        )

    all_ = [shown(each) for each in found.values()]
    links = tuple(
        JoinedBy(
            id=each.id,
            channel=named[each.conversation_id],
            by=each.by or say("desk.colleague"),
            moment=dutch_labels.moment(each.at, now, zone),
            proved=each.proved,
            stated=each.stated,
            may_split=each.lead_id in found,
        )
        for each in customer_links.links(conn, group[0])
        if each.conversation_id in found
    )
    return JoinedView(all_[0], tuple(all_[1:]), links, any(each.mine for each in all_))


def answered_at(conn: Connection, group: Sequence[str], agent: Agent) -> str:
    """Of the conversations that the agent has, the one where the customer wrote last.

    One that the customer wiped comes behind all others: nobody reads an answer there.

    Args:
        conn: a transaction.
        group: the conversations that the agent may read, that of the page first.
        agent: the agent; who has none of them stays with the first.
    """
    mine = [
        conversations.get(conn, each) for each in group if workload.case_of(conn, agent.id, each)
    ]
    newest = max(mine, key=_reads_last, default=None)
    return newest.id if newest else group[0]


def _reads_last(conversation: Conversation) -> tuple[bool, datetime]:
    wrote = conversation.last_inbound_at or conversation.created_at
    return conversation.wiped_at is None, wrote
