"""Tasks that were set aside: a stack in a slot, the newest last, each with all that was given.

A task is set aside when another takes its place, or a person. It comes back when the customer asks
for it again, and is offered when what took its place is done. Pure, but for the events.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from rasa_sdk.events import ActiveLoop, SlotSet

from bot.dialogue.declined_options import SLOT as DECLINED
from bot.topics.topic import ProofSlots

#: The slot with the stack.
SLOT: Final = "paused_tasks"
#: So many tasks are kept; of more the oldest is forgotten.
MOST: Final = 3


@dataclass(frozen=True, slots=True)
class PausedTask:
    """A task that was set aside.

    Attributes:
        form: name of its form.
        slot: the slot that was asked for, or None.
        values: the answers that were given, by slot.
        checked: the slots of those that were checked and fit.
    """

    form: str
    slot: str | None
    values: Mapping[str, Any] = field(default_factory=dict)
    checked: tuple[str, ...] = ()

    @classmethod
    def of(cls, form: str, slots: Mapping[str, Any], proofs: Iterable[ProofSlots]) -> PausedTask:
        """The task of a form as the slots hold it.

        Args:
            form: its name.
            slots: the tracker's.
            proofs: the assistant's; their answers go along, also when they were not checked yet.
        """
        checked = tuple(slots.get("checked_slots") or ())
        proving = (slot for proof in proofs for slot in (proof.claim, proof.answer))
        names = dict.fromkeys((*checked, *proving, DECLINED))
        values = {name: slots[name] for name in names if slots.get(name) is not None}
        values.pop("confirmed", None)
        kept = tuple(name for name in checked if name in values)
        return cls(form, slots.get("requested_slot"), values, kept)

    def as_json(self) -> dict[str, Any]:
        """The task as plain data, for a slot."""
        return {
            "form": self.form,
            "slot": self.slot,
            "values": dict(self.values),
            "checked": list(self.checked),
        }


def read(held: Any) -> tuple[PausedTask, ...]:
    """The tasks in the slot's value, the newest last."""
    return tuple(
        PausedTask(
            str(each["form"]), each.get("slot"), each.get("values") or {},
            tuple(each.get("checked") or ()),
        )
        for each in held or ()
    )  # fmt: skip


def pushed(stack: Sequence[PausedTask], task: PausedTask) -> tuple[PausedTask, ...]:
    """The stack with a task on top; of one form there is one, the newest."""
    return (*(each for each in stack if each.form != task.form), task)[-MOST:]


def without(stack: Sequence[PausedTask], form: str) -> tuple[PausedTask, ...]:
    """The stack without the task of a form."""
    return tuple(each for each in stack if each.form != form)


def forgetting(stack: Sequence[PausedTask], slots: Collection[str]) -> tuple[PausedTask, ...]:
    """The stack without the answers in these slots, which are then asked again."""
    return tuple(
        replace(
            each,
            values={name: value for name, value in each.values.items() if name not in slots},
            checked=tuple(name for name in each.checked if name not in slots),
        )
        for each in stack
    )


def stored(stack: Sequence[PausedTask]) -> list[dict[str, Any]] | None:
    """The slot's value for a stack."""
    return [each.as_json() for each in stack] or None


def resume(tracker: Any, domain: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """Events that bring back the newest task, whose form then asks whether to go on with it.

    Args:
        tracker: rasa-sdk's tracker.
        domain: the assistant's; a form that it no longer has is passed over.

    Returns:
        None when no task was set aside.
    """
    stack = read(tracker.get_slot(SLOT))
    known = [each for each in stack if each.form in (domain.get("forms") or {})]
    if not known:
        return None
    task = known[-1]
    return [
        ActiveLoop(task.form),
        *(SlotSet(name, value) for name, value in task.values.items()),
        SlotSet("checked_slots", list(task.checked)),
        SlotSet("requested_slot", task.slot),
        SlotSet("resume_asked", "now"),
        SlotSet(SLOT, stored(without(known, task.form))),
    ]
