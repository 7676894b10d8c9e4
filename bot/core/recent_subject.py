"""Finds what a conversation was about a moment ago: the page quoted, or the task that ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from rasa.shared.core.events import ActiveLoop, Event, SessionStarted, SlotSet, UserUttered

#: So many messages after a page was quoted, or a task ended, a question may still lean on it.
_MESSAGES: Final = 4
#: Slot that holds what was quoted last: page and heading.
QUOTED: Final = "quoted_passage"
#: From this confidence on a message was about the topic that it was taken for.
_SURE: Final = 0.6


@dataclass(slots=True)
class RecentSubject:
    """What a question may lean on.

    Attributes:
        page: slug of the page quoted last; empty: none was.
        asked: the question that it answered, as it was typed. Of a page that was chosen from
            several it is what was typed before the choice.
        ended: whether a task ended since.
        topic: a topic without a form that was answered since; empty: none was.
        words: in which that task or topic was asked for, without what tells who asks; may be empty.
    """

    page: str = ""
    asked: str = ""
    ended: bool = False
    topic: str = ""
    words: str = ""


def recent_subject(events: Sequence[Event], topics: Collection[str]) -> RecentSubject:
    """What the last messages were about.

    Args:
        events: the conversation so far, with the question.
        topics: those with pages of their own.
    """
    found, messages = RecentSubject(), -1
    for at, event in reversed([*enumerate(events)]):
        if isinstance(event, SessionStarted) or messages == _MESSAGES:
            break
        if isinstance(event, UserUttered):
            messages += 1
            typed = event.text or ""
            if found.page and not typed.startswith("/"):
                found.asked = typed
                break
            if messages > 0 and not _known(found):
                _take_topic(found, event, topics)
        elif isinstance(event, SlotSet) and event.key == QUOTED and event.value:
            if not (found.page or found.topic):
                found.page = str(event.value).partition("#")[0]
        elif isinstance(event, ActiveLoop) and event.name is None and not _known(found):
            found.ended, found.words = True, _began(events[:at])
    return found


def _known(found: RecentSubject) -> bool:
    """Whether what came last is found already."""
    return bool(found.page or found.ended or found.topic)


def _take_topic(found: RecentSubject, message: UserUttered, topics: Collection[str]) -> None:
    """Takes the topic of a message that was clearly about one."""
    sure = float((message.intent or {}).get("confidence") or 0.0) >= _SURE
    if sure and message.intent_name in topics:
        found.topic, found.words = str(message.intent_name), _without_values(message)


def _began(events: Sequence[Event]) -> str:
    """The words with which the newest task began."""
    started = False
    for event in reversed(events):
        if isinstance(event, ActiveLoop):
            if started:
                break
            started = event.name is not None
        # Of a task that was chosen from several the words behind the choice say more.
        elif isinstance(event, UserUttered) and started and (words := _without_values(event)):
            return words
    return ""


def _without_values(message: UserUttered) -> str:
    """What was typed, without the values in it: a number says nothing of a subject."""
    text = message.text or ""
    if text.startswith("/"):
        return ""
    for each in sorted(message.entities or (), key=lambda each: -each.get("start", 0)):
        text = f"{text[: each.get('start', 0)]} {text[each.get('end', 0) :]}"
    return " ".join(text.split())
