"""Reads `data/organisation.yml`: name, hours, holidays, contact and teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot import yaml_faults, yaml_nodes
from bot.conversation.handover_summary import ProvedSlots
from bot.conversation.opening_hours import OpenHours, OpeningHours
from bot.conversation.routing import Team, default_team, is_urgent, team_for
from bot.errors import ConfigurationError
from bot.messages import Reason
from bot.near_names import meant
from bot.organisation_parts import EVERYBODY, Fault, day_of, known, teams_of, week_of, within
from bot.safety.kinds import KINDS, Kind
from bot.topics import declared
from bot.topics.declared import FILE
from bot.topics.topics import Topics

_NO_TOPICS = Topics()
_KEYS = (
    *("organisation", "opening_hours", "holidays", "contact", "chat", "teams", "topics", "safety"),
)
_CONTACT = ("phone", "email", "website")


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
    teams: tuple[Team, ...] = (EVERYBODY,)
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
    topics = declared.load(root)
    try:
        with within():
            read = _read(data, topics)
    except Fault as fault:
        place = yaml_nodes.place(FILE.as_posix(), text, *fault.path)
        raise ConfigurationError(f"{place}: {fault}") from fault
    _refuse_lost_team(root, read, text)
    return read


def _refuse_lost_team(root: Path, organisation: Organisation, text: str) -> None:
    """Refuses a topic that goes to a team that is none.

    Args:
        root: the project's folder.
        organisation: as it was read.
        text: of the file, in which teams are listed.

    Raises:
        ConfigurationError: there is one; the message names the file of the topic.
    """
    if organisation.teams == (EVERYBODY,):
        return  # no team is listed, and everybody answers all
    ids = [team.id for team in organisation.teams]
    for topic in organisation.topics:
        if topic.team and topic.team not in ids:
            teams = yaml_nodes.place(FILE.as_posix(), text, "teams")
            raise ConfigurationError(
                f"{declared.team_place(root, topic)}: the topic {topic.name!r} goes to the team "
                f"{topic.team!r}, which is not there.{meant(topic.team, ids)} Mend it there, or "
                f"add the team at {teams} under teams."
            )


def _read(data: dict[str, Any], topics: Topics) -> Organisation:
    known(data, _KEYS, "it")
    with within("holidays"):
        kept = data.get("holidays") or {}
        closed = {day_of(day): str(why) for day, why in (kept.get("closed") or {}).items()}
    country = str(kept.get("country") or "")
    with within("holidays", "country"):
        _public_holidays(country, 2000)  # an unknown one is told now, not in a conversation
    with within("organisation"):
        name, zone = str(data["organisation"]["name"]), data["organisation"].get("timezone")
        with within("timezone"):
            timezone = ZoneInfo(str(zone or "Europe/Amsterdam"))
    with within("contact"):
        phone, email, website = (str(data["contact"][each]) for each in _CONTACT)
    with within("opening_hours"):
        week = week_of(data["opening_hours"])
    with within("teams"):
        teams = teams_of(data.get("teams") or (), topics)
    with within("chat"):
        chat = _chat(data.get("chat") or {})
    with within("safety"):
        no_danger = _no_danger(data.get("safety") or {})
    return Organisation(
        name=name,
        timezone=timezone,
        week=week,
        country=country,
        closed=closed,
        phone=phone,
        email=email,
        website=website,
        teams=teams,
        chat=chat,
        topics=topics,
        no_danger=no_danger,
    )


def _chat(data: dict[str, Any]) -> ChatWelcome:
    starters = tuple(map(str, data.get("starters") or ()))
    if any("|" in each for each in starters):
        raise ValueError("a first question of the chat cannot hold a vertical bar")
    return ChatWelcome(str(data.get("intro") or ""), starters)


def _no_danger(data: dict[str, Any]) -> frozenset[Kind]:
    known(data, ("off",), "safety")
    off = [str(each) for each in data.get("off") or ()]
    if lost := next((each for each in off if each not in KINDS), None):
        said = f"safety has no kind {lost!r} to switch off; it has {', '.join(KINDS)}."
        raise Fault(f"{said}{meant(lost, KINDS)}", "off")
    return frozenset(kind for kind in KINDS if kind in off)
