"""Conversations, hand-overs, ratings, disclosures and timers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from bot.messages import Inbound, Notice, Quote, RemoteFile, Text
from bot.records.conversation import Conversation
from bot.records.handover_record import Handover
from bot.records.outbox_message import OutboxMessage
from bot.records.site_customer import SiteCustomer
from bot.store.conversation import (
    channel_switch_codes,
    conversations,
    customer_links,
    disclosures,
    quote_votes,
    ratings,
)
from bot.store.delivery import delivery_planning, outbox
from bot.store.desk import (
    agents,
    drafts,
    external_desk_links,
    mentions,
    page_questions,
    planned_replies,
    viewers,
)
from bot.store.handover import callbacks, handovers, notes
from bot.store.handover.callbacks import CallbackRequest
from bot.store.identity import network_origins, private_number_requests, site_customers
from bot.store.sql.database import Database
from bot.store.sql.tables import conversations as conversations_table
from bot.store.sql.tables import metadata
from bot.store.sql.tables import outbox as outbox_table
from bot.store.worker import claims, inbox, next_claim, timers
from bot.store.worker.timers import Timer
from tests.support.turns import claimant

T = TypeVar("T")
NOW = datetime(2026, 11, 2, 9, 0, 0, 500, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
#: Tables whose rows are no conversation's.
APART = {
    "addresses",
    "agents",
    "canned_answers",
    "canned_versions",
    "desk_sessions",
    "events",
    "heartbeats",
    "identity_attempts",
    "identity_tallies",
    "optouts",
    "trackers",
    "write_checks",
}


def opened(database: Database, address: str = "anna") -> Conversation:
    with database.begin() as conn:
        return conversations.open_(conn, "webchat", address, NOW)


def at_once(times: int, what: Callable[[int], T]) -> list[T]:
    start = Barrier(times)

    def run(number: int) -> T:
        start.wait()
        return what(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_a_conversation_begins_with_the_bot(database: Database) -> None:
    """It is found by address and by id, and not found otherwise."""
    conversation = opened(database)
    assert conversation == Conversation(
        conversation.id, "webchat", "anna", "bot", 0, False, 0, False, NOW, None, None
    )
    with database.read() as conn:
        assert conversations.find(conn, "webchat", "anna") == conversation
        assert conversations.get(conn, conversation.id) == conversation
        assert conversations.find(conn, "sms", "anna") is None
        with pytest.raises(LookupError, match="no conversation"):
            conversations.get(conn, "0" * 32)
    assert opened(database) == conversation


def test_a_conversation_opened_at_once_is_one(database: Database, other: Database) -> None:
    """Whoever comes first makes it."""
    assert len({one.id for one in at_once(16, lambda n: opened((database, other)[n % 2]))}) == 1


def test_saving_keeps_what_came_in_meanwhile(database: Database) -> None:
    """State is written; the times of the last messages belong to inbox and outbox."""
    stale = opened(database)
    with database.begin() as conn:
        inbox.accept(conn, Inbound("webchat", "anna", "m1", "hoi"), NOW + MINUTE)
        outbox.add(conn, stale.id, None, [("human", Text("dag"))], NOW + 2 * MINUTE)
    changed = replace(
        stale,
        owner="queued",
        session=2,
        disclosed=True,
        turns_since_disclosure=3,
        rating_asked=True,
    )
    with database.begin() as conn:
        conversations.save(conn, changed)
        assert conversations.get(conn, stale.id, lock=True) == replace(
            changed, last_inbound_at=NOW + MINUTE, last_outbound_at=NOW + 2 * MINUTE
        )


def test_changes_under_a_lock_do_not_get_lost(database: Database, other: Database) -> None:
    """Twenty that read, add one and save make twenty."""
    conversation = opened(database)

    def count(number: int) -> None:
        with (database, other)[number % 2].begin() as conn:
            found = conversations.get(conn, conversation.id, lock=True)
            conversations.save(conn, replace(found, session=found.session + 1))

    at_once(20, count)
    assert opened(database).session == 20


def test_an_unknown_owner_is_refused(database: Database) -> None:
    """By the database itself."""
    conversation = opened(database)
    with pytest.raises(IntegrityError), database.begin() as conn:
        conversations.save(conn, replace(conversation, owner="nobody"))  # type: ignore[arg-type]


def test_one_handover_is_open_at_most(database: Database, other: Database) -> None:
    """Asked again, also at the same moment, it is the same; closed, the next is a new one."""
    conversation = opened(database)
    summary = {"question": "waar is mijn pakket é", "steps": [1, None, {"a": True}]}

    def hand_over(number: int) -> Handover:
        with (database, other)[number % 2].begin() as conn:
            return handovers.open_(conn, conversation.id, "asked", "return_item", summary, NOW)

    assert len({one.id for one in at_once(10, hand_over)}) == 1
    with database.begin() as conn:
        again = handovers.open_(conn, conversation.id, "loop", "other", {}, NOW + MINUTE)
        assert again == Handover(
            again.id, conversation.id, "asked", "return_item", summary, NOW, queued_at=NOW
        )
        assert handovers.waiting(conn) == (again,)
        assert handovers.close(conn, conversation.id, "closed", NOW + MINUTE)
        assert not handovers.close(conn, conversation.id, "closed", NOW + MINUTE)
        assert handovers.waiting(conn) == ()
        new = handovers.open_(conn, conversation.id, "loop", "", {}, NOW + MINUTE)
        assert new.id > again.id
        assert new.reason == "loop"


def test_handovers_wait_in_line(database: Database) -> None:
    """Longest waiting first."""
    ids = [opened(database, address).id for address in ("carla", "anna", "bert")]
    with database.begin() as conn:
        for number, conversation_id in enumerate(ids):
            handovers.open_(conn, conversation_id, "asked", "", {}, NOW + number * MINUTE)
        assert [one.conversation_id for one in handovers.waiting(conn)] == ids


def test_a_rating_may_be_changed_once(database: Database) -> None:
    """The same score again uses up nothing; after the change it stays."""
    conversation = opened(database)

    def give(score: int, minutes: int) -> ratings.Outcome:
        with database.begin() as conn:
            return ratings.give(conn, conversation.id, 0, "bot", score, NOW + minutes * MINUTE)

    with database.read() as conn:
        assert ratings.given(conn, conversation.id, 0, "bot") is None
    assert [give(2, 0), give(2, 1), give(5, 2), give(5, 3), give(1, 4)] == [
        "given",
        "given",
        "changed",
        "final",
        "final",
    ]
    with database.read() as conn:
        kept = ratings.given(conn, conversation.id, 0, "bot")
    assert kept == ratings.Rating(5, 1, NOW, NOW + 2 * MINUTE)


def test_ratings_are_per_session_and_subject(database: Database) -> None:
    """Bot and human are rated apart, each session anew."""
    conversation = opened(database)
    with database.begin() as conn:
        assert ratings.give(conn, conversation.id, 0, "bot", 1, NOW) == "given"
        assert ratings.give(conn, conversation.id, 0, "human", 2, NOW) == "given"
        assert ratings.give(conn, conversation.id, 1, "bot", 3, NOW) == "given"
        human = ratings.given(conn, conversation.id, 0, "human")
    assert human is not None
    assert human.score == 2


def test_ratings_at_once(database: Database, other: Database) -> None:
    """Of many different scores at once, one is given and one is its change."""
    conversation = opened(database)

    def give(number: int) -> ratings.Outcome:
        with (database, other)[number % 2].begin() as conn:
            return ratings.give(conn, conversation.id, 0, "bot", number + 1, NOW)

    assert sorted(at_once(5, give)) == ["changed", "final", "final", "final", "given"]


def test_a_score_is_one_to_five(database: Database) -> None:
    """The database refuses others."""
    conversation = opened(database)
    with pytest.raises(IntegrityError), database.begin() as conn:
        ratings.give(conn, conversation.id, 0, "bot", 6, NOW)


def test_disclosures_are_on_record(database: Database) -> None:
    """In order, and also after the conversation is gone."""
    later = NOW + MINUTE
    conversation, other = opened(database), opened(database, "bert")
    with database.begin() as conn:
        for version, text, at in (("1", "U praat met een AI.", NOW), ("2", "Nog steeds.", later)):
            notice = Notice(text, "disclosure", version)
            outbox.add(conn, conversation.id, None, [("bot", notice)], at)
        outbox.add(conn, other.id, None, [("bot", Notice("x", "disclosure", "1"))], NOW)
        conn.execute(delete(conversations_table))
        assert disclosures.of(conn, conversation.id) == (
            disclosures.Disclosure(conversation.id, "webchat", "1", "U praat met een AI.", NOW),
            disclosures.Disclosure(conversation.id, "webchat", "2", "Nog steeds.", later),
        )


def test_a_timer_is_set_replaced_and_cancelled(database: Database) -> None:
    """One a kind for each conversation."""
    conversation = opened(database)
    with database.begin() as conn:
        timers.set_(conn, conversation.id, "rating", NOW)
        timers.set_(conn, conversation.id, "rating", NOW + 2 * MINUTE)
        timers.set_(conn, conversation.id, "retention", NOW + MINUTE)
        assert timers.due(conn, NOW) == ()
        timers.cancel(conn, conversation.id, "retention")
        timers.cancel(conn, conversation.id, "retention")
        assert timers.due(conn, NOW + 2 * MINUTE) == (
            Timer(conversation.id, "rating", NOW + 2 * MINUTE),
        )
        assert timers.due(conn, NOW + 2 * MINUTE) == ()


def test_timers_come_in_order_up_to_the_limit(database: Database) -> None:
    """Earliest first; what is left stays."""
    ids = [opened(database, str(number)).id for number in range(5)]
    with database.begin() as conn:
        for number, conversation_id in enumerate(ids):
            timers.set_(conn, conversation_id, "rating", NOW - number * MINUTE)
        taken = timers.due(conn, NOW, limit=2)
        assert [timer.conversation_id for timer in taken] == [ids[4], ids[3]]
        assert len(timers.due(conn, NOW)) == 3


def test_timers_of_one_conversation(database: Database) -> None:
    """The first of them is known, and they are taken alone."""
    one, other = opened(database, "1").id, opened(database, "2").id
    with database.begin() as conn:
        assert timers.next_due(conn, one) is None
        timers.set_(conn, other, "rating", NOW - MINUTE)
        timers.set_(conn, one, "rating", NOW + MINUTE)
        timers.set_(conn, one, "retention", NOW)
        assert timers.next_due(conn, one) == NOW
        assert timers.due(conn, NOW, conversation_id=one) == (Timer(one, "retention", NOW),)
        assert timers.next_due(conn, one) == NOW + MINUTE
        assert len(timers.due(conn, NOW)) == 1


def test_timers_are_taken_once(database: Database, other: Database) -> None:
    """Eight takers at once share forty timers; a taker that fails gives them back."""
    for number in range(40):
        conversation = opened(database, str(number))
        with database.begin() as conn:
            timers.set_(conn, conversation.id, "rating", NOW)

    def fail() -> None:
        with database.begin() as conn:
            assert len(timers.due(conn, NOW)) == 40
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    def take(number: int) -> list[str]:
        taken: list[str] = []
        for _ in range(20):
            with (database, other)[number % 2].begin() as conn:
                taken += [timer.conversation_id for timer in timers.due(conn, NOW, limit=3)]
        return taken

    taken = [one for part in at_once(8, take) for one in part]
    assert len(taken) == 40
    assert len(set(taken)) == 40


def test_timers_wait_for_claimed_conversations(database: Database) -> None:
    """They neither fire nor wake anybody before the claim ends and the customer has an answer."""
    with database.begin() as conn:
        accepted = inbox.accept(conn, Inbound("webchat", "anna", "m1", "hoi"), NOW)
        timers.set_(conn, accepted.conversation_id, "rating", NOW)
        work = next_claim.claim(conn, claimant(NOW))
        assert work is not None
        assert timers.due(conn, NOW) == ()
        claims.release(conn, work.claim)
        assert next_claim.claim(conn, claimant(NOW)) is not None
        assert timers.due(conn, NOW + MINUTE) == ()  # its lease is over, the message still waits
        inbox.done(conn, accepted.inbox_id, NOW, None)
        assert len(timers.due(conn, NOW + MINUTE)) == 1


def test_everything_goes_with_its_conversation(database: Database) -> None:
    """One delete erases what hangs on it, but for the record of disclosures."""
    gone, stays = opened(database), opened(database, "bert")
    with database.begin() as conn:
        for conversation in (gone, stays):
            address, photo = conversation.address, (RemoteFile("photo"),)
            came = Inbound("webchat", address, address, "hoi", attachment="image", files=photo)
            number = inbox.accept(conn, came, NOW).inbox_id
            quote = Quote("Gratis.", "Gratis.", "Retour", "/kennis/retour")
            (said,) = outbox.add(conn, conversation.id, number, [("human", quote)], NOW)
            quote_votes.give(conn, conversation.id, said.id, NOW, helpful=True)
            delivery_planning.plan(
                conn,
                conversation.channel,
                [conversation.id],
                lambda messages: [delivery_planning.Planned((messages[0].id,), [{}])],
                NOW,
                timedelta(),
            )
            handover = handovers.open_(conn, conversation.id, "asked", "", {}, NOW)
            asks = agents.add(conn, conversation.address, "Samira", "agent", (), NOW)
            note = notes.add(conn, conversation.id, None, "let op", NOW)
            mentions.add(conn, conversation.id, note, [asks.id], NOW)
            viewers.looks(conn, conversation.id, asks.id, NOW)
            private_number_requests.add(conn, conversation.id, handover.id, asks.id, "iban", NOW)
            network_origins.saw(conn, conversation.id, "0" * 64, NOW)
            site_customers.told(conn, conversation.id, SiteCustomer("k-1", "Anna"), NOW)
            callbacks.add(
                conn,
                CallbackRequest(conversation.id, "a", "", "Anna", "0612345678", "nu", "?"),
                NOW,
            )
            channel_switch_codes.add(
                conn, conversation.id * 2, conversation.id, "sms", NOW, NOW + MINUTE
            )
            external_desk_links.open_(conn, handover.id, conversation.id, "chatwoot", "open", NOW)
            ratings.give(conn, conversation.id, 0, "bot", 3, NOW)
            timers.set_(conn, conversation.id, "rating", NOW)
            drafts.keep(conn, conversation.id, asks.id, "Dag", NOW)
            page_questions.ask(conn, conversation.id, "a" * 32, ["retour"])
            planned_replies.add(conn, conversation.id, asks.id, "k", "Dag", NOW, NOW)
            number = conn.execute(select(outbox_table.c.id)).scalars().all()[-1]
            notice = Notice("x", "disclosure", "1")
            said = OutboxMessage(number, conversation.id, None, "bot", notice, NOW, "queued")
            disclosures.record(conn, "webchat", said, NOW)
        customer_links.add(conn, gone.id, stays.id, "", "gebeld", asks.id, NOW)
        conn.execute(delete(conversations_table).where(conversations_table.c.id == gone.id))
        left = {"disclosures": 2, "customer_links": 0}
        for table in metadata.sorted_tables:
            if table.name in APART:
                continue
            rows = conn.execute(select(func.count()).select_from(table)).scalar_one()
            assert rows == left.get(table.name, 1), table.name
