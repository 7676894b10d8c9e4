"""Turns the desk's lists and figures into the words that the pages show. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.catalogue import say
from bot.channel_profiles import ChannelProfile
from bot.desk import dutch_labels
from bot.desk.conversations import work_lists
from bot.desk.conversations.work_lists import Figures, WorkItem
from bot.desk.pages import conversation_view
from bot.store.desk.agents import Presence
from bot.store.desk.desk_figures import Score

#: Most characters of a message in a list.
_QUESTION: Final = 90


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation in a list.

    Attributes:
        id: the conversation's.
        who: what tells the customer apart: a name, a number, or else the topic.
        topic: what it is about.
        channel: name of the channel.
        channel_name: the same as people know it.
        channel_tone: colour of its badge.
        reason: why a person is needed.
        team: name of the team.
        urgent: whether it goes first.
        since: since when the customer waits, or since when it was taken (ISO 8601, UTC).
        waited: the same as a length of time.
        newest: when either side last said something (ISO 8601): what an agent has seen or not.
        unanswered: whether the customer waits for an answer.
        left: whether the customer closed the chat.
        wiped: whether the customer wiped the conversation.
        callback: whether the customer asked to be called back.
        by: name of the agent who has it; empty while it waits.
        last: what was said last, cut short, or else what the customer asked; may be empty.
        mine: whether a person said it.
        reminded: whether the agent who has it was reminded that the customer waits.
        asleep: until when its agent set it aside, in words; empty when it is not.
        woken: whether it was set aside and came back.
    """

    id: str
    who: str
    topic: str
    channel: str
    channel_name: str
    channel_tone: str
    reason: str
    team: str
    urgent: bool
    since: str
    waited: str
    newest: str
    unanswered: bool
    left: bool
    wiped: bool
    callback: bool
    by: str
    last: str
    mine: bool
    reminded: bool
    asleep: str
    woken: bool


@dataclass(frozen=True, slots=True)
class RatingRow:
    """One line of the ratings: the assistant's or the people's."""

    of: str
    mean: str
    count: int
    last: str


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One line of the figures by team."""

    name: str
    waiting: int
    talking: int
    since: str
    longest: str


@dataclass(frozen=True, slots=True)
class AtWork:
    """An agent who is on line, whether available, and how many conversations are in hand."""

    name: str
    presence: Presence
    busy: str


def row(line: WorkItem, channel: ChannelProfile, now: datetime, zone: ZoneInfo) -> ConversationRow:
    """A line of a list as it is shown.

    Args:
        line: what the desk knows of it.
        channel: the customer's channel.
        now: the present.
        zone: the organisation's time zone.
    """
    topic = line.topic or say("desk.no_topic")
    phone = dutch_labels.phone(channel, line.address)
    return ConversationRow(
        id=line.conversation_id,
        who=line.name or line.number or phone or topic,
        topic=topic,
        channel=line.channel,
        channel_name=channel.label,
        channel_tone=channel.tone,
        reason=dutch_labels.reason(line.reason),
        team=line.team_name,
        urgent=line.urgent,
        since=line.since.isoformat(),
        waited=dutch_labels.lasted(now - line.since),
        newest=line.last_message_at.isoformat(),
        unanswered=line.unanswered,
        left=line.left,
        wiped=line.wiped,
        callback=line.callback,
        by=line.by,
        last=_short(_said(line)),
        mine=line.last is not None and line.last.by == "human",
        reminded=line.reminded,
        asleep=dutch_labels.moment(line.asleep_until, now, zone) if line.asleep_until else "",
        woken=line.woken,
    )


def _said(line: WorkItem) -> str:
    last = line.last
    if last is None:
        return line.question
    if last.message is not None:
        return conversation_view.plain(last.message)
    return conversation_view.heard(last.text, last.payload, last.attachment)


def ratings(figures: Figures) -> tuple[RatingRow, ...]:
    """Scores of the assistant and of people, apart."""
    return (
        _rated(say("desk.ratings_bot"), figures.bot),
        _rated(say("desk.ratings_human"), figures.human),
    )


def by_team(teams: Mapping[str, str], figures: Figures, now: datetime) -> tuple[TeamRow, ...]:
    """How many customers wait and are helped, team by team.

    Args:
        teams: names of the teams by id, in order.
        figures: the figures.
        now: the present.
    """
    lines = []
    for team, name in teams.items():
        work = figures.teams.get(team, work_lists.TeamLoad())
        lines.append(
            TeamRow(
                name=name,
                waiting=work.waiting,
                talking=work.underway,
                since=work.since.isoformat() if work.since else "",
                longest=dutch_labels.lasted(now - work.since) if work.since else "",
            )
        )
    return tuple(lines)


def at_work(figures: Figures) -> tuple[AtWork, ...]:
    """The agents who are on line, with their number of conversations."""
    return tuple(
        AtWork(each.name, each.presence, _busy(figures.busy.get(each.id, 0)))
        for each in figures.online
    )


def longest(figures: Figures, now: datetime) -> tuple[str, str]:
    """The longest wait: since when (ISO 8601) and how long; both empty when nobody waits."""
    span: timedelta | None = figures.longest
    return ("", "") if span is None else ((now - span).isoformat(), dutch_labels.lasted(span))


def _busy(conversations: int) -> str:
    if not conversations:
        return say("desk.conversations_none")
    if conversations == 1:
        return say("desk.conversations_one")
    return say("desk.conversations_many", count=conversations)


def _rated(of: str, score: Score) -> RatingRow:
    mean = "–" if score.mean is None else dutch_labels.decimal(score.mean)
    return RatingRow(of, mean, score.count, str(score.last) if score.last else "–")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _QUESTION else f"{line[: _QUESTION - 1].rstrip()}…"
