"""What an agent has at hand for writing to the customer of an open conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, get_args

from bot.desk import dutch_labels
from bot.desk.conversations import canned_replies, placeholders
from bot.organisation import Organisation
from bot.records.handover_record import Handover, Resolution
from bot.store.desk import canned_answers, drafts, planned_replies
from bot.store.desk.agents import Agent
from bot.store.desk.canned_answers import Wording

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """An answer that goes out later: its row, its words, and when in words."""

    id: int
    text: str
    due: str


@dataclass(frozen=True, slots=True)
class ReplyTools:
    """What is at hand.

    Attributes:
        answers: canned answers that fit, filled in as far as is known.
        closings: the same for what was agreed.
        placeholders: names between braces that no customer may read.
        resolutions: what can have come of it: words by name, the most usual first.
        planned: answers that go out later.
        draft: what the agent typed before and did not send.
        settled: the same of what was agreed, for when the conversation is closed.
    """

    answers: tuple[Wording, ...] = ()
    closings: tuple[Wording, ...] = ()
    placeholders: tuple[str, ...] = ()
    planned: tuple[PlannedLine, ...] = ()
    draft: str = ""
    settled: str = ""
    resolutions: Mapping[str, str] = field(default_factory=dict)


#: For a conversation that nobody can write in.
NONE: Final = ReplyTools()


def of(
    conn: Connection,
    organisation: Organisation,
    handover: Handover,
    agent: Agent,
    customer: str,
    now: datetime,
) -> ReplyTools:
    """What an agent has at hand for a conversation.

    Args:
        conn: a transaction.
        organisation: the organisation.
        handover: the conversation's open hand-over.
        agent: the agent who reads it.
        customer: the name that the customer gave, or empty.
        now: the present.
    """
    found = canned_answers.all_(conn, used=True)
    told = placeholders.values(organisation, handover, agent.name, customer, now)
    team, zone = organisation.team(handover.team).id, organisation.timezone
    return ReplyTools(
        answers=canned_replies.usable(found, "answer", team, told),
        closings=canned_replies.usable(found, "closing", team, told),
        placeholders=placeholders.known(organisation),
        planned=tuple(
            PlannedLine(each.id, each.text, dutch_labels.moment(each.due_at, now, zone))
            for each in planned_replies.of(conn, handover.conversation_id)
        ),
        draft=drafts.of(conn, handover.conversation_id, agent.id),
        settled=drafts.of(conn, handover.conversation_id, agent.id, "settled"),
        resolutions={each: dutch_labels.resolution(each) for each in get_args(Resolution)},
    )
