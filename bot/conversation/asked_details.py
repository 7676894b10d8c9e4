"""What a whole message asks to know of how the organisation is reached. Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.conversation import contact_questions
from bot.conversation.contact_questions import Detail
from bot.conversation.escape import normalise
from bot.conversation.escape_words import FILLER
from bot.conversation.leaving_queue import leaving
from bot.conversation.thanks_and_greetings import is_thanks_or_greeting
from bot.dutch import clauses

#: "Ik wil geen terugbelverzoek": what is not wanted asks nothing.
_DECLINES: Final = re.compile(r"\b(geen|gin|niet|nie)\b")
#: More of a message than this is not read.
_READ: Final = 2000


def details_in(text: str) -> frozenset[Detail]:
    """What a customer asks to know of how the organisation is reached; empty: nothing.

    Args:
        text: what the customer typed.
    """
    return frozenset(
        detail
        for clause in clauses.cut(text[:_READ])
        for detail in contact_questions.of_clause(normalise(clause.text))
    )


def only_details(text: str) -> frozenset[Detail]:
    """The same of a message that asks nothing else; empty when it does.

    Args:
        text: what the customer typed.
    """
    asked: set[Detail] = set()
    for clause in clauses.cut(text[:_READ]):
        plain = normalise(clause.text)
        found = contact_questions.of_clause(plain)
        asked |= found
        if not found and not _asks_nothing(clause.text, plain):
            return frozenset()
    return frozenset(asked)


def _asks_nothing(clause: str, plain: str) -> bool:
    """Whether a clause beside a question adds none."""
    polite = set(plain.split()) <= FILLER or is_thanks_or_greeting(clause)
    return polite or _DECLINES.search(plain) is not None or leaving(clause) is not None
