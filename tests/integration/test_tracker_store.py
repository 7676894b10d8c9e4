"""Trackers stay small without forgetting anything that matters."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import delete, func, select
from sqlalchemy.engine import Connection

from bot.core.checkpoint import KEEP_TURNS
from bot.core.tracker_memory import CONVERSATIONS, SECONDS, KeptTracker, KeptTrackers
from bot.core.tracker_store import LoketTrackerStore, Memory, Unwritten
from bot.core.tracker_turns import turns_of
from bot.store.sql.database import Database
from bot.store.sql.tables import events, trackers

DOMAIN = Domain.from_dict(
    {
        "intents": ["greet"],
        "slots": {
            "order_number": {"type": "text", "mappings": [{"type": "custom"}]},
            "tries": {"type": "float", "initial_value": 0, "mappings": [{"type": "custom"}]},
        },
        "forms": {"a_form": {"required_slots": ["order_number"]}},
        "actions": ["action_x"],
    }
)
NAME = "conversation"
TOLD = frozenset({"asked_day", "quoted_passage"})


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for the module."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('db')}/loket.db")
    made.upgrade()
    yield made
    made.dispose()


def store_of(database: Database) -> LoketTrackerStore:
    """A store as a fresh process has it."""
    return LoketTrackerStore(DOMAIN, database)


def turn_events(draw: st.DrawFn, number: int) -> list[Event]:
    """What one turn may add."""
    new: list[Event] = []
    if number == 0 or draw(st.integers(0, 15)) == 0:
        new += [ActionExecuted("action_session_start"), SessionStarted()]
        new += [ActionExecuted("action_listen")]
    new.append(UserUttered(f"bericht {number}", intent={"name": "greet", "confidence": 1.0}))
    for _ in range(draw(st.integers(0, 2))):
        new.append(
            draw(
                st.sampled_from(
                    [
                        SlotSet("order_number", f"PP-{number:06d}"),
                        SlotSet("order_number", None),
                        SlotSet("tries", float(number)),
                        SlotSet("requested_slot", "order_number"),
                        SlotSet("requested_slot", None),
                        ActiveLoop("a_form"),
                        ActiveLoop(None),
                    ]
                )
            )
        )
    new += [ActionExecuted("action_x"), BotUttered(f"antwoord {number}")]
    return [*new, ActionExecuted("action_listen")]


@st.composite
def conversations(draw: st.DrawFn) -> list[list[Event]]:
    """A conversation of up to 60 turns."""
    return [turn_events(draw, number) for number in range(draw(st.integers(1, 60)))]


async def turn(database: Database, new: list[Event], name: str = NAME) -> DialogueStateTracker:
    """One turn in a process of its own: retrieve, add, save, write."""
    store = store_of(database)
    tracker = await store.get_or_create_tracker(name, append_action_listen=False)
    tracker.update_with_events(new, DOMAIN)
    await store.save(tracker)
    unwritten = store.take(name)
    assert unwritten is not None
    with database.begin() as conn:
        unwritten.write(conn)
    return tracker


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(conversation=conversations())
def test_a_short_memory_is_as_good_as_a_long_one(
    database: Database, conversation: list[list[Event]]
) -> None:
    """After any conversation: slots, form and recent turns as with every event replayed."""
    with database.begin() as conn:
        conn.execute(delete(events))
        conn.execute(delete(trackers))
    whole = DialogueStateTracker(NAME, DOMAIN.slots)
    for new in conversation:
        whole.update_with_events([Event.from_parameters(e.as_dict()) for e in new], DOMAIN)
        asyncio.run(turn(database, new))
    kept = asyncio.run(store_of(database).retrieve(NAME))
    assert kept is not None
    assert kept.current_slot_values() == whole.current_slot_values()
    assert kept.active_loop_name == whole.active_loop_name
    assert kept.latest_action_name == "action_listen"
    recent = turns_of(kept.events, TOLD)[-KEEP_TURNS:]
    assert recent == turns_of(whole.events, TOLD)[-len(recent) :]
    assert len(recent) >= min(KEEP_TURNS, len(turns_of(whole.events, TOLD)))


async def test_the_tracker_stays_small_and_the_record_whole(database: Database) -> None:
    """Turn 300 reads no more than turn 30, and every event is in the table."""
    sizes = []
    for number in range(100):
        start: list[Event] = [ActionExecuted("action_session_start"), SessionStarted()]
        heard = UserUttered(f"{number}", intent={"name": "greet", "confidence": 1.0})
        new = [*(start if number == 0 else ()), heard, ActionExecuted("action_listen")]
        tracker = await turn(database, new, "long")
        sizes.append(len(tracker.events))
    assert max(sizes[50:]) <= max(sizes[:50])
    with database.read() as conn:
        count = conn.execute(
            select(func.count()).where(events.c.conversation_id == "long")
        ).scalar_one()
    assert count == 202


async def test_nothing_is_written_before_it_is_asked(database: Database) -> None:
    """`save` alone leaves no trace: a turn that is cut off never happened."""
    store = store_of(database)
    tracker = await store.get_or_create_tracker("cut off")
    tracker.update(UserUttered("hallo"))
    await store.save(tracker)
    assert await store_of(database).retrieve("cut off") is None
    assert store.take("cut off") is not None
    assert store.take("cut off") is None


async def test_what_the_domain_no_longer_knows_is_forgotten(database: Database) -> None:
    """A form and a slot that were removed do not stop the conversation, nor come back."""
    name = "changed content"
    new: list[Event] = [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        ActionExecuted("action_listen"),
        UserUttered("hoi", intent={"name": "greet", "confidence": 1.0}),
        ActiveLoop("a_form"),
        SlotSet("order_number", "PP-100234"),
        SlotSet("requested_slot", "order_number"),
        ActionExecuted("action_listen"),
    ]
    await turn(database, new, name)
    changed = Domain.from_dict(
        {"intents": ["greet"], "slots": {"tries": {"type": "float", "mappings": []}}}
    )
    store = LoketTrackerStore(changed, database)
    tracker = await store.retrieve(name)
    assert tracker is not None
    assert tracker.active_loop_name is None
    assert tracker.get_slot("requested_slot") is None
    assert "order_number" not in tracker.slots
    tracker.update(UserUttered("hallo", intent={"name": "greet", "confidence": 1.0}))
    await store.save(tracker)
    unwritten = store.take(name)
    assert unwritten is not None
    assert [event.type_name for event in unwritten.events] == ["user"]


async def go_on(store: LoketTrackerStore, new: list[Event], name: str) -> Unwritten:
    """One turn of a process that stays, up to its commit."""
    tracker = await store.get_or_create_tracker(name, append_action_listen=False)
    tracker.update_with_events(new, DOMAIN)
    await store.save(tracker)
    unwritten = store.take(name)
    assert unwritten is not None
    return unwritten


def texts(memory: Memory) -> list[str]:
    """What the customer said, as it is remembered."""
    if memory.tracker is not None:
        return [e.text for e in memory.tracker.events if isinstance(e, UserUttered) and e.text]
    return [event["text"] for event in memory.recent if event["event"] == "user"]


def said(text: str) -> list[Event]:
    """A turn in which the customer says something."""
    return [UserUttered(text), ActionExecuted("action_x"), ActionExecuted("action_listen")]


async def test_a_tracker_is_kept_until_the_next_turn_and_handed_out_once(
    database: Database,
) -> None:
    """Two turns must never change the same tracker."""
    store = store_of(database)
    await database.run((await go_on(store, said("een"), "once")).write)
    first = await database.query(store.recall, "once")
    again = await database.query(store.recall, "once")
    assert first.tracker is not None
    assert again.tracker is None
    assert texts(first) == texts(again) == ["een"]


async def test_what_another_process_wrote_is_read(database: Database) -> None:
    """The database decides what holds, also when both have written as much."""
    one, other = store_of(database), store_of(database)
    await database.run((await go_on(one, said("een"), "shared")).write)
    await database.run((await go_on(other, said("twee"), "shared")).write)
    memory = await database.query(one.recall, "shared")
    assert memory.tracker is None
    assert texts(memory) == ["een", "twee"]


async def test_a_turn_that_was_not_committed_is_not_gone_on_with(database: Database) -> None:
    """Another worker does it again, and may get as far with other words."""
    one, other = store_of(database), store_of(database)
    await database.run((await go_on(one, said("een"), "undone")).write)
    lost = await go_on(one, said("weg"), "undone")

    def write_and_fail(conn: Connection) -> None:
        lost.write(conn)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.run(write_and_fail)
    await database.run((await go_on(other, said("twee"), "undone")).write)
    memory = await database.query(one.recall, "undone")
    assert memory.tracker is None
    assert texts(memory) == ["een", "twee"]


async def test_what_was_erased_is_remembered_by_nobody(database: Database) -> None:
    """An erased conversation begins anew."""
    store = store_of(database)
    await database.run((await go_on(store, said("een"), "erased")).write)
    with database.begin() as conn:
        conn.execute(delete(events).where(events.c.conversation_id == "erased"))
        conn.execute(delete(trackers).where(trackers.c.conversation_id == "erased"))
    assert await database.query(store.recall, "erased") == Memory(None)
    assert await store.retrieve("erased") is None


def test_only_so_many_trackers_are_kept_and_only_so_long() -> None:
    """Memory stays what it is, and a customer who is silent is forgotten."""
    now = 0.0
    kept = KeptTrackers(lambda: now)
    for number in range(CONVERSATIONS + 1):
        tracker = DialogueStateTracker(str(number), DOMAIN.slots)
        kept.keep(KeptTracker(tracker, {}, number))
        now += 1.0
    assert len(kept) == CONVERSATIONS
    assert kept.take("0") is None
    newest = kept.take(str(CONVERSATIONS))
    assert newest is not None
    assert newest.seq == CONVERSATIONS
    now += SECONDS - 10.0
    assert kept.take("5") is None
    assert 0 < len(kept) < 10
