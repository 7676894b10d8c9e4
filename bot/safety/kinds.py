"""The kinds of danger that Loket answers before anything else, and what follows on each."""

from __future__ import annotations

from typing import Final, Literal, get_args

from bot.catalogue import say

Kind = Literal["self_harm", "child", "gas", "fire", "electricity", "battery", "violence", "fraud"]
#: All kinds; of two in one message the first is answered.
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
#: Kinds in which a person follows unasked; with the others one is offered.
TO_PERSON: Final[frozenset[Kind]] = frozenset({"self_harm", "child", "violence"})
#: The name of what is no danger, among examples.
INNOCENT: Final = "innocent"


def answer_to(kind: Kind) -> str:
    """What a customer is told at once: an organisation may say it in other words (`safety.*`)."""
    return say(f"safety.{kind}")
