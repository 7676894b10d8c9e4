"""The task to complain: one question, then a hand-over with the answer."""

from __future__ import annotations

import re
from typing import Any, Final

from bot.conversation.escape import normalise
from bot.dialogue.choice_patterns import says
from bot.dialogue.questions import Answers, Question, RefusedAnswer, ToPerson
from bot.dialogue.task import Step, TaskForm
from bot.dialogue.turn_message import TurnMessage
from bot.topics.topic import Topic

#: Words that only say that there is a complaint, and about whom.
_ANNOUNCES: Final = (
    r"\b(?:(?:ik|we|wij|wil|wou|zou|heb|hebben|graag|even|hier|bij jullie|bij u|een|mijn) )*"
    r"(?:klacht|klachten|klagen)\b(?: (?:indienen|melden|doorgeven|doen|uiten|bij jullie|over|het"
    r"|gaat))*"
)
#: Judges without telling what happened.
_JUDGES: Final = (
    r"\b(?:(?:ik|wij) )?(?:ben|zijn|vind|word|werd)\b(?: \w+){0,3}"
    r" (?:ontevreden|boos|teleurgesteld|belachelijk|schandalig|waardeloos|zat|slecht)\b"
    r"(?: (?:over|op) (?:jullie|u|dit|alles))?"
    r"|\b(?:wat een )?(?:slechte?|waardelo\w+|belabberde|rot) ?(?:service|bedrijf|bezorging)\b"
)
#: Says that something happened, or how something is.
_HAPPENED: Final = (
    r"\b(?:is|was|waren|wordt|werd|werden|heeft|had|hadden|hebben|kreeg|krijg|kwam|komt|ging|gaat"
    r"|staat|stond|ligt|lag|zit|zat|doet|deed|reageer\w*|neemt|nam|belt|belde|gooit|gooide\w*"
    r"|wacht|wachtte|bel|help\w*|hielp|schold|uitschold|loog|liegt|belooft|ge\w{2,}(?:d|t|en)|(?:be|ver|ont|op|aan)\w{3,}(?:d|t))\b"
)
#: With fewer words besides, it tells nothing yet.
_TOLD: Final = 3


def tells(text: str) -> bool:
    """Whether words tell what happened, and not only that there is a complaint.

    Args:
        text: as it was typed.
    """
    rest = re.sub(rf"{_ANNOUNCES}|{_JUDGES}", " ", normalise(text))
    return len(rest.split()) >= _TOLD and says(_HAPPENED, rest)


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
        """Takes the first message as the answer when it tells the story already.

        Of a tap it is the message before it: "Gaat het hierover?" was asked of a story.
        """
        told = [message.typed, *(each.typed for each in message.earlier[:1])]
        story = next(filter(tells, told), None) if message.started else None
        if story is not None:
            answers.give("complaint_text", story)

    async def check(self, question: Question, value: Any, answers: Answers) -> Step:
        """Accepts any words, and hands over."""
        if not _told(str(value)):
            return RefusedAnswer()
        answers.accept(question.slot, str(value))
        return ToPerson("complaint")
