"""What a new session remembers of the one before it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import channel_switch_code
from bot.conversation.slot_carryover import carried

NAMES = ("card", "birthday", "proved_cards", "weeks", "refusals", "topic", "requested_slot")
slots = st.fixed_dictionaries(
    {"checked_slots": st.lists(st.sampled_from(NAMES))},
    optional={name: st.sampled_from([None, 1, "x"]) for name in NAMES},
)
some = st.frozensets(st.sampled_from(NAMES))


@given(slots, some, st.booleans())
def test_no_fleeting_slot_survives_a_pause(
    held: dict[str, Any], fleeting: frozenset[str], running: bool
) -> None:
    """Nor does it count as answered; the rest is kept as it was, and bookkeeping is not."""
    kept = carried(held, fleeting, running=running)
    assert not fleeting & (set(kept) | set(kept.get("checked_slots", ())))
    assert "refusals" not in kept
    assert running or "topic" not in kept
    for name in {"card", "birthday", "proved_cards", "weeks"} - fleeting:
        assert kept.get(name) == held.get(name)


@given(slots, some)
def test_nothing_personal_goes_to_another_channel(
    held: dict[str, Any], personal: frozenset[str]
) -> None:
    """Neither as a slot nor as an event of the past."""
    kept = channel_switch_code.without_proof(held, personal)
    assert not personal & (set(kept) | set(kept.get("checked_slots", ())))
    for name, value in held.items():
        event = channel_switch_code.event_without_proof(
            {"event": "slot", "name": name, "value": value}, personal
        )
        if name == "checked_slots":
            assert not personal & set(event["value"])
        elif name in personal:
            assert event["value"] is None
        else:
            assert event["value"] == value
