"""An appointment: what it is about and on which day, made after a yes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from itertools import islice
from typing import Any

from rasa_sdk import Action

from actions.backends import appointments, office
from bot.dialogue import formatting, runtime
from bot.dialogue.buttons import Button, button, leave
from bot.dialogue.choice_patterns import first
from bot.dialogue.questions import Accepted, Answers, Prompt, Question, RefusedAnswer
from bot.dialogue.replies import Replies
from bot.dialogue.task import CONFIRM, Events, Step, TaskForm
from bot.topics.topic import Topic

#: Subjects, and how a sentence calls them.
SUBJECTS = {
    "language": "taalhulp",
    "computer": "computerhulp",
    "other": "iets anders",
}
#: The same in the summary that a person at the desk reads.
_NAMES = {
    "language": "taalhulp",
    "computer": "computerhulp",
    "other": "iets anders",
}
#: The words in which customers name a subject.
_WORDS = (
    ("language", r"\b(taal|nederlands|lezen|schrijven)\w*"),
    ("computer", r"\b(computer|laptop|digi|internet|telefoon|tablet)\w*"),
    ("other", r"\b(iets|wat) anders\b"),
)
#: Days ahead that can be planned.
MAX_DAYS_AHEAD = 60

SUBJECT = Question("appointment_subject", parse=partial(first, _WORDS), early=True, keen=True)
DAY = Question("appointment_day", entity="date")


class MakeAppointmentForm(TaskForm):
    """Asks what the appointment is about and on which day."""

    topic = Topic(
        "make_appointment",
        "Afspraak maken",
        team="programma",
        slots={SUBJECT.slot: "Onderwerp", DAY.slot: "Dag"},
        values={SUBJECT.slot: _NAMES},
    )

    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """The subject and the day; then whether it is right."""
        return (SUBJECT, DAY, CONFIRM)

    async def check(self, question: Question, value: Any, answers: Answers) -> Step:
        """A day must be one on which somebody works."""
        if question == DAY:
            return _check_day(str(value))
        return Accepted(value) if value in SUBJECTS else RefusedAnswer()

    async def prompt(self, question: Question, answers: Answers) -> Prompt:
        """Days to choose from; the whole appointment before it is made."""
        if question == DAY:
            return Prompt(buttons=_days())
        if question != CONFIRM:
            return Prompt()
        said = _said(answers[SUBJECT.slot], answers[DAY.slot])
        return Prompt("utter_confirm_make_appointment", said)


class ActionMakeAppointment(Action):
    """Makes the appointment that was confirmed."""

    def name(self) -> str:
        """Name in rules."""
        return "action_make_appointment"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Makes it and tells its number."""
        subject, day = tracker.get_slot(SUBJECT.slot), tracker.get_slot(DAY.slot)
        conversation = str(tracker.sender_id)
        made = await office.change(
            appointments.make, conversation, subject, date.fromisoformat(day)
        )
        said = _said(subject, day)
        Replies(dispatcher, domain).say("utter_appointment_made", number=made.number, **said)
        return []


def _said(subject: str, day: str) -> dict[str, str]:
    return {"subject": SUBJECTS[subject], "day": formatting.day(date.fromisoformat(day))}


def _check_day(value: str) -> Accepted | RefusedAnswer:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return RefusedAnswer(buttons=_days())
    today, said = runtime.today(), {"day": formatting.day(day).capitalize()}
    if day <= today:
        return RefusedAnswer("utter_refusal_day_past", said, _days())
    if (day - today).days > MAX_DAYS_AHEAD:
        return RefusedAnswer("utter_refusal_day_far", said, _days())
    if runtime.hours().on(day) is None:
        return RefusedAnswer("utter_refusal_day_closed", said, _days())
    return Accepted(value)


def _possible() -> Iterator[date]:
    hours, today = runtime.hours(), runtime.today()
    days = (today + timedelta(days=ahead) for ahead in range(1, MAX_DAYS_AHEAD + 1))
    return (day for day in days if hours.on(day) is not None)


def _days() -> tuple[Button, ...]:
    choices = (
        button(formatting.short_day(day), "make_appointment", date=day.isoformat())
        for day in islice(_possible(), 3)
    )
    return (*choices, leave())
