"""The task to complain: one question, then a hand-over with the answer."""

from __future__ import annotations

from typing import Any

from bot.dialogue.questions import Answers, Question, RefusedAnswer, ToPerson
from bot.dialogue.task import Step, TaskForm
from bot.dialogue.turn_message import TurnMessage
from bot.topics.topic import Topic

#: From this many words on the first message already tells what happened: it is not asked again.
_TOLD = 12


def _told(text: str) -> str | None:
    """The text as it is if it holds words, else None."""
    return text if sum(char.isalpha() for char in text) >= 3 else None


WHAT_HAPPENED = Question("complaint_text", parse=_told, free=True)


class ComplaintForm(TaskForm):
    """Asks what happened and hands over; the words go along."""

    topic = Topic(
        "complaint",
        "Klacht indienen",
        team="retour_betaling",
        alone=True,
        slots={"complaint_text": "Klacht"},
    )

    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """The one question: what happened."""
        return (WHAT_HAPPENED,)

    def infer(self, message: TurnMessage, answers: Answers) -> None:
        """Takes the first message as the answer when it tells the story already."""
        if message.started and message.words >= _TOLD:
            answers.give("complaint_text", message.typed)

    async def check(self, question: Question, value: Any, answers: Answers) -> Step:
        """Accepts any words, and hands over."""
        if not _told(str(value)):
            return RefusedAnswer()
        answers.accept(question.slot, str(value))
        return ToPerson("complaint")
