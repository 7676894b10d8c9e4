"""Reads the agents' canned replies, by team, from `data/answers.yml`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot import yaml_faults
from bot.desk.conversations.reply_limits import MAX_REPLY
from bot.errors import ConfigurationError

FILE: Final = Path("data") / "answers.yml"
#: Stands for the name of the agent who answers.
NAME: Final = "{naam_medewerker}"


@dataclass(frozen=True, slots=True)
class CannedReply:
    """A canned answer.

    Attributes:
        title: a few words to find it by.
        text: what is said; `NAME` stands for the agent's name.
        teams: ids of the teams that use it; empty for all.
    """

    title: str
    text: str
    teams: tuple[str, ...] = ()


@cache
def load(root: Path) -> tuple[CannedReply, ...]:
    """The canned answers of a project, in the order of the file; none without the file.

    Args:
        root: the project's folder.

    Raises:
        ConfigurationError: the file is wrong; the message says what and where.
    """
    try:
        content = YAML(typ="safe").load((root / FILE).read_text(encoding="utf-8")) or {}
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ConfigurationError(f"{FILE} cannot be read: {error.strerror}.") from error
    except YAMLError as error:
        raise ConfigurationError(yaml_faults.fault(str(FILE), error)) from error
    try:
        return tuple(_answer(each) for each in content["answers"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(f"{FILE} lacks or misplaces {error}.") from error


def known_teams(answers: Sequence[CannedReply], teams: Sequence[str]) -> None:
    """Checks that answers name teams that exist.

    Raises:
        ConfigurationError: one names another.
    """
    for answer in answers:
        for team in answer.teams:
            if team not in teams:
                raise ConfigurationError(
                    f"{FILE}: “{answer.title}” is for team {team}, which data/organisation.yml "
                    f"does not have; it has {', '.join(teams)}."
                )


def usable(answers: Sequence[CannedReply], team: str, name: str) -> tuple[CannedReply, ...]:
    """The canned replies for a team's conversation, with the agent's name filled in.

    Args:
        answers: all of them.
        team: id of the conversation's team.
        name: the agent's name.
    """
    return tuple(
        CannedReply(each.title, each.text.replace(NAME, name), each.teams)
        for each in answers
        if not each.teams or team in each.teams
    )


def _answer(data: Any) -> CannedReply:
    title, text = str(data["title"]).strip(), str(data["text"]).strip()
    if not title or not text:
        raise ConfigurationError(f"{FILE}: every answer needs a title and a text.")
    if len(text) > MAX_REPLY:
        raise ConfigurationError(f"{FILE}: “{title}” is longer than {MAX_REPLY} characters.")
    unknown = [word for word in _placeholders(text) if word != NAME]
    if unknown:
        raise ConfigurationError(f"{FILE}: “{title}” has {unknown[0]}; only {NAME} is filled in.")
    return CannedReply(title, text, tuple(map(str, data.get("teams") or ())))


def _placeholders(text: str) -> list[str]:
    return [f"{{{part.split('}')[0]}}}" for part in text.split("{")[1:]]
