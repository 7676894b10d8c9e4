"""Finds conversations by words that were said, noted or given in them.

The databases keep indexes of words (migration 0015): FTS5 on SQLite, GIN on PostgreSQL. What the
assistant says is the same in every conversation and is not in them. A word is found by its
beginning, without regard for capitals and accents; all words of a question must stand in one
conversation, not in one message.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import bindparam, func, select, text

from bot.records.handover_record import Handover
from bot.store.handover import handovers
from bot.store.sql.column_types import UtcTime
from bot.store.sql.tables import callbacks, inbox, notes, outbox
from bot.store.sql.tables import handovers as handovers_table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.sql import Select
    from sqlalchemy.sql.selectable import TextualSelect

Source = Literal["inbox", "outbox", "notes", "handovers", "callbacks"]

#: Most rows of one source that are looked at for one word, the newest: a word that stands in more
#: is too common to find an old conversation by.
MOST_ROWS: Final = 2000
#: Most matches of one word that PostgreSQL reads to find the newest among them.
_MOST_READ: Final = 50_000


@dataclass(frozen=True, slots=True)
class Term:
    """Something to look for.

    Attributes:
        spellings: how it may be written: the words of each, which follow each other there. The last
            one is the beginning of a word.
    """

    spellings: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """Where something was found.

    Attributes:
        at: when it was said or noted (UTC).
        source: the table.
        row: its id there.
    """

    at: datetime
    source: Source
    row: int


@dataclass(frozen=True, slots=True)
class Found:
    """Conversations that were found.

    Attributes:
        hits: the newest hit of each, by the conversation's id; newest first.
        cut: whether a word stands in so many messages that older ones were not looked at.
    """

    hits: Mapping[str, Hit]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """A table whose words are looked up."""

    source: Source
    at: str
    words: str  # as in the index of PostgreSQL, literally
    only: str = ""


_PLACES: Final = (
    _Place("inbox", "received_at", "text"),
    _Place("outbox", "created_at", "coalesce(content ->> 'text', '')", " AND author = 'human'"),
    _Place("notes", "created_at", "text"),
    _Place("handovers", "created_at", "coalesce(settled, '') || ' ' || loket_summary(summary)"),
    _Place("callbacks", "created_at", "name || ' ' || contact || ' ' || question"),
)


def _sqlite(place: _Place) -> TextualSelect:
    table = place.source
    # CROSS JOIN keeps the order: the index of words first, newest rows first.
    return text(
        f"SELECT found.conversation_id, found.{place.at} AS at, found.id FROM {table}_words"  # noqa: S608 - constants
        f" CROSS JOIN {table} AS found ON found.id = {table}_words.rowid"
        f" WHERE {table}_words MATCH :asked ORDER BY {table}_words.rowid DESC LIMIT :limit"
    ).columns(at=UtcTime)


def _postgresql(place: _Place) -> TextualSelect:
    # OFFSET 0 keeps the planner from walking the rows newest first, which reads them all for a
    # word that nobody said.
    return text(
        f"SELECT conversation_id, at, id FROM (SELECT conversation_id, {place.at} AS at, id"  # noqa: S608 - constants
        f" FROM {place.source} WHERE loket_words({place.words}) @@ to_tsquery('simple', :asked)"
        f"{place.only} OFFSET 0 LIMIT {_MOST_READ}) AS found ORDER BY id DESC LIMIT :limit"
    ).columns(at=UtcTime)


_STATEMENTS: Final[Mapping[str, Sequence[tuple[Source, TextualSelect]]]] = {
    "sqlite": [(each.source, _sqlite(each)) for each in _PLACES],
    "postgresql": [(each.source, _postgresql(each)) for each in _PLACES],
}
_h = handovers_table.c
_HANDED = (
    select(_h.conversation_id, _h.created_at, _h.id)
    .where(_h.created_at >= bindparam("since"), _h.created_at < bindparam("until"))
    .order_by(_h.created_at.desc(), _h.id.desc())
    .limit(bindparam("limit"))
)
_OF: Any = bindparam("ids", expanding=True)
# Two statements: joined, PostgreSQL may read all hand-overs for a few.
_NEWEST_IDS = (
    select(func.max(_h.id)).where(_h.conversation_id.in_(_OF)).group_by(_h.conversation_id)
)
_NEWEST = select(*handovers.COLUMNS).where(_h.id.in_(_OF))
_TEXTS: Final[Mapping[Source, Select]] = {
    "inbox": select(inbox.c.id, inbox.c.text).where(inbox.c.id.in_(_OF)),
    "outbox": select(outbox.c.id, outbox.c.content).where(outbox.c.id.in_(_OF)),
    "notes": select(notes.c.id, notes.c.text).where(notes.c.id.in_(_OF)),
    "handovers": select(_h.id, func.coalesce(_h.settled, "")).where(_h.id.in_(_OF)),
    "callbacks": select(callbacks.c.id, callbacks.c.question).where(callbacks.c.id.in_(_OF)),
}


def by_words(conn: Connection, terms: Sequence[Term]) -> Found:
    """The conversations in which every term stands.

    Args:
        conn: a transaction.
        terms: at least one.
    """
    statements, spelled = _STATEMENTS[conn.dialect.name], _QUERIES[conn.dialect.name]
    together: dict[str, Hit] | None = None
    cut = False
    for term in terms:
        of_term: dict[str, Hit] = {}
        for source, statement in statements:
            values = {"asked": spelled(term), "limit": MOST_ROWS}
            rows = conn.execute(statement, values).all()
            cut = cut or len(rows) == MOST_ROWS
            for conversation_id, at, row in rows:
                _keep(of_term, conversation_id, Hit(at, source, row))
        if together is not None:
            shared = of_term.keys() & together.keys()
            of_term = {each: _newer(together[each], of_term[each]) for each in shared}
        together = of_term
        if not together:
            break
    return Found(_sorted(together or {}), cut)


def by_period(conn: Connection, since: datetime, until: datetime) -> Found:
    """The conversations that were handed to a person in a period, newest first.

    Args:
        conn: a transaction.
        since: its first moment.
        until: the first moment after it.
    """
    hits: dict[str, Hit] = {}
    values = {"since": since, "until": until, "limit": MOST_ROWS}
    rows = conn.execute(_HANDED, values).all()
    for conversation_id, at, row in rows:
        _keep(hits, conversation_id, Hit(at, "handovers", row))
    return Found(_sorted(hits), len(rows) == MOST_ROWS)


def newest_handovers(conn: Connection, ids: Sequence[str]) -> Mapping[str, Handover]:
    """The newest hand-over of each of these conversations that has one."""
    if not ids:
        return {}
    newest = conn.execute(_NEWEST_IDS, {"ids": list(ids)}).scalars().all()
    found = map(handovers.from_row, conn.execute(_NEWEST, {"ids": newest}))
    return {each.conversation_id: each for each in found}


def texts(conn: Connection, hits: Iterable[Hit]) -> Mapping[Hit, str]:
    """The words of each hit."""
    by_source: dict[Source, dict[int, Hit]] = {}
    for hit in hits:
        by_source.setdefault(hit.source, {})[hit.row] = hit
    found: dict[Hit, str] = {}
    for source, rows in by_source.items():
        for row, said in conn.execute(_TEXTS[source], {"ids": sorted(rows)}):
            found[rows[row]] = str(said.get("text", "")) if isinstance(said, dict) else str(said)
    return found


def _fts5(term: Term) -> str:
    return " OR ".join(f'"{" ".join(words)}"*' for words in term.spellings)


def _tsquery(term: Term) -> str:
    return " | ".join(
        "(" + " <-> ".join(f"'{word}'" for word in words) + ":*)" for words in term.spellings
    )


_QUERIES: Final = {"sqlite": _fts5, "postgresql": _tsquery}


def _keep(hits: dict[str, Hit], conversation_id: str, hit: Hit) -> None:
    known = hits.get(conversation_id)
    hits[conversation_id] = hit if known is None else _newer(known, hit)


def _newer(one: Hit, other: Hit) -> Hit:
    return one if one.at >= other.at else other


def _sorted(hits: Mapping[str, Hit]) -> Mapping[str, Hit]:
    return dict(sorted(hits.items(), key=lambda each: each[1].at, reverse=True))
