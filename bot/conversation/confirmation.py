"""What the customer gets in writing when a person closes the conversation. Pure; Dutch, B1."""

from __future__ import annotations

from datetime import date

from bot.conversation.opening_hours import say_date
from bot.messages import RatingRequest, Text

#: What to type for the whole conversation: the assistant knows it as `transcript_request`.
ASK_TRANSCRIPT = "gesprek bewaren"


def confirmation(topic: str, settled: str, by: str, organisation: str, day: date) -> Text:
    """The short summary: what it was about, what was agreed, with whom, and when.

    Args:
        topic: Dutch name of what it was about; empty when unknown.
        settled: what was agreed, in the agent's words.
        by: name of who helped.
        organisation: name of the organisation.
        day: the day on which it was closed, at the organisation.
    """
    lines = [f"Dit gesprek is afgesloten op {say_date(day)}."]
    if topic:
        lines.append(f"Onderwerp: {topic}")
    lines.append(f"Afgesproken: {_sentence(settled)}")
    lines.append(f"U sprak met {by} van {organisation}.")
    lines.append(
        f"Wilt u alles nalezen? Typ ‘{ASK_TRANSCRIPT}’. Hebt u een nieuwe vraag? Typ die hier."
    )
    return Text("\n".join(lines))


def rating_of(by: str) -> RatingRequest:
    """The question how the person helped.

    Args:
        by: that person's name.
    """
    return RatingRequest(f"Hoe heeft {by} u geholpen? 1 is slecht, 5 is goed.", of="human")


def _sentence(settled: str) -> str:
    text = " ".join(settled.split())
    return text if text.endswith((".", "!", "?")) else f"{text}."
