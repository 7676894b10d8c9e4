"""Recognises words of a customer who may be in danger; never left to a classifier."""

from __future__ import annotations

import re

from bot.conversation.escape import normalise

_CRISIS = re.compile(
    r"\b(wil|wou|zou|hoef) (\w+ ){0,4}niet (meer|langer) (verder )?leven\b|"
    r"\b(ik wil|wil ik|ik zou|liever) (\w+ ){0,3}(dood|doodgaan|sterven)\b|"
    r"\bzelfmoord\w*|\bzelfdoding\w*|\bsuicid\w*|"
    r"\b(maak|maken|stap|stappen) (\w+ ){0,3}(er ?een eind(e)? aan|uit het leven)\b|"
    r"\been eind(e)? (\w+ ){0,2}(maken )?aan mijn leven\b|"
    r"\bmijn leven (heeft geen zin|is niets? waard)|\bmezelf (iets aandoen|van kant|doden)\b"
)


def is_crisis(text: str) -> bool:
    """Whether a message speaks of suicide.

    Args:
        text: the customer's words.
    """
    return _CRISIS.search(normalise(text)) is not None
