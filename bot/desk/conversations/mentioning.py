"""Finds the colleagues whom a note mentions: "@" and the name that customers see, in any case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from bot import near_names
from bot.catalogue import say
from bot.desk.conversations.visibility import Visibility
from bot.desk.errors import Unusable
from bot.store.desk import agents
from bot.store.desk.agents import Agent

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: What may stand before the "@" of a mention; anything else is an e-mail address.
_BEFORE = " \t\n\r(,;:"
#: What is shown of a name that nobody has.
_NAME: Final = re.compile(r"[^\W\d_][\w-]*")


def mentioned(text: str, people: Iterable[Agent]) -> tuple[Agent, ...]:
    """The people whom a text mentions, each once; of names that begin alike the longest counts.

    People of one name are all mentioned. An e-mail address mentions nobody.
    """
    said = text.casefold()
    known = [(each.name.casefold(), each) for each in people]
    found: list[Agent] = []
    for at in _signs(said):
        fit = [(name, each) for name, each in known if _stands(said, at + 1, name)]
        longest = max((len(name) for name, _ in fit), default=0)
        found += [each for name, each in fit if len(name) == longest]
    return tuple(dict.fromkeys(found))


def unknown(text: str, people: Iterable[Agent]) -> str | None:
    """The first word behind an "@" that is the beginning of nobody's name; None without one."""
    said = text.casefold()
    known = [each.name.casefold() for each in people]
    for at in _signs(said):
        word = _NAME.match(text, at + 1)
        if word and not any(_stands(said, at + 1, name) for name in known):
            return word[0]
    return None


def checked(
    conn: Connection, visibility: Visibility, conversation_id: str, agent: Agent, text: str
) -> tuple[int, ...]:
    """The ids of the colleagues whom a note mentions, without its writer.

    Raises:
        Unusable: one of them may not read the conversation: a mention lets nobody in; or there is
            nobody of that name, who would never see it.
    """
    if "@" not in text:
        return ()
    active = [each.agent for each in agents.everyone(conn) if each.active]
    if (nobody := unknown(text, active)) is not None:
        names = [each.name for each in active if each.id != agent.id]
        meant = near_names.near(nobody.casefold(), (each.casefold() for each in names))
        meant = next((each for each in names if each.casefold() == meant), "")
        if meant:
            raise Unusable(say("desk.refused.mention_near", name=nobody, near=meant))
        raise Unusable(say("desk.refused.mention_unknown", name=nobody))
    found = [each for each in mentioned(text, active) if each.id != agent.id]
    for each in found:
        if not visibility.may_see(conn, each, conversation_id):
            raise Unusable(say("desk.refused.mentioned", name=each.name))
    return tuple(each.id for each in found)


def _signs(said: str) -> Iterator[int]:
    """The places of the "@" that begin a mention."""
    for at, sign in enumerate(said):
        if sign == "@" and (not at or said[at - 1] in _BEFORE):
            yield at


def _stands(said: str, at: int, name: str) -> bool:
    """Whether a name stands in a text at a place, as whole words."""
    end = at + len(name)
    return bool(name) and said.startswith(name, at) and not said[end : end + 1].isalnum()
