"""Looks a question up once more when the dialogue is known: among the pages and words at hand.

A message is parsed before anybody knows what was said before it. The policy that answers from the
pages sees both, and adds to the message what its parse could not know; the form and the action that
follow read it there.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from rasa.shared.core.events import (
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.core.components.knowledge_search import KNOWLEDGE
from bot.core.page_search import PageSearch
from bot.core.tracker_turns import ASKS_PAGES, FALLBACKS
from bot.dialogue.facts_told import told_again
from bot.dutch.question_grammar import asking_part, goes_on, is_elliptic, is_question, names_nothing
from bot.knowledge.answering import LEANING, task_at_hand
from bot.knowledge.follow_up_model import Context

#: So many messages after a page was quoted, or a task ended, a question may still lean on it.
_MESSAGES: Final = 4
#: Slot that holds what was quoted last: page and heading.
QUOTED: Final = "quoted_passage"
#: From this confidence on a message is about the task that it was taken for, and leans on no other.
_CLEAR: Final = 0.8


def look_again(tracker: DialogueStateTracker, search: PageSearch) -> None:
    """Adds to the newest message what the pages and words at hand say to it, once.

    Nothing is searched for a message that is no question, that has its answer, or that clearly asks
    for something else.

    Args:
        tracker: its newest message is changed.
        search: of the model in use.
    """
    message = tracker.latest_message
    if message is None or message.parse_data is None:
        return
    found = message.parse_data.get(KNOWLEDGE) or {}
    if tracker.active_loop_name and names_nothing(asking_part(message.text or "")):
        # What the search of all pages found for "hoeveel tijd heb ik nog" is about anything.
        found = {**found, "passage": None, "leads": False}
        message.parse_data[KNOWLEDGE] = found
    if LEANING in found or not _may_lean(tracker, message, found, search):
        return
    leaning: dict[str, Any] | None = None
    text = message.text or ""
    if fact := told_again(asking_part(text), _said(tracker.events)):
        leaning = {"fact": fact}
    elif (context := context_of(tracker)) is not None and not _is_of_task(text, context):
        leaning = search.leaning(text, context)
    if leaning and not (leaning.get("passage") or leaning.get("fact")) and message.entities:
        # "Kan het vrijdag?" may be a request: pages that are only near stand in its way.
        leaning = None
    message.parse_data[KNOWLEDGE] = {**found, LEANING: leaning}


def context_of(tracker: DialogueStateTracker) -> Context | None:
    """What a question may lean on: the page quoted last and the task at hand; None: neither.

    Args:
        tracker: the conversation so far, with the question.
    """
    page, asked, ended = _recent(list(tracker.events))
    form = tracker.active_loop_name
    task = task_at_hand(form, tracker.get_slot("topic")) if form or ended else ""
    text = tracker.latest_message.text if tracker.latest_message else None
    quoted = str(tracker.get_slot(QUOTED) or "").partition("#")[2] if page else ""
    told = quoted if goes_on(text or "") else ""
    return Context(page, asked, task, told) if page or task else None


def _may_lean(
    tracker: DialogueStateTracker, message: UserUttered, found: dict[str, Any], search: PageSearch
) -> bool:
    """Whether a message is a general question without an answer of its own."""
    text = message.text or ""
    if not text or text.startswith("/") or not is_question(text):
        return False
    if passage := found.get("passage"):
        # "En de buren zelf?" asks for something else than what was told a moment ago.
        same = f"{passage['slug']}#{passage['heading']}" == tracker.get_slot(QUOTED)
        return same and goes_on(text)
    form = tracker.active_loop_name
    task = task_at_hand(form, tracker.get_slot("topic"))
    if found.get("about", {}).get(task) and not told_again(
        asking_part(text), _said(tracker.events)
    ):
        return False
    if _is_own(message, search, form=bool(form)):
        return False
    intent = message.intent_name
    if message.entities and not form:
        return intent in (*FALLBACKS, ASKS_PAGES)
    # Within a task, and where pages are near, it is a question whatever it was taken for.
    asks = intent in (*FALLBACKS, ASKS_PAGES, task) or found.get("leads")
    if asks or (form and intent in search.facts.pages_first):
        return True
    return float((message.intent or {}).get("confidence") or 0.0) < _CLEAR


def _is_of_task(text: str, context: Context) -> bool:
    """Whether a question has no subject but the task: its parse has asked the task's pages."""
    return not context.page and is_elliptic(asking_part(text))


def _is_own(message: UserUttered, search: PageSearch, *, form: bool) -> bool:
    """Whether the question itself is about the customer's own affairs.

    "Kan het zaterdag?" corrects an answer within a task, and asks about the pages after it.
    """
    text = message.text or ""
    part = asking_part(text)
    start = max(text.find(part), 0)
    entities = [
        each
        for each in message.entities or ()
        if each.get("start", 0) < start + len(part) and start < each.get("end", 0)
    ]
    if form:
        return search.is_own(entities, part)
    return search.is_own([each for each in entities if search.tells_who(each)], part)


def _recent(events: Sequence[Event]) -> tuple[str, str, bool]:
    """Page quoted in the last messages, the question it answered, and whether a task ended since.

    Of a page that was chosen from several the question is what was typed before the choice.
    """
    page, ended, asked, messages = "", False, "", -1
    for event in reversed(events):
        if isinstance(event, SessionStarted) or messages == _MESSAGES:
            break
        if isinstance(event, UserUttered):
            messages += 1
            typed = event.text or ""
            if page and not typed.startswith("/"):
                asked = typed
                break
        elif isinstance(event, SlotSet) and event.key == QUOTED and event.value and not page:
            page = str(event.value).partition("#")[0]
        elif isinstance(event, ActiveLoop) and event.name is None and not page:
            ended = True
    return page, asked, ended


def _said(events: Sequence[Event]) -> list[str]:
    """What the bot said to the message before the newest one, in order."""
    turns = [at for at, event in enumerate(events) if isinstance(event, UserUttered)][-2:]
    return [
        event.text
        for start, end in pairwise(turns)
        for event in list(events)[start:end]
        if isinstance(event, BotUttered) and event.text
    ]
