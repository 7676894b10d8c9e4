"""The messages to a customer when a person closes the conversation. Pure; Dutch, B1."""

from __future__ import annotations

from datetime import date

from bot.catalogue import say
from bot.conversation.opening_hours import say_date
from bot.messages import RatingRequest, Text
from bot.records.call_back_result import Result

#: What to type for the whole conversation: the assistant knows it as `transcript_request`.
ASK_TRANSCRIPT = "gesprek bewaren"


def confirmation(
    topic: str, settled: str, by: str, organisation: str, day: date, *, call_back: bool = False
) -> Text:
    """The short summary: what it was about, what was agreed, with whom, and when.

    Args:
        topic: Dutch name of what it was about; empty when unknown.
        settled: what was agreed, in the agent's words.
        by: name of the person who helped.
        organisation: name of the organisation.
        day: the day on which it was closed, at the organisation.
        call_back: whether the customer is still going to be called or written back.
    """
    lines = [say("handover.closed", day=say_date(day))]
    if topic:
        lines.append(say("handover.closed_topic", topic=topic))
    lines.append(say("handover.closed_settled", settled=_sentence(settled)))
    lines.append(say("handover.closed_by", name=by, organisation=organisation))
    if call_back:
        lines.append(say("handover.closed_call_back"))
    lines.append(say("handover.closed_next", words=ASK_TRANSCRIPT))
    return Text("\n".join(lines))


def call_back_ended(
    topic: str, ended: Result, words: str, by: str, organisation: str, day: date
) -> Text:
    """The summary of a call-back that ended a conversation: only what did happen.

    Words of the agent are an agreement where somebody spoke or wrote to the customer. To others
    they are what the agent has to say; nobody is named as who helped.

    Args:
        topic: Dutch name of what it was about; empty when unknown.
        ended: how the request to be called back ended.
        words: what the agent wrote, or empty.
        by: name of the agent who settled it.
        organisation: name of the organisation.
        day: the day on which it was closed, at the organisation.
    """
    lines = [say("handover.closed", day=say_date(day))]
    if topic:
        lines.append(say("handover.closed_topic", topic=topic))
    if not words or ended == "unreached":
        lines.append(say(f"callback.ended.{ended}"))
    if words:
        written = _sentence(words)
        agreed = helped(ended)
        lines.append(say("handover.closed_settled", settled=written) if agreed else written)
    if helped(ended):
        said = "handover.closed_by" if ended == "reached" else "callback.written_by"
        lines.append(say(said, name=by, organisation=organisation))
    if ended == "unreached":
        lines.append(say("callback.reach_us"))
    lines.append(say("handover.closed_next", words=ASK_TRANSCRIPT))
    return Text("\n".join(lines))


def helped(ended: Result) -> bool:
    """Whether a person spoke or wrote to the customer, who can then say how that went."""
    return ended in ("reached", "written")


def rating_of(by: str) -> RatingRequest:
    """The question how the person helped.

    Args:
        by: that person's name.
    """
    return RatingRequest(say("rating.human_named", name=by), of="human")


def _sentence(settled: str) -> str:
    text = " ".join(settled.split())
    return text if text.endswith((".", "!", "?")) else f"{text}."
