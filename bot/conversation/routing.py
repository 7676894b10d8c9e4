"""Finds the team that answers a hand-over, and the hand-overs that go first. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.conversation.opening_hours import OpenHours
from bot.messages import Reason

#: Reasons that go first, whatever the conversation was about.
_HARD: Final[frozenset[Reason]] = frozenset({"sensitive", "danger"})


@dataclass(frozen=True, slots=True)
class Team:
    """People who answer the same questions.

    Attributes:
        id: the word it is stored under, such as `uitleen`; at most 32 characters.
        name: as agents, and now and then customers, read it.
        topics: what it answers (intent names).
        week: its own hours, 0 for Monday to 6 for Sunday; None: the organisation's.
        default: whether it answers what no other team does.
    """

    id: str
    name: str
    topics: tuple[str, ...] = ()
    week: Mapping[int, OpenHours] | None = None
    default: bool = False


def default_team(teams: Sequence[Team]) -> Team:
    """The team that answers what no other does.

    Args:
        teams: at least one; exactly one of them is the default (`bot.organisation` checks that).
    """
    return next(team for team in teams if team.default)


def team_for(topic: str, reason: Reason, urgent: Collection[str], teams: Sequence[Team]) -> Team:
    """The team that answers a hand-over.

    A sensitive matter, or danger, goes to the team that has an urgent topic, else to the default
    one, whatever the conversation was about before: a customer who just lost somebody must not land
    with the team for loans because of a book.

    Args:
        topic: what it is about (an intent name), or empty.
        reason: why a person is needed.
        urgent: topics that go first, in order of importance.
        teams: all teams.
    """
    hard = reason in _HARD and topic not in urgent
    for each in urgent if hard else (topic,):
        for team in teams:
            if each and each in team.topics:
                return team
    return default_team(teams)


def is_urgent(topic: str, reason: Reason, urgent: Collection[str]) -> bool:
    """Whether a hand-over goes before all that are not urgent."""
    return reason in _HARD or topic in urgent
