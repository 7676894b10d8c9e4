"""Questions of agents to the pages: the web process asks, a worker answers, which has the model.

One for a conversation at a time; it is gone as soon as its answer has been read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select, update

from bot.store.sql.column_types import storable
from bot.store.sql.dialect_statements import NO_ROW, backwards
from bot.store.sql.tables import inbox, page_questions

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: What is rung when there is one, and when one is answered.
ASKED: Final = "pages"
#: Most questions that a worker takes at once.
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """A question that nobody answered yet.

    Attributes:
        conversation_id: the conversation.
        key: tells it from an earlier one of that conversation.
        texts: what to look up, the likeliest first.
    """

    conversation_id: str
    key: str
    texts: tuple[str, ...]


_q = page_questions.c
_LAST = backwards(select(inbox.c.text), inbox.c.conversation_id, inbox.c.id)


def ask(conn: Connection, conversation_id: str, key: str, texts: Sequence[str]) -> None:
    """Ask, in place of what was asked for this conversation before.

    Args:
        conn: a write transaction that has locked the conversation.
        conversation_id: the conversation.
        key: 32 characters that are this question's own.
        texts: what to look up.
    """
    conn.execute(delete(page_questions).where(_q.conversation_id == conversation_id))
    values = {"conversation_id": conversation_id, "key": key, "texts": [*map(storable, texts)]}
    conn.execute(insert(page_questions), values)


def open_ones(conn: Connection) -> tuple[PageQuestion, ...]:
    """The questions that nobody answered yet."""
    query = select(_q.conversation_id, _q.key, _q.texts).where(_q.answer.is_(None)).limit(_MOST)
    return tuple(
        PageQuestion(where, key, tuple(texts)) for where, key, texts in conn.execute(query)
    )


def answer(conn: Connection, question: PageQuestion, found: Mapping[str, Any]) -> None:
    """Answer a question, unless another one has taken its place.

    Args:
        conn: a write transaction.
        question: the question.
        found: in JSON, `passage` that answers it for sure, a `bot.knowledge.answering.Passage`; or
            `maybe`, several that may, and `near`, references of others
            (`bot.knowledge.answering.referred`), each the likeliest first.
    """
    this = (_q.conversation_id == question.conversation_id, _q.key == question.key)
    conn.execute(update(page_questions).where(*this).values(answer=dict(found)))


def read(conn: Connection, conversation_id: str, key: str) -> Mapping[str, Any] | None:
    """The answer to a question, or None: there is none yet."""
    this = (_q.conversation_id == conversation_id, _q.key == key)
    found: Mapping[str, Any] | None = conn.execute(select(_q.answer).where(*this)).scalar()
    return found


def forget(conn: Connection, conversation_id: str, key: str) -> None:
    """Forget a question, answered or not."""
    this = (_q.conversation_id == conversation_id, _q.key == key)
    conn.execute(delete(page_questions).where(*this))


def last_heard(conn: Connection, conversation_id: str) -> str:
    """What the customer wrote last; empty for nothing."""
    where = {"conversation": conversation_id, "before": NO_ROW, "limit": 1}
    return conn.execute(_LAST, where).scalar() or ""
