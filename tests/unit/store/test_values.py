"""The parts of the store that need no database."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Inbound, Text
from bot.records.inbox_message import InboxMessage
from bot.records.outbox_message import OutboxMessage
from bot.store.history.timeline import merge, parse_cursor
from bot.store.notify.notifier_keys import MOST_KEYS, Keys, sendable
from bot.store.sql.column_types import storable
from bot.store.sql.tables import metadata

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def received(number: int, at: int) -> InboxMessage:
    return InboxMessage(number, Inbound("sms", "a", str(number), "x"), NOW + at * SECOND)


def said(number: int, at: int) -> OutboxMessage:
    return OutboxMessage(number, "c", None, "bot", Text("x"), NOW + at * SECOND, "queued")


@given(st.text())
def test_storable_text_is_text(text: str) -> None:
    """It can be encoded, keeps its length, and changes no character it need not change."""
    kept = storable(text)
    kept.encode()
    assert "\0" not in kept
    assert all(new in (old, "\ufffd") for new, old in zip(kept, text, strict=True))
    assert storable(kept) == kept


def test_unstorable_characters_are_replaced() -> None:
    """NUL, and surrogates that stand alone."""
    assert storable("a\0b\ud800c\udfffd") == "a\ufffdb\ufffdc\ufffdd"


@given(st.lists(st.integers(0, 5), max_size=8), st.lists(st.integers(0, 5), max_size=8))
def test_merging_keeps_each_side_s_order(mine: list[int], theirs: list[int]) -> None:
    """Whatever the clocks say; each cursor says how far both sides were read."""
    left = [received(number, at) for number, at in enumerate(mine, start=10)]
    right = [said(number, at) for number, at in enumerate(theirs, start=20)]
    entries = list(merge(left, right, 9, 19))
    assert [entry.inbound for entry in entries if entry.inbound] == left
    assert [entry.outbound for entry in entries if entry.outbound] == right
    read = (9, 19)
    for entry in entries:
        inbound, outbound = entry.inbound, entry.outbound
        read = (inbound.id if inbound else read[0], outbound.id if outbound else read[1])
        assert parse_cursor(entry.cursor) == read


@given(st.lists(st.integers(0, 5), max_size=8), st.lists(st.integers(0, 5), max_size=8))
def test_merging_sides_in_order_gives_order(mine: list[int], theirs: list[int]) -> None:
    """Of time, the customer first among equals."""
    left = [received(number, at) for number, at in enumerate(sorted(mine))]
    right = [said(number, at) for number, at in enumerate(sorted(theirs))]
    keys = [(entry.at, entry.author != "customer") for entry in merge(left, right, 0, 0)]
    assert keys == sorted(keys)


def test_keys_that_fit() -> None:
    """One line of ASCII; everything else rings for anybody."""
    assert sendable("0f" * 16) == "0f" * 16
    assert [sendable(key) for key in ("", "a\nb", "é", "a" * 201)] == ["", "", "", ""]


async def test_too_many_keys_become_one() -> None:
    """Memory stays small when nobody waits."""
    keys = Keys()
    for number in range(MOST_KEYS + 5):
        keys.add(str(number))
    assert await keys.wait(1) == ""
    assert await keys.wait(0.01) is None


async def test_a_ring_during_a_wait_ends_it() -> None:
    """Once."""
    keys = Keys()
    asyncio.get_running_loop().call_later(0.01, keys.add, "a")
    assert await keys.wait(5) == "a"
    assert await keys.wait(0) is None


def test_every_table_says_whether_it_is_personal() -> None:
    """Export, erasure and retention go by it."""
    assert {table.name for table in metadata.sorted_tables if not table.info["personal"]} == {
        "agents",
        "canned_answers",
        "canned_versions",
        "desk_sessions",
        "desk_views",
        "disclosures",
        "heartbeats",
        "identity_attempts",
        "identity_tallies",
        "mentions",
        "timers",
        "write_checks",
    }
