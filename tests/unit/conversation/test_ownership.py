"""Who owns a conversation: every event on every owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.ownership import ARRIVAL, TABLE, Event, Impossible, possible, step, transition
from bot.messages import Owner

OWNERS: tuple[Owner, ...] = get_args(Owner)
EVENTS: tuple[Event, ...] = get_args(Event)
NO = "impossible"
# fmt: off
EXPECTED = {
    # event:      bot       queued    human     closed
    "hand_over": ("queued", "queued", "human",  "queued"),
    "take":      (NO,       "human",  NO,       NO),
    "release":   (NO,       NO,       "queued", NO),
    "transfer":  (NO,       "queued", "queued", NO),
    "reply":     (NO,       NO,       "human",  NO),
    "close":     (NO,       "closed", "closed", NO),
    "resume":    (NO,       "bot",    "bot",    NO),
    "write":     ("bot",    "queued", "human",  "bot"),
    "expire":    (NO,       "queued", NO,       NO),
    "reassign":  (NO,       NO,       "human",  NO),
    "wipe":      (NO,       "closed", NO,       NO),
    "leave":     ("closed", "closed", "closed", "closed"),
    "arrive":        ("bot",    NO,   NO,       "bot"),
    "arrive_queued": ("queued", NO,   NO,       "queued"),
    "arrive_human":  ("human",  NO,   NO,       "human"),
}
# fmt: on


@dataclass(frozen=True)
class Talk:
    """Something with an owner."""

    id: str
    owner: Owner


PAIRS = [(owner, event) for owner in OWNERS for event in EVENTS]


@pytest.mark.parametrize(("owner", "event"), PAIRS)
def test_every_event_on_every_owner(owner: Owner, event: Event) -> None:
    """It leads where the table says, or is refused by name."""
    expected = EXPECTED[event][OWNERS.index(owner)]
    assert possible(owner, event) == (expected != NO)
    if expected != NO:
        assert step(owner, event) == expected
        return
    with pytest.raises(Impossible) as refused:
        step(owner, event)
    assert (refused.value.owner, refused.value.event) == (owner, event)


def test_the_table_knows_every_owner_and_event() -> None:
    """Nothing is left out, nothing is there that cannot happen."""
    assert set(TABLE) == set(OWNERS)
    assert set(EXPECTED) == set(EVENTS) == {event for row in TABLE.values() for event in row}


@pytest.mark.parametrize("owner", OWNERS)
def test_a_customer_can_always_write_and_reach_a_person(owner: Owner) -> None:
    """Rule of the product: no state is a dead end for the customer."""
    assert possible(owner, "write")
    assert step(owner, "hand_over") in ("queued", "human")


@given(st.lists(st.sampled_from(EVENTS)))
def test_only_a_hand_over_brings_a_person(events: list[Event]) -> None:
    """However events come, nobody is put in the queue who did not ask or was not handed over."""
    owner: Owner = "bot"
    asked = False
    for event in events:
        if not possible(owner, event):
            continue
        owner = step(owner, event)
        called = event in ("hand_over", "arrive_queued", "arrive_human")
        asked = called or (asked and owner in ("queued", "human"))
        assert asked == (owner in ("queued", "human"))


@given(st.sampled_from(OWNERS), st.sampled_from(OWNERS))
def test_a_conversation_that_goes_on_elsewhere(old: Owner, here: Owner) -> None:
    """It is closed where it was, and has the same owner where it arrives.

    Nothing arrives where somebody waits or is helped.
    """
    assert step(old, "leave") == "closed"
    if here in ("queued", "human"):
        assert not possible(here, ARRIVAL[old])
        return
    assert step(here, ARRIVAL[old]) == ("bot" if old == "closed" else old)


@given(st.sampled_from(OWNERS), st.sampled_from(EVENTS))
def test_a_transition_changes_the_owner_and_nothing_else(owner: Owner, event: Event) -> None:
    """The rest of a conversation is not the state machine's."""
    talk = Talk("a", owner)
    if not possible(owner, event):
        with pytest.raises(Impossible):
            transition(talk, event)
        return
    assert transition(talk, event) == Talk("a", step(owner, event))


def test_no_loop_of_hand_overs() -> None:
    """After closing the next message is the bot's, and stays the bot's."""
    owner = step("human", "close")
    for _ in range(5):
        owner = step(owner, "write")
        assert owner == "bot"
