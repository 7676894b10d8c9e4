"""What policies see of a conversation's slots, kept up to date one slot at a time."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from rasa.shared.core.domain import Domain, SubState
from rasa.shared.core.slots import Slot


class _Features(Domain):
    """Stands in for a domain, for Rasa's own way to tell the features of slots."""

    def __init__(self) -> None:
        """Needs nothing of a domain but a method."""

    def of(self, slots: dict[str, Slot]) -> SubState:
        """The features of those among these slots that have any."""
        features: SubState = self._get_slots_sub_state(SimpleNamespace(slots=slots))
        return features


_FEATURES = _Features()


class SlotFeatures:
    """The features of a domain's slots.

    Attributes:
        initial: features of the slots as a conversation begins; not to be changed.
    """

    def __init__(self, slots: Sequence[Slot]) -> None:
        """Works out how a conversation begins.

        Args:
            slots: a domain's; they are not changed.
        """
        self._slots = {slot.name: copy.copy(slot) for slot in slots if _may_have_features(slot)}
        for slot in self._slots.values():
            slot.reset()
        self.initial: SubState = _FEATURES.of(self._slots)

    def filled(self, features: SubState, name: str, value: Any) -> SubState:
        """The features after one slot was filled, or emptied.

        Args:
            features: those before; not changed.
            name: of the slot; one that the domain does not have is passed over, as a tracker does.
            value: what it holds now.
        """
        slot = self._slots.get(name)
        if slot is None:  # the domain does not have it, or policies never see it
            return features
        slot.value = value
        found = _FEATURES.of({name: slot}).get(name)
        slot.reset()  # holds nothing of a customer's between two calls
        if features.get(name) == found:
            return features
        others = {each: feature for each, feature in features.items() if each != name}
        return others if found is None else {**others, name: found}


def _may_have_features(slot: Slot) -> bool:
    """Whether policies may ever see this slot; one with code of its own might change its mind."""
    return slot.influence_conversation or type(slot).as_feature is not Slot.as_feature


_last: tuple[Sequence[Slot], SlotFeatures] | None = None


def features_of(slots: Sequence[Slot]) -> SlotFeatures:
    """The features of these slots; the same object for the same slots.

    Args:
        slots: `Domain.slots`; a process has one domain, so that only the last one is kept.
    """
    global _last  # noqa: PLW0603 - a cache of one, by identity: slots cannot be hashed
    if _last is None or _last[0] is not slots:
        _last = slots, SlotFeatures(slots)
    return _last[1]
