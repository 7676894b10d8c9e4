"""Wrapping an order as a present."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from rasa_sdk import Action

from bot.dialogue.choice_patterns import first
from bot.dialogue.questions import Accepted, Answers, Prompt, Question, RefusedAnswer
from bot.dialogue.replies import Replies
from bot.dialogue.task import CONFIRM, Events, Step, TaskForm
from bot.topics.topic import Topic

_PAPERS = (("rood", r"\brode?\b|\brood\b"), ("blauw", r"\bblauwe?\b"), ("goud", r"\bgoud\w*\b"))
_MOST_WORDS = 12

PAPER = Question("wrapping_paper", parse=partial(first, _PAPERS), early=True)
CARD = Question("gift_card_text", parse=str.strip, any_words=True)


class GiftWrapForm(TaskForm):
    """Asks which paper and what is on the card."""

    topic = Topic(
        "gift_wrap",
        "Inpakken als cadeau",
        slots={"wrapping_paper": "Papier", "gift_card_text": "Tekst op het kaartje"},
    )

    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """The paper, the card, and whether it is right."""
        return (PAPER, CARD, CONFIRM)

    async def check(self, question: Question, value: Any, answers: Answers) -> Step:
        """A card has little room."""
        if question == CARD and len(str(value).split()) > _MOST_WORDS:
            return RefusedAnswer()
        return Accepted(value)

    async def prompt(self, question: Question, answers: Answers) -> Prompt:
        """The whole, before it is noted."""
        if question != CONFIRM:
            return Prompt()
        values = {"paper": answers[PAPER.slot], "card": answers[CARD.slot]}
        return Prompt("utter_confirm_gift_wrap", values)


class ActionGiftWrap(Action):
    """Notes the wrapping that was confirmed."""

    def name(self) -> str:
        """Name in rules."""
        return "action_gift_wrap"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says what was noted."""
        paper = tracker.get_slot(PAPER.slot)
        Replies(dispatcher, domain).say("utter_gift_wrap_noted", paper=paper)
        return []
