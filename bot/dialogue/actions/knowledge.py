"""The action that answers from the pages of `data/knowledge`: quoted, dated and linked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rasa_sdk import Action

from bot.catalogue import say
from bot.dialogue import runtime, second_request, ways_on
from bot.dialogue.buttons import Button, button, person
from bot.dialogue.message_reading import newest, read_message
from bot.dialogue.objections import says_so
from bot.dialogue.page_answers import (
    fact_in,
    found_for,
    known_pages,
    say_found,
    say_passage,
)
from bot.dialogue.reinterpret import by_task, reinterpreted_as
from bot.dialogue.replies import FORM_ASIDE, TOLD_AGAIN, Replies
from bot.dialogue.task import Events
from bot.dialogue.turn_message import TurnMessage
from bot.knowledge.answering import opening, referred, task_at_hand
from bot.knowledge.pages import Page

#: Key of a message under which the outcome of the search stands.
KNOWLEDGE = "knowledge"
#: Other pages that are offered at most to who asks once more.
_OTHERS = 2


class ActionKnowledge(Action):
    """Quotes the passage that answers; without one it offers the nearest pages and a person."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_knowledge"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says the answer, or offers a way on."""
        replies, message = Replies(dispatcher, domain), read_message(tracker, "")
        known = known_pages()
        form = tracker.active_loop_name
        found = found_for(tracker, task_at_hand(form, tracker.get_slot("topic")))
        told: Events | None
        chosen = message.entity("page")
        if chosen is not None and (page := _chosen(str(chosen.value), known)) is not None:
            # A page was offered with the passage that is nearest to the question behind it.
            slug, number = page.slug, referred(str(chosen.value))[1]
            block = page.blocks[number if number < len(page.blocks) else 0]
            told = await say_passage(replies, message.typed, opening(slug, block), page)
        else:
            told = await say_found(replies, tracker, message.typed, found)
        if told is None and (meant := _objected_topic(tracker, message)) is not None:
            return meant
        if told is None and (taken := by_task(tracker)) is not None:
            return taken
        if told is None:
            _say_near(tracker, replies, list(near_pages(found, known)))
            return []
        if not form:
            offered = second_request.offer(tracker, replies, "utter_second_request")
            if offered is not None:
                return [*told, *offered]
            page_told = next((str(event["value"]) for event in told), "")
            if replies.has_said(TOLD_AGAIN):
                _say_other_ways(replies, tracker, page_told, found)
            else:
                _say_next(replies, page_told, known)
        return told


def _chosen(reference: str, known: Mapping[str, Page]) -> Page | None:
    """The page that a button names."""
    return known.get(referred(reference)[0])


def _say_other_ways(replies: Replies, tracker: Any, quoted: str, found: Mapping[str, Any]) -> None:
    """Offers other pages and the task below an answer that was told before."""
    known, slug = known_pages(), quoted.partition("#")[0]
    near = (each for each in found.get("near") or () if referred(str(each))[0] != slug)
    others = list(near_pages({"near": near}, known))[:_OTHERS]
    ways_on.offer(replies, tracker, fact_in(found), [*others, *_task_of(quoted, known, replies)])


def _say_next(replies: Replies, quoted: str, known: Mapping[str, Page]) -> None:
    """Offers what comes next: the task, or another question."""
    task = _task_of(quoted, known, replies)
    another = button(say("button.another_question"), "another_question")
    replies.say("utter_knowledge_next", [*task, another, person()])


def _task_of(quoted: str, known: Mapping[str, Page], replies: Replies) -> list[Button]:
    """The button for the task that a quoted page is about, if there is one."""
    page = known.get(quoted.partition("#")[0])
    task = replies.topics.get(page.task) if page else None
    return [task] if task else []


def _objected_topic(tracker: Any, message: TurnMessage) -> Events | None:
    """Events that have the topic of an objection answered, which no page did: "nee, ik vroeg ..".

    None outside a form, and for a message that names no topic but the form's own.
    """
    form = str(tracker.active_loop_name or "")
    kind = runtime.topics().kind(message.intent)
    if not form or kind not in {"task", "question"} or form == f"{message.intent}_form":
        return None
    if message.intent is None or not says_so(message):
        return None
    channel = tracker.get_latest_input_channel()
    return reinterpreted_as(message.intent, newest(tracker.events), channel, without=[KNOWLEDGE])


def _say_near(tracker: Any, replies: Replies, near: list[Button]) -> None:
    """Offers the nearest pages, and the task that the question may be a request for."""
    if tracker.active_loop_name:
        replies.say(FORM_ASIDE)
        return
    task = replies.topics.get(str((tracker.latest_message or {}).get("intent", {}).get("name")))
    if near:
        replies.say("utter_knowledge_near", [*near, *([task] if task else []), person()])
    else:
        replies.say("utter_knowledge_none", [person()])


def near_pages(found: Mapping[str, Any], known: Mapping[str, Page]) -> Iterator[Button]:
    """Buttons for the pages that a message is nearest to, the nearest first.

    Each quotes its page, with the passage that is nearest to the message.

    Args:
        found: the outcome of the search, as the message carries it.
        known: all pages.
    """
    for reference in found.get("near") or ():
        if (page := _chosen(str(reference), known)) is not None:
            yield button(page.title, "ask_knowledge", page=str(reference))
