"""The acts of supervisors with canned answers. Each is one transaction; a refusal is Dutch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, get_args

from bot.catalogue import say
from bot.desk.conversations import act_rules, placeholders
from bot.desk.conversations.reply_limits import MAX_REPLY
from bot.desk.errors import Unknown, Unusable
from bot.organisation import Organisation
from bot.store.desk import canned_answers
from bot.store.desk.canned_answers import CannedAnswer, Kind, Wording

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.store.desk.agents import Agent

#: Most characters of a title: one line of a list.
LONGEST_TITLE: Final = 80
#: Most characters of the word after the slash, as the column is wide.
LONGEST_WORD: Final = 32
#: What is typed after a slash.
WORD: Final = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{LONGEST_WORD - 1}}}")


def kind(given: str) -> Kind:
    """The kind of this name.

    Raises:
        Unusable: there is no such kind.
    """
    return act_rules.one_of(get_args(Kind), given, "desk_answers.no_kind")


def wording(
    title: str, word: str, text: str, teams: Sequence[str], of: Kind, organisation: Organisation
) -> Wording:
    """The wording that was typed.

    Args:
        title: a few words to find it by.
        word: what brings it up, with or without the slash; may be empty.
        text: what is said.
        teams: ids of teams; empty for all.
        of: the kind of canned answer.
        organisation: says which placeholders there are.

    Raises:
        Unusable: something is missing, too long, or not known.
    """
    called = " ".join(title.split())
    if not called or len(called) > LONGEST_TITLE or not called.isprintable():
        raise Unusable(say("desk_answers.title_form", most=LONGEST_TITLE))
    brings = word.strip().lower().removeprefix("/")
    if brings and not WORD.fullmatch(brings):
        raise Unusable(say("desk_answers.word_form", most=LONGEST_WORD))
    said = "\n".join(line.rstrip() for line in text.strip().splitlines())
    most = MAX_REPLY if of == "answer" else act_rules.MAX_SETTLED
    if not said:
        raise Unusable(say("desk_answers.no_text"))
    if len(said) > most:
        raise Unusable(say("desk.refused.too_long", over=len(said) - most, most=most))
    known = placeholders.known(organisation)
    for name in placeholders.inside(said):
        if name not in known:
            raise Unusable(say("desk_answers.unknown", name=f"{{{name}}}"))
    return Wording(called, brings or None, said, tuple(teams))


def find(conn: Connection, number: int) -> CannedAnswer:
    """The canned answer with this id.

    Raises:
        Unknown: there is none.
    """
    try:
        return canned_answers.get(conn, number)
    except LookupError as error:
        raise Unknown(say("desk_answers.gone")) from error


def add(conn: Connection, of: Kind, said: Wording, by: Agent, now: datetime) -> int:
    """Keeps a new one; returns its id.

    Raises:
        Unusable: its word brings up another one.
    """
    _check_word(conn, of, said.word)
    number = canned_answers.add(conn, of, said, by.id, now)
    assert number is not None
    return number


def change(conn: Connection, number: int, said: Wording, by: Agent, now: datetime) -> None:
    """Gives one other words; the same words again change nothing.

    Raises:
        Unknown: there is none of this id.
        Unusable: its word brings up another one.
    """
    before = find(conn, number)
    if before.now == said:
        return
    if before.retired_at is None:
        _check_word(conn, before.kind, said.word, but=number)
    canned_answers.change(conn, number, said, by.id, now)


def bring_back(conn: Connection, number: int, version: int, by: Agent, now: datetime) -> None:
    """Has one say again what it said in an earlier version; that is a version of its own.

    Raises:
        Unknown: there is none of this id, or no such version.
        Unusable: its word of then brings up another one now.
    """
    found = [each for each in canned_answers.versions(conn, number) if each.id == version]
    if not found:
        raise Unknown(say("desk_answers.gone"))
    change(conn, number, found[0].said, by, now)


def retire(conn: Connection, number: int, now: datetime) -> None:
    """Takes one out of use; its versions stay.

    Raises:
        Unknown: there is none of this id.
    """
    find(conn, number)
    canned_answers.retire(conn, number, now)


def restore(conn: Connection, number: int) -> None:
    """Puts one into use again.

    Raises:
        Unknown: there is none of this id.
        Unusable: its word brings up another one by now.
    """
    before = find(conn, number)
    _check_word(conn, before.kind, before.now.word, but=number)
    canned_answers.retire(conn, number, None)


def _check_word(conn: Connection, of: Kind, word: str | None, but: int | None = None) -> None:
    if word is None:
        return
    for each in canned_answers.all_(conn, used=True):
        if each.kind == of and each.now.word == word and each.id != but:
            raise Unusable(say("desk_answers.word_taken", word=word, title=each.now.title))
