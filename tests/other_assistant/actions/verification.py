"""Who is asking: a library card and its owner's year of birth, before anything personal."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Any

from actions.backends import loans, office
from bot.dialogue.identity_proof import Proof
from bot.dialogue.questions import Question


def _year(text: str) -> str | None:
    """The one year of birth in a text, or None."""
    found = set(re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", text))
    return found.pop() if len(found) == 1 else None


class CardProof(Proof):
    """The year in which the owner of a card was born."""

    claim = Question("library_card", sure=True)
    answer = Question("birth_year", parse=_year)
    labels = MappingProxyType({"library_card": "Pasnummer"})

    async def is_right(self, claim: str, answer: str) -> bool:
        """Whether the owner of the card was born in that year.

        Raises:
            SQLAlchemyError: the library's database cannot be reached.
        """
        return bool(await office.query(loans.belongs, claim, answer))


CARD = CardProof()


def proved_card(tracker: Any) -> str:
    """The card whose loans an action may show or renew.

    Raises:
        PermissionError: who is asking is not known; a rule or story calls the action too early.
    """
    return CARD.proved_claim(tracker)
