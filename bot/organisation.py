"""Reads `data/organisation.yml`: name, hours, holidays, contact and teams."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot import yaml_faults
from bot.conversation.handover_summary import ProvedSlots
from bot.conversation.opening_hours import OpenHours, OpeningHours
from bot.conversation.routing import Team, default_team, is_urgent, team_for
from bot.errors import ConfigurationError
from bot.messages import Reason
from bot.safety.kinds import KINDS, Kind
from bot.topics import declared
from bot.topics.declared import FILE
from bot.topics.topics import Topics

#: The one team of everybody, when no teams are listed.
_EVERYBODY = Team("algemeen", "Klantenservice", default=True)
_NO_TOPICS = Topics()
_KEYS = (
    *("organisation", "opening_hours", "holidays", "contact", "chat", "teams", "topics", "safety"),
)
_TEAM_KEYS = ("id", "name", "default", "hours")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class ChatWelcome:
    """The texts that the chat shows before the first message, on pages that Loket serves.

    Attributes:
        intro: a sentence; empty for none.
        starters: first questions to tap.
    """

    intro: str = ""
    starters: tuple[str, ...] = ()


_NO_WELCOME = ChatWelcome()


@dataclass(frozen=True, slots=True)
class Organisation:
    """The organisation that the assistant answers for.

    Attributes:
        name: as customers know it.
        timezone: where its people work.
        week: ordinary hours, 0 for Monday to 6 for Sunday; a day left out is closed.
        country: whose public holidays are kept, ISO 3166; empty for none.
        closed: further days on which nobody works, with the reason in Dutch.
        phone: for customers who would rather call.
        email: for customers who would rather write.
        website: address without `https://`.
        teams: the teams and what each answers; at least one.
        chat: what the chat begins with.
        topics: the topics that the assistant declares.
        no_danger: kinds of danger that are not answered as such here.
    """

    name: str
    timezone: ZoneInfo
    week: dict[int, OpenHours]
    country: str
    closed: dict[date, str]
    phone: str
    email: str
    website: str
    teams: tuple[Team, ...] = (_EVERYBODY,)
    chat: ChatWelcome = _NO_WELCOME
    topics: Topics = _NO_TOPICS
    no_danger: frozenset[Kind] = frozenset()

    @property
    def labels(self) -> Mapping[str, str]:
        """Dutch names of slots and topics, for the summary that a person reads."""
        return self.topics.labels

    @property
    def urgent(self) -> tuple[str, ...]:
        """Topics that go before all others."""
        return self.topics.urgent

    @property
    def proof(self) -> ProvedSlots:
        """The slots that say what a customer proved."""
        found = self.topics.proofs
        asked = (slot for each in found for slot in (each.claim, each.noted_claim))
        return ProvedSlots(tuple(asked), tuple(each.proved for each in found))

    def local(self, now: datetime) -> datetime:
        """An aware time as the organisation's own clock shows it."""
        return now.astimezone(self.timezone)

    def hours(self, year: int, team: str = "") -> OpeningHours:
        """Hours with the holidays of a year and the next, so that a look ahead is never short.

        Args:
            year: the year it is.
            team: id of the team whose hours are asked; empty for the organisation's.
        """
        own = self.team(team).week if team else None
        closed = {**_public_holidays(self.country, year), **self.closed}
        return OpeningHours(self.week if own is None else own, closed)

    def team(self, team_id: str) -> Team:
        """The team with this id; the default one for an id that is not, or no longer, in use."""
        found = (team for team in self.teams if team.id == team_id)
        return next(found, default_team(self.teams))

    def team_for(self, topic: str, reason: Reason) -> Team:
        """The team that answers a hand-over about a topic (an intent name, or empty)."""
        return team_for(topic, reason, self.urgent, self.teams)

    def is_urgent(self, topic: str, reason: Reason) -> bool:
        """Whether a hand-over goes before all that are not urgent."""
        return is_urgent(topic, reason, self.urgent)


@cache
def _public_holidays(country: str, year: int) -> dict[date, str]:
    if not country:
        return {}
    found = holidays.country_holidays(country, years=(year - 1, year, year + 1), language="nl")
    return dict(found)


@cache
def load(root: Path) -> Organisation:
    """Reads the organisation of a project.

    Args:
        root: the project's folder.

    Raises:
        ConfigurationError: the file is missing or wrong; the message says what and where.
    """
    path = root / FILE
    try:
        text = path.read_text(encoding="utf-8")
        data = YAML(typ="safe").load(text)
    except OSError as error:
        raise ConfigurationError(f"{FILE} cannot be read: {error.strerror}.") from error
    except YAMLError as error:
        raise ConfigurationError(yaml_faults.fault(FILE.as_posix(), error, text)) from error
    try:
        return _read(data, declared.load(root))
    except ZoneInfoNotFoundError as error:
        said = str(error).strip("'\"")
        raise ConfigurationError(f"{FILE}: {said}. An example: Europe/Amsterdam.") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(f"{FILE} lacks or misplaces {error}.") from error
    except (ValueError, NotImplementedError) as error:
        raise ConfigurationError(f"{FILE}: {error}.") from error


