"""The messages to a customer when a person closes the conversation. Pure; Dutch, B1."""

from __future__ import annotations

from datetime import date

from bot.catalogue import say
from bot.conversation.opening_hours import say_date
from bot.messages import RatingRequest, Text

#: What to type for the whole conversation: the assistant knows it as `transcript_request`.
ASK_TRANSCRIPT = "gesprek bewaren"


def confirmation(topic: str, settled: str, by: str, organisation: str, day: date) -> Text:
    """The short summary: what it was about, what was agreed, with whom, and when.

    Args:
        topic: Dutch name of what it was about; empty when unknown.
        settled: what was agreed, in the agent's words.
        by: name of the person who helped.
        organisation: name of the organisation.
        day: the day on which it was closed, at the organisation.
    """
    lines = [say("handover.closed", day=say_date(day))]
    if topic:
        lines.append(say("handover.closed_topic", topic=topic))
    lines.append(say("handover.closed_settled", settled=_sentence(settled)))
    lines.append(say("handover.closed_by", name=by, organisation=organisation))
    lines.append(say("handover.closed_next", words=ASK_TRANSCRIPT))
    return Text("\n".join(lines))


def rating_of(by: str) -> RatingRequest:
    """The question how the person helped.

    Args:
        by: that person's name.
    """
    return RatingRequest(say("rating.human_named", name=by), of="human")


def _sentence(settled: str) -> str:
    text = " ".join(settled.split())
    return text if text.endswith((".", "!", "?")) else f"{text}."
