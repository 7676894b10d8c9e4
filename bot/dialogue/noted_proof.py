"""Keeps the data of a proof of identity that came without a question, for the task that asks it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa_sdk.events import SlotSet

from bot.dialogue.identity_proof import Proof
from bot.dialogue.task import proofs


def noted(entities: Mapping[str, Any], slots: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Events that keep the data of a proof; none for an answer without anything claimed.

    Args:
        entities: the values in a message, by name.
        slots: the tracker's.
    """
    proof = _of(entities)
    if proof is None:
        return []
    claimed = entities.get(proof.claim.slot) or slots.get(proof.noted_claim)
    if claimed is None:
        return []
    answer = entities.get(proof.answer.slot)
    return [SlotSet(proof.noted_claim, claimed), SlotSet(proof.noted_answer, answer)]


def claimed_in(entities: Iterable[str]) -> bool:
    """Whether values of these names claim something that is to be proved."""
    named = set(entities)
    return any(each.claim.slot in named for each in proofs())


def _of(entities: Mapping[str, Any]) -> Proof | None:
    """The proof of identity that values belong to, or None."""
    named = set(entities)
    return next((each for each in proofs() if named & {each.claim.slot, each.answer.slot}), None)
