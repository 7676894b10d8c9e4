"""Turns requests to be called back into the words that the pages show. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from bot.catalogue import say
from bot.desk import dutch_labels
from bot.organisation import Organisation
from bot.store.desk.agents import Agent
from bot.store.handover.callbacks import Callback


@dataclass(frozen=True, slots=True)
class CallbackRow:
    """A request to be called or written back.

    Attributes:
        id: its row.
        conversation: id of the conversation it was left in.
        name: the customer's name.
        contact: telephone number or e-mail address.
        link: the same to click on (`tel:` or `mailto:`).
        moment: when it suits, in the customer's words.
        due: from when it is to be done; empty when at once.
        late: whether that time has come.
        question: what the customer wants to know; may be empty.
        team: name of the team.
        topic: what it is about, or empty.
        since: when it was left (ISO 8601, UTC).
        waited: how long ago that is.
        mine: whether the agent who looks is going to do it.
        by: name of the agent who is going to do it, or did it; empty for nobody.
        may: whether the agent who looks may do something with it.
        result: how it ended, in words; empty while it is open.
    """

    id: int
    conversation: str
    name: str
    contact: str
    link: str
    moment: str
    due: str
    late: bool
    question: str
    team: str
    topic: str
    since: str
    waited: str
    mine: bool
    by: str
    may: bool
    result: str


def row(
    asked: Callback,
    organisation: Organisation,
    names: Mapping[int, str],
    agent: Agent,
    now: datetime,
) -> CallbackRow:
    """A request to be called back as it is shown.

    Args:
        asked: the request.
        organisation: whose teams, topics and clock these are.
        names: names of agents by id.
        agent: the person who looks.
        now: the present.
    """
    whose = asked.claimed_by if asked.done_at is None else asked.done_by
    due = asked.due_at if asked.due_at and asked.due_at > asked.created_at else None
    when = dutch_labels.moment(due, now, organisation.timezone) if due else ""
    teams = {team.id: team.name for team in organisation.teams}
    return CallbackRow(
        id=asked.id,
        conversation=asked.conversation_id,
        name=asked.name,
        contact=asked.contact,
        link=_link(asked.contact),
        moment=asked.moment,
        due=say("desk.due", when=when) if when else "",
        late=due is None or due <= now,
        question=asked.question,
        team=teams.get(asked.team, asked.team),
        topic=organisation.labels.get(asked.topic, ""),
        since=asked.created_at.isoformat(),
        waited=dutch_labels.lasted(now - asked.created_at),
        mine=whose == agent.id,
        by="" if whose is None else names.get(whose) or say("desk.colleague"),
        may=whose in (None, agent.id) or agent.role == "supervisor",
        result="" if asked.done_at is None else say(f"desk.ended.{asked.result or 'closed'}"),
    )


def _link(contact: str) -> str:
    if "@" in contact:
        return f"mailto:{quote(contact, safe='@')}"
    digits = "".join(sign for sign in contact if sign.isdecimal() or sign == "+")
    return f"tel:{digits}" if digits else ""
