"""Reads a score in the customer's own words, while a rating is asked. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.messages import Outbound, RatingRequest

#: A digit typed longer after the question than this answers something else. A tap stays a tap.
WINDOW: Final = timedelta(minutes=30)

#: Smileys, each with the score that it means.
_SMILEYS: Final = {
    "😡": 1, "😠": 1, "👎": 1, "😞": 2, "🙁": 2, "☹": 2, "😐": 3, "😶": 3,
    "🙂": 4, "😊": 4, "👍": 4, "😀": 5, "😃": 5, "😄": 5, "😍": 5,
}  # fmt: skip
_WORDS: Final = {
    "nul": 0, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5,
    "zes": 6, "zeven": 7, "acht": 8, "negen": 9, "tien": 10,
}  # fmt: skip
#: "4", "een vier", "4 sterren", "ik geef een 4", "4 van de 5", and a reason behind it: "2 want het
#: duurde lang". A number that counts something ("2 dozen zijn kapot") is none.
_SCORE: Final = re.compile(
    r"(?:(?:ik )?geef (?:(?:je|jou|jullie|u|hem|haar|het) )?(?:een )?|een |cijfer:? |score:? |"
    r"doe maar (?:een )?)?"
    r"(?P<number>\d{1,2}(?:[.,]\d)?|" + "|".join(_WORDS) + r"|een(?= ster))"
    r"(?: ?/ ?5\b| (?:van de|uit|op) (?:de )?5\b)?(?: (?:sterren|ster|punten|punt)\b)?"
    r"(?:$| *(?:[,.;:!?)-]+(?!\d)|"
    r" (?:want|omdat|maar|vanwege|dus|voor|hoor|graag|aub|dank\w*)\b))"
)


def answerable(
    said: Sequence[tuple[datetime, Outbound]], at: datetime, *, tapped: bool
) -> tuple[Outbound, ...]:
    """The shown messages that a reply can answer: for words, no rating that was asked long ago.

    Args:
        said: what the customer was looking at, and since when.
        at: when the message came in.
        tapped: whether it is a tap rather than words.
    """
    return tuple(
        message
        for since, message in said
        if tapped or not isinstance(message, RatingRequest) or at - since <= WINDOW
    )


def payload_of(text: str, asked: RatingRequest) -> str | None:
    """The payload that a customer's words choose, or None: they are no score.

    A number that is none of the five, as the 7 of a school report, chooses to see the five again.

    Args:
        text: what was typed.
        asked: the rating that is asked.
    """
    score = _score(text)
    if score is None:
        return None
    if score in range(1, 6):
        return asked.options[int(score) - 1].payload
    return f'/rate{{"of": "{asked.of}"}}'


def _score(text: str) -> float | None:
    """The number meant as a score, 0 to 10, or None."""
    bare = text.strip(" .!\ufe0f")
    if bare in _SMILEYS:
        return _SMILEYS[bare]
    found = _SCORE.match(" ".join(text.lower().split()))
    if found is None:
        return None
    said = found["number"].replace(",", ".")
    score = 1.0 if said == "een" else float(_WORDS.get(said, -1.0))
    if score < 0:
        score = float(said)
    return score if score <= 10 else None
