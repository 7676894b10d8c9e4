"""Whether quotes helped: one vote for each, of the conversation that has it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import delete, func, select

from bot.messages import Author, Notice, Outbound, Quote, Text
from bot.store.conversation import conversations, quote_votes
from bot.store.conversation.quote_votes import QuoteVote
from bot.store.delivery import outbox
from bot.store.sql import tables
from bot.store.sql.database import Database
from tests.support.desk import MINUTE, NOW

QUOTE = Quote("Gratis.", "Gratis.", "Retour", "/kennis/retour#:~:text=Gratis")
DISCLOSURE = Notice("Een AI-assistent.", "disclosure", "1")
HOUR = timedelta(hours=1)


def said(database: Database, who: str, *messages: Outbound) -> tuple[str, list[int]]:
    """A conversation in which this was said: its id, and those of the messages."""
    with database.begin() as conn:
        talk = conversations.open_(conn, "webchat", who, NOW).id
        replies: list[tuple[Author, Outbound]] = [
            ("bot", DISCLOSURE),
            *(("bot", each) for each in messages),
        ]
        rows = outbox.add(conn, talk, None, replies, NOW)
    return talk, [row.id for row in rows[1:]]


def test_the_last_word_counts(database: Database) -> None:
    """Once for each quote; the same word again is no later one."""
    talk, (first, second) = said(database, "anna", QUOTE, QUOTE)
    words = ((first, True, 1), (second, True, 2), (first, False, 3), (first, False, 90))
    with database.begin() as conn:
        for quote, helpful, minutes in words:
            at = NOW + minutes * MINUTE
            assert quote_votes.give(conn, talk, quote, at, helpful=helpful)
        found = quote_votes.between(conn, NOW, NOW + HOUR, 9)
        assert found == tuple(QuoteVote("Retour", QUOTE.url, each) for each in (False, True))
        assert len(quote_votes.between(conn, NOW, NOW + HOUR, 1)) == 1
        assert quote_votes.between(conn, NOW, NOW + 2 * MINUTE, 9) == ()
        assert len(quote_votes.between(conn, NOW + 3 * MINUTE, NOW + HOUR, 9)) == 1


def test_only_quotes_of_the_conversation(database: Database) -> None:
    """Neither another customer's, nor what is no quote, nor what is not there."""
    talk, (quote, text) = said(database, "anna", QUOTE, Text("Dag"))
    other, _ = said(database, "bert", Text("Dag"))
    with database.begin() as conn:
        assert not quote_votes.give(conn, other, quote, NOW, helpful=True)
        assert not quote_votes.give(conn, talk, text, NOW, helpful=True)
        assert not quote_votes.give(conn, talk, text + 99, NOW, helpful=True)
        assert quote_votes.between(conn, NOW, NOW + HOUR, 9) == ()


def test_two_taps_at_once_are_one_vote(database: Database, other: Database) -> None:
    """Of two tabs."""
    talk, (quote,) = said(database, "anna", QUOTE)

    def give(number: int) -> bool:
        with (database, other)[number % 2].begin() as conn:
            return quote_votes.give(conn, talk, quote, NOW, helpful=number % 2 == 0)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(give, range(8)))
    with database.read() as conn:
        query = select(func.count()).select_from(tables.quote_votes)
        assert conn.execute(query).scalar_one() == 1


def test_votes_go_with_their_conversation(database: Database) -> None:
    """One delete erases them; those of others stay."""
    (gone, (quote,)), (stays, (kept,)) = (
        said(database, "anna", QUOTE),
        said(database, "bert", QUOTE),
    )
    with database.begin() as conn:
        assert quote_votes.give(conn, gone, quote, NOW, helpful=True)
        assert quote_votes.give(conn, stays, kept, NOW, helpful=False)
        conn.execute(delete(tables.conversations).where(tables.conversations.c.id == gone))
        left = conn.execute(select(tables.quote_votes.c.outbox_id)).scalars().all()
    assert left == [kept]