def _read(data: dict[str, Any], topics: Topics) -> Organisation:
    _known(data, _KEYS, "it")
    kept = data.get("holidays") or {}
    country = str(kept.get("country") or "")
    teams = _teams(data.get("teams") or (), topics)
    _public_holidays(country, 2000)  # an unknown country is reported now, not in a conversation
    return Organisation(
        name=str(data["organisation"]["name"]),
        timezone=ZoneInfo(str(data["organisation"].get("timezone") or "Europe/Amsterdam")),
        week=_week(data["opening_hours"]),
        country=country,
        closed={_day(day): str(why) for day, why in (kept.get("closed") or {}).items()},
        phone=str(data["contact"]["phone"]),
        email=str(data["contact"]["email"]),
        website=str(data["contact"]["website"]),
        teams=teams,
        chat=_chat(data.get("chat") or {}),
        topics=topics,
        no_danger=_no_danger(data.get("safety") or {}),
    )


def _chat(data: dict[str, Any]) -> ChatWelcome:
    starters = tuple(map(str, data.get("starters") or ()))
    if any("|" in each for each in starters):
        raise ValueError("a first question of the chat cannot hold a vertical bar")
    return ChatWelcome(str(data.get("intro") or ""), starters)


def _no_danger(data: dict[str, Any]) -> frozenset[Kind]:
    _known(data, ("off",), "safety")
    off = [str(each) for each in data.get("off") or ()]
    if lost := next((each for each in off if each not in KINDS), None):
        raise ValueError(f"safety has no kind {lost!r} to switch off; it has {', '.join(KINDS)}")
    return frozenset(kind for kind in KINDS if kind in off)


def _known(data: Mapping[str, Any], keys: Sequence[str], what: str) -> None:
    """Refuses unknown keys, which would be passed over without a word.

    Raises:
        ValueError: there is an unknown key.
    """
    if lost := [str(key) for key in data if key not in keys]:
        raise ValueError(f"{what} has {lost[0]!r}, which is none of {', '.join(keys)}")


def _teams(data: Sequence[dict[str, Any]], topics: Topics) -> tuple[Team, ...]:
    """The teams with the topics that name them; without a list everybody is one."""
    if not data:
        return (_EVERYBODY,)
    teams = tuple(_team(each, topics) for each in data)
    defaults = [team.id for team in teams if team.default]
    if len(defaults) != 1:
        raise ValueError(
            "exactly one team needs `default: true`, for what no other answers; "
            f"now {' and '.join(defaults) or 'none'} has it"
        )
    ids = [team.id for team in teams]
    if double := next((each for each in ids if ids.count(each) > 1), None):
        raise ValueError(f"team {double!r} is there twice; each belongs in one place")
    if lost := next((each for each in topics if each.team and each.team not in ids), None):
        raise ValueError(
            f"the topic {lost.name!r} goes to the team {lost.team!r}, which is not there; add it, "
            "or mend the team where the topic is declared"
        )
    return teams


def _team(data: dict[str, Any], topics: Topics) -> Team:
    team_id = str(data["id"])
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,31}", team_id):
        raise ValueError(f"{team_id!r} is no id of a team; use small letters, at most 32")
    _known(data, _TEAM_KEYS, f"team {team_id!r}")
    hours, default = data.get("hours"), bool(data.get("default", False))
    return Team(
        id=team_id,
        name=str(data["name"]),
        topics=topics.of_team(team_id, default=default),
        week=None if hours is None else _week(hours),
        default=default,
    )


def _week(data: dict[str, Any]) -> dict[int, OpenHours]:
    return {_weekday(name): _span(pair) for name, pair in data.items()}


def _weekday(name: str) -> int:
    if name not in _WEEKDAYS:
        raise ValueError(f"{name!r} is not a weekday; use {', '.join(_WEEKDAYS)}")
    return _WEEKDAYS.index(name)


def _span(pair: Any) -> OpenHours:
    if not isinstance(pair, list) or len(pair) != 2:
        raise ValueError('opening hours are two quoted times, like ["9:00", "18:00"]')
    return OpenHours(_time(pair[0]), _time(pair[1]))


def _time(text: Any) -> time:
    found = re.fullmatch(r"(\d{1,2})[:.](\d\d)", str(text))
    if found is None:
        raise ValueError(f'{text!r} is not a time; write it quoted, like "9:00"')
    return time(int(found[1]), int(found[2]))


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
