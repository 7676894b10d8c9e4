"""What is offered in place of a reply that was just given: pages, subjects and a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rasa_sdk.executor import CollectingDispatcher

from bot.dialogue.actions.break_loop import other_topics
from bot.dialogue.actions.knowledge import near_pages
from bot.dialogue.buttons import person
from bot.dialogue.page_answers import known_pages
from bot.dialogue.replies import BREAK_LOOP, NOT_THAT, Replies
from bot.dialogue.said_again import broke_off, says_again
from bot.knowledge.answering import leaning

#: Pages offered beside the subjects.
_PAGES: Final = 2


def unrepeated(
    answer: Mapping[str, Any], tracker: Mapping[str, Any], domain: Mapping[str, Any]
) -> Mapping[str, Any]:
    """An action's answer, with other replies where its own were just given and not wanted.

    The first time it offers what is near; when that did not help, a person.

    Args:
        answer: its `events` and `responses`.
        tracker: Rasa's, as the action got it.
        domain: the assistant's.
    """
    if not says_again(answer, tracker, domain.get("responses") or {}):
        return answer
    dispatcher = CollectingDispatcher()
    replies = Replies(dispatcher, domain)
    message = tracker.get("latest_message") or {}
    found = message.get("knowledge") or {}
    subjects = other_topics(message, replies.topics)
    if broke_off(tracker.get("events") or ()):
        replies.say(BREAK_LOOP, [person(), *subjects])
    else:
        pages = [*near_pages(leaning(found) or found, known_pages())][:_PAGES]
        ways = [*pages, *subjects, person()] if pages else [person(), *subjects]
        replies.say(NOT_THAT, ways)
    return {**answer, "responses": dispatcher.messages}
