"""Reads conversations that were joined as one, backwards, a page at a time, in order of time."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.store.history import conversation_history, history_page, linked_conversations
from bot.store.history.history_page import HistoryPage, Place
from bot.store.history.linked_conversations import Part

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_TIME: Final = re.compile(r"\d{1,17}", re.ASCII)


@dataclass(frozen=True, slots=True)
class JoinedPlace:
    """The place where a page of joined conversations begins.

    Attributes:
        until: when the first message of the page after it was said (aware); notes of before then
            are on this page.
        places: the place in each conversation that the page after it has messages of.
    """

    until: datetime
    places: tuple[Place, ...]

    def __str__(self) -> str:
        return "~".join((str((self.until - _EPOCH) // _MICROSECOND), *map(str, self.places)))


@dataclass(frozen=True, slots=True)
class JoinedPage:
    """A piece of joined conversations.

    Attributes:
        pages: of each conversation what is in it.
        before: where older messages are; None at the beginning of all.
    """

    pages: tuple[HistoryPage, ...]
    before: JoinedPlace | None


def place(text: str) -> JoinedPlace:
    """The place in a page's link to older messages.

    Raises:
        ValueError: it is none.
    """
    time, *places = text.split("~")
    if not _TIME.fullmatch(time):
        raise ValueError("a joined place begins with a time in microseconds")
    return JoinedPlace(_EPOCH + int(time) * _MICROSECOND, tuple(map(history_page.place, places)))


def parts(conn: Connection, conversation_ids: Iterable[str]) -> tuple[Part, ...]:
    """The parts of several conversations, each once, with all that they go on from."""
    found: dict[str, Part] = {}
    for each in conversation_ids:
        for part in linked_conversations.parts(conn, each):
            known = found.get(part.conversation_id)
            if known is None or known.until < part.until:
                found[part.conversation_id] = part
    return tuple(found.values())


def page(
    conn: Connection, read: Iterable[Part], before: JoinedPlace | None, limit: int
) -> JoinedPage:
    """The newest messages before a place, of all parts together.

    Args:
        conn: a transaction.
        read: the parts that may be read: places in other conversations count for nothing.
        before: the place; None for the newest of all.
        limit: at most so many messages.
    """
    known = {part.conversation_id: part for part in read}
    given = {each.conversation_id: each for each in (before.places if before else ())}
    at: Mapping[str, Place] = {
        name: conversation_history.earliest(
            given.get(name, Place(name)), conversation_history.end(conn, part)
        )
        for name, part in known.items()
    }
    # Of each as many as the page has and one more; merged, so that each keeps its own order.
    sides = [
        [
            (entry.at, name, entry)
            for entry in conversation_history.entries_before(conn, where, limit + 1)
        ]
        for name, where in at.items()
    ]
    merged = list(heapq.merge(*sides, key=lambda each: each[0]))
    kept = merged[-limit:]
    is_more = len(merged) > limit
    since = kept[0][0] if is_more else None
    pages, places = [], []
    for name, part in known.items():
        own = tuple(entry for _, of, entry in kept if of == name)
        until = min(before.until, part.until) if before else part.until
        pages.append(history_page.with_details(conn, name, own, since, until))
        places.append(conversation_history.older(at[name], own))
    earlier = JoinedPlace(kept[0][0], tuple(places)) if is_more else None
    return JoinedPage(tuple(pages), earlier)
