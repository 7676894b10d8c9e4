"""Looks a question up once more when the dialogue is known: among the pages and words at hand.

A message is parsed before anybody knows what was said before it. The policy that answers from the
pages sees both, and adds to the message what its parse could not know; the form and the action that
follow read it there.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.core.components.knowledge_search import KNOWLEDGE
from bot.core.known_data import is_known
from bot.core.page_search import PageSearch, points
from bot.core.recent_subject import QUOTED, recent_subject
from bot.core.task_account import known_of_task
from bot.core.tracker_turns import ASKS_PAGES, FALLBACKS
from bot.dialogue.facts_told import told_again
from bot.dutch.essence import essence
from bot.dutch.question_grammar import asking_part, goes_on, is_elliptic, is_question, names_nothing
from bot.knowledge.answering import LEANING, KnowledgeAnswer, passage_of, task_at_hand
from bot.knowledge.follow_up_model import Context
from bot.knowledge.search_index import WRITTEN

#: From this confidence on an answer stands, whatever was told before the question.
_BEYOND_DOUBT: Final = 0.9
#: So many words go on from a page without being a question of their own.
_FEW: Final = 4
#: From this confidence on a message is about the task that it was taken for, and leans on no other.
_CLEAR: Final = 0.8


def look_again(tracker: DialogueStateTracker, search: PageSearch) -> None:
    """Adds to the newest message what the pages and words at hand say to it, once.

    Nothing is searched for a message that is no question, that has its answer beyond doubt, or that
    clearly asks for something else.

    Args:
        tracker: its newest message is changed.
        search: of the model in use.
    """
    message = tracker.latest_message
    if message is None or message.parse_data is None:
        return
    found = message.parse_data.get(KNOWLEDGE) or {}
    text = message.text or ""
    if LEANING in found or text.startswith("/") or not (is_question(text) or goes_on(text)):
        return
    if (known := known_of_task(tracker)) is not None:
        leans = {"fact": known.fact, "done": known.done}
        message.parse_data[KNOWLEDGE] = {**found, "passage": None, "leads": False, LEANING: leans}
        return
    if is_known(tracker) and not found.get("passage"):
        # What is known of the customer's own goes before pages that are only near.
        found = message.parse_data[KNOWLEDGE] = {**found, "near": (), "leads": False}
    context = context_of(tracker, search)
    if tracker.active_loop_name and not _holds_within(message, found, context, search):
        found = {**found, "passage": None, "leads": False}
        message.parse_data[KNOWLEDGE] = found
    fact = told_again(asking_part(text), _said(tracker.events))
    if not (found or fact or context) and _begins(tracker, search):
        message.parse_data[KNOWLEDGE] = _look_first(message, search)
        return
    if not _may_lean(tracker, message, found, context, search, fact):
        return
    leaning = _leaning(message, context, search, fact)
    if leaning and not (leaning.get("passage") or leaning.get("fact")) and is_known(tracker):
        leaning = None
    message.parse_data[KNOWLEDGE] = {**found, LEANING: leaning}


def _leaning(
    message: UserUttered, context: Context | None, search: PageSearch, fact: str | None
) -> dict[str, Any] | None:
    """What the words and pages at hand say to a question; None: nothing."""
    text = message.text or ""
    if fact:
        return {"fact": fact}
    if context is None or _is_of_task(text, context):
        return None
    # Words of what is denied find pages about that: "niks wijzigen, alleen weten wanneer".
    asked = essence(text)
    leaning = search.leaning(asked.value if asked else text, context)
    if leaning and not leaning.get("passage") and message.entities:
        # "Kan het vrijdag?" may be a request: pages that are only near stand in its way.
        return None
    return leaning


def _begins(tracker: DialogueStateTracker, search: PageSearch) -> bool:
    """Whether nothing is going on, and nothing was asked for, that a message could point at."""
    if tracker.active_loop_name or tracker.get_slot("topic"):
        return False
    heard = [event for event in tracker.events if isinstance(event, UserUttered)]
    return all(event.intent_name not in search.facts.joined for event in heard[:-1])


def _look_first(message: UserUttered, search: PageSearch) -> dict[str, Any]:
    """What is found for a question that its parse took for one about something known."""
    text = message.text or ""
    if not is_question(text):
        return {LEANING: None}
    result = search.of_nothing_known(text, message.entities or ())
    if result is None:
        return {LEANING: None}
    answer = KnowledgeAnswer(passage_of(result.hits[0]), (), result.confidence)
    return {**answer.as_json(), "leads": True, "asks": True}


def context_of(tracker: DialogueStateTracker, search: PageSearch) -> Context | None:
    """What a question may lean on: the page quoted last and the task at hand; None: neither.

    Args:
        tracker: the conversation so far, with the question.
        search: knows the tasks.
    """
    recent = recent_subject(list(tracker.events), search.topics)
    form = tracker.active_loop_name
    task = task_at_hand(form, tracker.get_slot("topic")) if form or recent.ended else recent.topic
    # Within a task its choices say what it is about; behind its answer, what was asked.
    chosen = search.chosen(task, tracker.current_slot_values()) if form else recent.words
    text = tracker.latest_message.text if tracker.latest_message else None
    quoted = str(tracker.get_slot(QUOTED) or "").partition("#")[2] if recent.page else ""
    told = quoted if goes_on(text or "") else ""
    if not (recent.page or task):
        return None
    return Context(recent.page, recent.asked, task, told, chosen)


def _holds_within(
    message: UserUttered, found: dict[str, Any], context: Context | None, search: PageSearch
) -> bool:
    """Whether what the search of all pages found for a question may be told within a task.

    What it found for "hoeveel tijd heb ik nog" is about anything, and a passage about another
    subject has to be as sure as where nothing is going on.
    """
    if _names_only_values(message):
        return False
    passage = found.get("passage")
    if not passage or context is None or search.is_at_hand(passage["slug"], context):
        return True
    # "En die van januari?" is about what is at hand, whatever the one word in it is found in.
    text = message.text or ""
    least = WRITTEN if goes_on(text) and points(text) else search.index.model.threshold
    return float(found.get("confidence") or 0.0) >= least


def _names_only_values(message: UserUttered) -> bool:
    """Whether a question has no subject, or only a day or the like: "en die van januari?"."""
    text = message.text or ""
    part = asking_part(text)
    start = max(text.find(part), 0)
    left = list(part)
    for each in message.entities or ():
        for at in range(each.get("start", 0) - start, each.get("end", 0) - start):
            if 0 <= at < len(left):
                left[at] = " "
    return names_nothing("".join(left))


def _may_lean(
    tracker: DialogueStateTracker,
    message: UserUttered,
    found: dict[str, Any],
    context: Context | None,
    search: PageSearch,
    fact: str | None,
) -> bool:
    """Whether a message is a general question without an answer of its own."""
    text = message.text or ""
    behind = _goes_on_behind(tracker, text)
    if not (behind or is_question(text)):
        return False
    if passage := found.get("passage"):
        # "En de buren zelf?" asks for something else than what was told a moment ago.
        same = f"{passage['slug']}#{passage['heading']}" == tracker.get_slot(QUOTED)
        return (same and goes_on(text)) or _may_be_of_another(text, found, context, search)
    form = tracker.active_loop_name
    task = task_at_hand(form, tracker.get_slot("topic"))
    told = found.get("about", {}).get(task)
    if told and not fact:
        return bool(form and context and context.chosen) and _is_doubtful(told)
    if _is_own(message, search, form=form, task=task):
        return False
    intent = message.intent_name
    if behind:
        return True
    if message.entities and not form:
        return intent in (*FALLBACKS, ASKS_PAGES)
    # Within a task, and where pages are near, it is a question whatever it was taken for.
    asks = intent in (*FALLBACKS, ASKS_PAGES, task) or found.get("leads")
    if asks or (form and intent in search.facts.pages_first):
        return True
    return float((message.intent or {}).get("confidence") or 0.0) < _CLEAR


def _may_be_of_another(
    text: str, found: dict[str, Any], context: Context | None, search: PageSearch
) -> bool:
    """Whether a question with an answer may be about what is at hand instead.

    "Kan ik hem dan omruilen?" behind an answer about gift cards has words of the page about sizes.
    Within a task with several subjects the answer may be about another of them.
    """
    if context is None or not _is_doubtful(found):
        return False
    if search.is_at_hand(found["passage"]["slug"], context):
        return bool(context.chosen)
    return bool(context.task) or goes_on(text) or points(text)


def _is_doubtful(found: dict[str, Any]) -> bool:
    return float(found.get("confidence") or 0.0) < _BEYOND_DOUBT


def _goes_on_behind(tracker: DialogueStateTracker, text: str) -> bool:
    """Whether a few words go on from the page that was quoted a moment ago: "en de grote"."""
    if tracker.active_loop_name or len(text.split()) > _FEW or not goes_on(text):
        return False
    events = list(tracker.events)
    turns = [at for at, event in enumerate(events) if isinstance(event, UserUttered)][-2:]
    within = events[turns[0] : turns[1]] if len(turns) > 1 else ()
    return any(isinstance(each, SlotSet) and each.key == QUOTED and each.value for each in within)


def _is_of_task(text: str, context: Context) -> bool:
    """Whether a question has no subject but the task: its parse has asked the task's pages."""
    return not context.page and not context.chosen and is_elliptic(asking_part(text))


def _is_own(message: UserUttered, search: PageSearch, *, form: str | None, task: str) -> bool:
    """Whether the question itself is about the customer's own affairs.

    "Kan het zaterdag?" corrects an answer within a task that asks for a day, and asks about the
    pages after it.
    """
    text = message.text or ""
    part = asking_part(text)
    start = max(text.find(part), 0)
    entities = [
        each
        for each in message.entities or ()
        if each.get("start", 0) < start + len(part) and start < each.get("end", 0)
    ]
    kinds = search.about.get(task, {}).get("entities", ()) if form else ()
    own = [each for each in entities if search.tells_who(each) or each["entity"] in kinds]
    return search.is_own(own, part)


def _said(events: Sequence[Event]) -> list[str]:
    """What the bot said to the message before the newest one, in order."""
    turns = [at for at, event in enumerate(events) if isinstance(event, UserUttered)][-2:]
    return [
        event.text
        for start, end in pairwise(turns)
        for event in list(events)[start:end]
        if isinstance(event, BotUttered) and event.text
    ]
