"""Chooses how a form with all answers ends: by the values of slots, as rules say. Pure.

A rule for the end of a form may hold for some values alone: `slot_was_set` with `vegan: true`.
Rasa wants every rule of a form to set the same slots, so that two such rules could not be learned
beside those that Loket makes. So the form's outcome tells them apart: `complete 1`, `complete 2`.
What each is for is kept in the domain, which every action gets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.conversation.escape import normalise

#: The slot that holds how the last form ended, and its value when all answers are there.
OUTCOME: Final = "form_outcome"
COMPLETE: Final = "complete"
#: Key in the mapping of that slot that holds the endings by form; as `starting_intents.STARTED_BY`.
ENDINGS: Final = "endings"
#: Stands for any value: a rule that names the slot and no value.
ANY_VALUE: Final = {"any": True}

#: The slots that an ending asks about, with the value that each must have.
Ending = Mapping[str, Any]


def outcome(number: int) -> str:
    """The outcome of a form's ending: its number in the domain, from 1."""
    return f"{COMPLETE} {number}"


def noted(domain: Mapping[str, Any], endings: Mapping[str, Sequence[Ending]]) -> dict[str, Any]:
    """The domain with the endings of forms, and the outcomes by which rules know them.

    Args:
        domain: the assistant's, with the slots that a form's engine needs.
        endings: by form, those that ask about slots.
    """
    slots = domain.get("slots") or {}
    if not endings or OUTCOME not in slots:
        return dict(domain)
    held = slots[OUTCOME]
    first, *rest = held.get("mappings") or [{"type": "custom"}]
    most = max(len(each) for each in endings.values())
    values = [*(held.get("values") or ()), *map(outcome, range(1, most + 1))]
    kept = {form: [dict(each) for each in found] for form, found in endings.items()}
    changed = {
        **held,
        "values": list(dict.fromkeys(values)),
        "mappings": [{**first, ENDINGS: kept}, *rest],
    }
    return {**domain, "slots": {**slots, OUTCOME: changed}}


def chosen(form: str, domain: Mapping[str, Any], slots: Mapping[str, Any]) -> str:
    """The outcome of a form that has all answers; of several that hold, the one that asks most.

    Args:
        form: its name.
        domain: the assistant's, as actions get it.
        slots: the values of slots when it ends.
    """
    held = (domain.get("slots") or {}).get(OUTCOME)
    for mapping in (held.get("mappings") or ()) if isinstance(held, Mapping) else ():
        endings = list(enumerate((mapping.get(ENDINGS) or {}).get(form) or (), 1))
        for number, ending in sorted(endings, key=lambda each: -len(each[1])):
            if holds(ending, slots):
                return outcome(number)
    return COMPLETE


def holds(ending: Ending, slots: Mapping[str, Any]) -> bool:
    """Whether slots have the values that an ending asks for."""
    return all(_is(value, slots.get(slot)) for slot, value in ending.items())


def _is(wanted: Any, value: Any) -> bool:
    if wanted == ANY_VALUE:
        return value is not None
    if wanted is None or value is None:
        return wanted is value
    return bool(wanted == value) or normalise(str(wanted)) == normalise(str(value))
