"""The canned answers that a project brings along, in `data/answers.yml`, and those that fit a talk.

At a start those of the file that never were in the database come into it, each once by its kind
and title; from then on supervisors change them in the browser, and the file's words do not count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot import yaml_faults
from bot.desk.conversations import canned_wording, placeholders
from bot.desk.conversations.reply_limits import MAX_REPLY
from bot.errors import ConfigurationError
from bot.organisation import Organisation
from bot.store.desk import canned_answers
from bot.store.desk.canned_answers import CannedAnswer, Kind, Wording

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

FILE: Final = Path("data") / "answers.yml"
_LISTS: Final[Mapping[str, Kind]] = {"answers": "answer", "closings": "closing"}


@dataclass(frozen=True, slots=True)
class CannedReply:
    """A canned answer of the file.

    Attributes:
        kind: where it is used.
        said: what it says.
    """

    kind: Kind
    said: Wording


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
        if unknown := [name for name in content if name not in _LISTS]:
            raise KeyError(unknown[0])
        return tuple(
            CannedReply(kind, _wording(each))
            for name, kind in _LISTS.items()
            for each in content.get(name) or ()
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(f"{FILE} lacks or misplaces {error}.") from error


def check(replies: Sequence[CannedReply], organisation: Organisation) -> None:
    """Checks that answers of the file name teams and placeholders that exist.

    Raises:
        ConfigurationError: one names another.
    """
    teams, known = [team.id for team in organisation.teams], placeholders.known(organisation)
    for said in (each.said for each in replies):
        for team in said.teams:
            if team not in teams:
                raise ConfigurationError(
                    f"{FILE}: “{said.title}” is for team {team}, which data/organisation.yml "
                    f"does not have; it has {', '.join(teams)}."
                )
        for name in placeholders.inside(said.text):
            if name not in known:
                braced = ", ".join(f"{{{each}}}" for each in known)
                raise ConfigurationError(
                    f"{FILE}: “{said.title}” has {{{name}}}; what is filled in: {braced}."
                )


def bring(conn: Connection, replies: Sequence[CannedReply], now: datetime) -> int:
    """Brings those of the file that never were there into the database; returns how many.

    Args:
        conn: a write transaction.
        replies: the file's.
        now: the present.
    """
    there, count = canned_answers.origins(conn), 0
    for each in replies:
        if (each.kind, each.said.title) not in there:
            origin = each.said.title
            added = canned_answers.add(conn, each.kind, each.said, None, now, origin=origin)
            count += added is not None
    return count


def usable(
    answers: Sequence[CannedAnswer], kind: Kind, team: str, found: Mapping[str, str]
) -> tuple[Wording, ...]:
    """The canned answers for a team's conversation, with what is known filled in.

    Args:
        answers: all that are in use.
        kind: where they are to be used.
        team: id of the conversation's team.
        found: values of placeholders, as `placeholders.values` gives them.
    """
    return tuple(
        Wording(each.now.title, each.now.word, placeholders.fill(each.now.text, found))
        for each in answers
        if each.kind == kind and (not each.now.teams or team in each.now.teams)
    )


def _wording(data: Any) -> Wording:
    title, text = str(data["title"]).strip(), str(data["text"]).strip()
    word = str(data.get("word") or "").strip() or None
    if not title or not text:
        raise ConfigurationError(f"{FILE}: every answer needs a title and a text.")
    if len(text) > MAX_REPLY:
        raise ConfigurationError(f"{FILE}: “{title}” is longer than {MAX_REPLY} characters.")
    if word and not canned_wording.WORD.fullmatch(word):
        raise ConfigurationError(
            f"{FILE}: “{title}” has the word {word}; small letters, digits and hyphens only, "
            f"at most {canned_wording.LONGEST_WORD}."
        )
    return Wording(title, word, text, tuple(map(str, data.get("teams") or ())))
