"""The stack of tasks that were set aside."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.paused_tasks import MOST, PausedTask, pushed, read, stored, without
from bot.topics.topic import ProofSlots

PROOF = ProofSlots(
    claim="card", answer="postcode", proved="proved", noted_claim="noted", noted_answer="noted_2"
)
TASKS = st.builds(
    PausedTask,
    st.sampled_from(["a_form", "b_form", "c_form", "d_form", "e_form"]),
    st.none() | st.just("day"),
    st.dictionaries(st.sampled_from(["day", "card"]), st.integers()),
)


def test_keeps_what_was_given() -> None:
    """Checked answers and those of the proof; never a yes to a summary."""
    slots = {
        "checked_slots": ["day", "confirmed"], "day": "2026-12-04", "confirmed": "yes",
        "card": "L-1", "postcode": None, "other": 3, "requested_slot": "reason",
    }  # fmt: skip
    task = PausedTask.of("visit_form", slots, [PROOF])
    assert task.values == {"day": "2026-12-04", "card": "L-1"}
    assert (task.slot, task.checked) == ("reason", ("day",))


@given(st.lists(TASKS, max_size=12))
def test_a_stack_stays_small_and_survives_a_slot(tasks: list[PausedTask]) -> None:
    """One a form, the newest last, and the same after it was stored."""
    stack: tuple[PausedTask, ...] = ()
    for task in tasks:
        stack = pushed(stack, task)
        assert stack[-1] == task
        assert len({each.form for each in stack}) == len(stack) <= MOST
    assert read(stored(stack)) == stack
    for task in tasks:
        assert all(each.form != task.form for each in without(stack, task.form))
