"""Says what was found for a question: a passage with its page, or a fact that was just told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import SlotSet

from bot.dialogue import runtime
from bot.dialogue.replies import DONE_AGAIN, FACT_AGAIN, Replies
from bot.dialogue.said_again import quoted_earlier
from bot.dialogue.ways_on import tell_again
from bot.knowledge import pages
from bot.knowledge.answering import Passage, leaning
from bot.knowledge.pages import Page
from bot.knowledge.rewording import reword
from bot.knowledge.text_fragment import link
from bot.messages import Quote, encode

Events = list[dict[str, Any]]


def known_pages() -> Mapping[str, Page]:
    """The pages of the project."""
    return pages.load(runtime.settings().root)


def found_for(tracker: Any, task: str) -> Mapping[str, Any]:
    """What was found for the newest message, within a task.

    Args:
        tracker: rasa-sdk's tracker.
        task: intent of the task at hand; empty: there is none.
    """
    found = (tracker.latest_message or {}).get("knowledge") or {}
    leans = leaning(found)
    # "Kost dat iets?" is about what was just told, else about what is going on.
    if leans.get("fact") or leans.get("passage"):
        return leans
    if about := found.get("about", {}).get(task):
        return dict(about)
    return dict(found) if found.get("passage") else leans or found


async def say_found(
    replies: Replies, tracker: Any, question: str, found: Mapping[str, Any]
) -> Events | None:
    """Says the answer to a question; in short, with ways on, where it was quoted before.

    Args:
        replies: where it is said.
        tracker: rasa-sdk's tracker.
        question: as it was typed.
        found: what was found for it.

    Returns:
        Slots that say what was told; None when nothing was found that is sure to be the answer.
    """
    if fact := found.get("fact"):
        replies.say(DONE_AGAIN if found.get("done") else FACT_AGAIN, fact=str(fact))
        return []
    if not found.get("passage"):
        return None
    passage = _passage(found["passage"])
    page = known_pages().get(passage.slug)
    if page is None:
        return None
    if quoted_earlier(tracker.events, page.title, passage.text):
        tell_again(replies, passage.answer)
        return [SlotSet("quoted_passage", f"{page.slug}#{passage.heading}")]
    return await say_passage(replies, question, passage, page)


async def say_passage(replies: Replies, question: str, passage: Passage, page: Page) -> Events:
    """Quotes a passage of a page.

    Args:
        replies: where it is said.
        question: as it was typed.
        passage: the words that answer it.
        page: where they stand.

    Returns:
        The slot that says what was quoted.
    """
    replies.send(encode(await _quote(replies, question, passage, page)))
    return [SlotSet("quoted_passage", f"{page.slug}#{passage.heading}")]


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


def fact_in(found: Mapping[str, Any]) -> str:
    """The answer in short of what was found for a question; empty without one."""
    return _passage(found["passage"]).answer if found.get("passage") else ""


def _passage(found: Mapping[str, Any]) -> Passage:
    marks = tuple((int(start), int(end)) for start, end in found["marks"])
    return Passage(str(found["slug"]), str(found["heading"]), str(found["text"]), marks)
