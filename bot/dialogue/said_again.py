"""Keeps an action from saying once more what was just said, to a customer who asks on or objects.

"Het is betaald." - "Dat weet ik, ik vraag waarom hij hoger is." The same words would show
that nobody listened: the nearest pages and subjects, and a person, come in their place. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from bot.catalogue import say
from bot.dialogue.message_reading import since_message
from bot.dialogue.replies import FORM_ASIDE, NOT_THAT, OPTIONAL, TOLD_AGAIN, TOLD_AGAIN_WAYS
from bot.dutch.question_grammar import is_question
from bot.knowledge.polarity import without_lead

#: What contradicts, or insists: any no, and words that take up what was said.
_OBJECTS: Final = re.compile(
    r"^\W*(?:maar|ja,? (?:maar|dat)|huh|he|hè|hoezo|wat)\b|\b(?:nee|niet|geen|niks|nooit|al|juist"
    r"|wel degelijk|vroeg|vraag|bedoel\w*|zei|zeg)\b|!!",
    re.IGNORECASE,
)


def says_again(
    answer: Mapping[str, Any], tracker: Mapping[str, Any], texts: Mapping[str, Any]
) -> bool:
    """Whether an action's replies are those of the turn before, to who did not want them.

    A question of a form is asked again in its own way, and counts as no repetition.

    Args:
        answer: of the action: `events` and `responses`.
        tracker: Rasa's, as an action gets it.
        texts: the domain's responses.
    """
    responses = answer.get("responses") or ()
    if not responses or _asks(answer.get("events") or ()):
        return False
    events = tracker.get("events") or ()
    if any(event.get("event") == "bot" for event in since_message(events)):
        return False
    heard = [event for event in events if event.get("event") == "user"][-2:]
    if len(heard) < 2 or not _goes_on(*(str(event.get("text") or "") for event in heard)):
        return False
    said = _before(events)
    return all(any(_same(each, event, texts) for event in said) for each in responses)


def _goes_on(before: str, now: str) -> bool:
    """Whether typed words ask on, or object; the same words again are a repetition of theirs."""
    if not now or now.startswith("/") or before.strip().casefold() == now.strip().casefold():
        return False
    return is_question(now) or _OBJECTS.search(now) is not None


def _asks(events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a form asks a question after it."""
    return any(
        event.get("event") == "slot" and event.get("name") == "requested_slot" and event["value"]
        for event in events
    )


def _before(events: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What the bot said to the message before the newest one; before that where it broke off."""
    heard = [at for at, event in enumerate(events) if event.get("event") == "user"]
    said: list[Mapping[str, Any]] = []
    for start, end in reversed([*pairwise(heard)]):
        said = [event for event in events[start:end] if event.get("event") == "bot"]
        if not breaks_off(said):
            break
    return said


def broke_off(events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the turn before the newest message had such a reply in place of the action's."""
    heard = [at for at, event in enumerate(events) if event.get("event") == "user"][-2:]
    return len(heard) > 1 and breaks_off(events[heard[0] : heard[1]])


def breaks_off(events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether among events is such a reply, which asks something itself."""
    return any(
        (event.get("metadata") or {}).get("utter_action") == NOT_THAT
        or event.get("text") == say(OPTIONAL[NOT_THAT])
        for event in events
    )


def quoted_earlier(events: Sequence[Mapping[str, Any]], title: str, passage: str) -> bool:
    """Whether a passage was quoted in this session, with other messages between.

    What was quoted a moment ago is for `says_again` and the loop rules.

    Args:
        events: the tracker's.
        title: of the page.
        passage: the words that were quoted.
    """
    quotes = ((event.get("data") or {}).get("custom") or {} for event in _before_the_last(events))
    words = without_lead(passage)
    return any(
        each.get("title") == title and without_lead(str(each.get("passage") or "")) == words
        for each in quotes
    )


def answered_earlier(events: Sequence[Mapping[str, Any]], response: str) -> str:
    """The text of a response that was said in this session, with other messages between.

    What was said a moment ago is for `says_again` and the loop rules.

    Args:
        events: the tracker's.
        response: its name.

    Returns:
        Empty when it was not.
    """
    return next(
        (
            str(event.get("text") or "")
            for event in _before_the_last(events)
            if (event.get("metadata") or {}).get("utter_action") == response
        ),
        "",
    )


def told_in_short(events: Sequence[Mapping[str, Any]], fact: str) -> bool:
    """Whether a fact was told in short in this session, to a message before the newest one.

    Args:
        events: the tracker's.
        fact: as it is told now.
    """
    held = say(OPTIONAL[TOLD_AGAIN], fact=fact)
    return any(
        event.get("text") == held
        or (
            (event.get("metadata") or {}).get("utter_action") == TOLD_AGAIN
            and fact in str(event.get("text") or "")
        )
        for event in _said_in_session(events)
    )


def _before_the_last(events: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """What the bot said in this session, the newest first, but for its last answer and this one."""
    messages = 0
    for event in reversed(events):
        if event.get("event") == "session_started":
            return
        messages += event.get("event") == "user"
        if messages > 1 and event.get("event") == "bot":
            yield event


def _said_in_session(events: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """What the bot said in this session before the newest message, the newest first."""
    for event in reversed(events[: len(events) - len(since_message(events))]):
        if event.get("event") == "session_started":
            return
        if event.get("event") == "bot":
            yield event


def tells_again(text: str, metadata: Mapping[str, Any]) -> bool:
    """Whether a reply offers ways on below what was told before.

    Args:
        text: of the reply.
        metadata: of its event.
    """
    own = metadata.get("utter_action") == TOLD_AGAIN_WAYS
    return own or text == say(OPTIONAL[TOLD_AGAIN_WAYS])


def left_unanswered(events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the message before the newest one got no answer, but the task's question again."""
    return any(
        (event.get("metadata") or {}).get("utter_action") == FORM_ASIDE
        or event.get("text") == say(OPTIONAL[FORM_ASIDE])
        for event in _last_said(events)
    )


def _last_said(events: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    heard = [at for at, event in enumerate(events) if event.get("event") == "user"][-2:]
    within = events[heard[0] : heard[1]] if len(heard) > 1 else ()
    return [event for event in within if event.get("event") == "bot"]


def _same(response: Mapping[str, Any], event: Mapping[str, Any], texts: Mapping[str, Any]) -> bool:
    """Whether a reply is what the bot said then."""
    text = str(event.get("text") or "")
    name = response.get("response")
    if not name:
        return bool(text) and response.get("text") == text
    if (event.get("metadata") or {}).get("utter_action") != name:
        return False
    variants = (str(each.get("text") or "") for each in texts.get(str(name)) or ())
    return any(_pattern(variant, response).fullmatch(text) for variant in variants)


def _pattern(text: str, values: Mapping[str, Any]) -> re.Pattern[str]:
    """A response with its values filled in; what another has to fill in may be anything."""
    parts = re.split(r"\{(\w+)\}", text)
    filled = [re.escape(part) for part in parts]
    for at in range(1, len(parts), 2):
        value = values.get(parts[at])
        filled[at] = ".*" if value is None else re.escape(str(value))
    return re.compile("".join(filled), re.DOTALL)
