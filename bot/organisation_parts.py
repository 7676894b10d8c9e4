"""Reads parts of `data/organisation.yml`: teams, hours and days; says where a fault stands."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from bot.conversation.opening_hours import OpenHours
from bot.conversation.routing import Team
from bot.near_names import meant
from bot.topics.topics import Topics

#: The one team of everybody, when no teams are listed.
EVERYBODY = Team("algemeen", "Klantenservice", default=True)
_TEAM_KEYS = ("id", "name", "default", "hours")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Fault(Exception):
    """Something is wrong in the file.

    Attributes:
        path: where, in names of fields and places in lists.
    """

    def __init__(self, said: str, *path: str | int) -> None:
        super().__init__(said)
        self.path = path


@contextlib.contextmanager
def within(*path: str | int) -> Iterator[None]:
    """Says of a fault where in the file it is."""
    try:
        yield
    except Fault as fault:
        raise Fault(str(fault), *path, *fault.path) from fault
    except ZoneInfoNotFoundError as error:
        said = str(error).strip("'\"")
        raise Fault(f"{said}. An example: Europe/Amsterdam.", *path) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise Fault(f"this lacks or misplaces {error}.", *path) from error
    except (ValueError, NotImplementedError) as error:
        raise Fault(f"{error}.", *path) from error


def known(data: Mapping[str, Any], keys: Sequence[str], what: str) -> None:
    """Refuses unknown keys, which would be passed over without a word.

    Raises:
        Fault: there is an unknown key.
    """
    if lost := [str(key) for key in data if key not in keys]:
        said = f"{what} has {lost[0]!r}, which is none of {', '.join(keys)}."
        raise Fault(f"{said}{meant(lost[0], keys)}", lost[0])


def teams_of(data: Sequence[dict[str, Any]], topics: Topics) -> tuple[Team, ...]:
    """The teams with the topics that name them; without a list everybody is one."""
    if not data:
        return (EVERYBODY,)
    teams = tuple(_team(each, place, topics) for place, each in enumerate(data))
    defaults = [team.id for team in teams if team.default]
    if len(defaults) != 1:
        raise ValueError(
            "exactly one team needs `default: true`, for what no other answers; "
            f"now {' and '.join(defaults) or 'none'} has it"
        )
    ids = [team.id for team in teams]
    if double := next((each for each in ids if ids.count(each) > 1), None):
        last = len(ids) - 1 - ids[::-1].index(double)
        raise Fault(f"team {double!r} is there twice; each belongs in one place.", last)
    return teams


def _team(data: dict[str, Any], place: int, topics: Topics) -> Team:
    with within(place):
        team_id = str(data["id"])
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,31}", team_id):
            said = f"{team_id!r} is no id of a team; use small letters, at most 32."
            raise Fault(said, "id")
        known(data, _TEAM_KEYS, f"team {team_id!r}")
        hours, default = data.get("hours"), bool(data.get("default", False))
        with within("hours"):
            week = None if hours is None else week_of(hours)
        return Team(
            id=team_id,
            name=str(data["name"]),
            topics=topics.of_team(team_id, default=default),
            week=week,
            default=default,
        )


def week_of(data: dict[str, Any]) -> dict[int, OpenHours]:
    """The hours of a week, 0 for Monday, from names of days with two times each."""
    return {_weekday(name): _span(name, pair) for name, pair in data.items()}


def _weekday(name: str) -> int:
    if name not in _WEEKDAYS:
        said = f"{name!r} is not a weekday; use {', '.join(_WEEKDAYS)}."
        raise Fault(f"{said}{meant(str(name), _WEEKDAYS)}", str(name))
    return _WEEKDAYS.index(name)


def _span(day: str, pair: Any) -> OpenHours:
    with within(day):
        if not isinstance(pair, list) or len(pair) != 2:
            raise ValueError('opening hours are two quoted times, like ["9:00", "18:00"]')
        return OpenHours(_time(pair[0]), _time(pair[1]))


def _time(text: Any) -> time:
    found = re.fullmatch(r"(\d{1,2})[:.](\d\d)", str(text))
    if found is None:
        raise ValueError(f'{text!r} is not a time; write it quoted, like "9:00"')
    return time(int(found[1]), int(found[2]))


def day_of(value: Any) -> date:
    """A day, as YAML read it or as a text."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))
