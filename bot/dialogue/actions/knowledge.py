"""The action that answers from the pages of `data/knowledge`: quoted, dated and linked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import SlotSet

from bot.catalogue import say
from bot.dialogue import runtime
from bot.dialogue.buttons import Button, button, person
from bot.dialogue.message_reading import newest, read_message
from bot.dialogue.objections import says_so
from bot.dialogue.reinterpret import reinterpreted_as
from bot.dialogue.replies import FORM_ASIDE, Replies
from bot.dialogue.task import Events
from bot.dialogue.turn_message import TurnMessage
from bot.knowledge import pages
from bot.knowledge.answering import Passage, opening, task_at_hand
from bot.knowledge.pages import Page
from bot.knowledge.rewording import reword
from bot.knowledge.text_fragment import link
from bot.messages import Quote, encode

#: Key of a message under which the outcome of the search stands.
KNOWLEDGE = "knowledge"


class ActionKnowledge(Action):
    """Quotes the passage that answers; without one it offers the nearest pages and a person."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_knowledge"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says the answer, or offers a way on."""
        replies, message = Replies(dispatcher, domain), read_message(tracker, "")
        known = known_pages()
        found = (tracker.latest_message or {}).get(KNOWLEDGE) or {}
        going_on = task_at_hand(tracker.active_loop_name, tracker.get_slot("topic"))
        # "Kost dat iets?" is about what is going on.
        found = found.get("about", {}).get(going_on) or found
        wanted = message.entity("page")
        page = known.get(str(wanted.value)) if wanted else None
        if page is not None:
            passage = opening(page.slug, page.blocks[0])
        elif found.get("passage"):
            passage = _passage(found["passage"])
            page = known.get(passage.slug)
        if page is None and (meant := _objected_topic(tracker, message)) is not None:
            return meant
        if page is None:
            _say_near(tracker, replies, list(near_pages(found, known)))
            return []
        quote = await _quote(replies, message.typed, passage, page)
        replies.send(encode(quote))
        if not tracker.active_loop_name:
            task = replies.topics.get(page.task)
            another = button(say("button.another_question"), "another_question")
            replies.say("utter_knowledge_next", [*([task] if task else []), another, person()])
        return [SlotSet("quoted_passage", f"{page.slug}#{passage.heading}")]


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


def known_pages() -> Mapping[str, Page]:
    """The pages of the project."""
    return pages.load(runtime.settings().root)


def near_pages(found: Mapping[str, Any], known: Mapping[str, Page]) -> Iterator[Button]:
    """Buttons for the pages that a message is nearest to, the nearest first; each quotes its page.

    Args:
        found: the outcome of the search, as the message carries it.
        known: all pages.
    """
    for slug in found.get("near") or ():
        if slug in known:
            yield button(known[slug].title, "ask_knowledge", page=slug)


async def _quote(replies: Replies, question: str, passage: Passage, page: Page) -> Quote:
    settings = runtime.settings()
    text, notes = passage.answer, []
    if reworded := await reword(settings, question, passage.text):
        text = reworded
        notes.append(replies.text("utter_knowledge_reworded"))
    if page.is_outdated(runtime.today(), settings.knowledge_max_age_days):
        notes.append(replies.text("utter_knowledge_outdated"))
    address = page.url if "://" in page.url else f"{settings.public_url}{page.url}"
    return Quote(
        text=text,
        passage=passage.text,
        title=page.title,
        url=link(address, passage.answer, page.blocks, passage.text),
        date=page.date,
        marks=passage.marks,
        note=" ".join(filter(None, notes)),
    )


def _passage(found: Mapping[str, Any]) -> Passage:
    marks = tuple((int(start), int(end)) for start, end in found["marks"])
    return Passage(str(found["slug"]), str(found["heading"]), str(found["text"]), marks)
