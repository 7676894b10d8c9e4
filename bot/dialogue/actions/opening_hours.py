"""The action that tells when people can be reached."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import SlotSet

from bot.conversation.opening_hours import is_open, next_opening, say_hours, say_moment, say_week
from bot.dialogue import runtime
from bot.dialogue.message_reading import read_message, said_before
from bot.dialogue.replies import Replies
from bot.dialogue.task import Events
from bot.dialogue.turn_message import TurnMessage
from bot.dutch.day_reading import days_in

#: What customers call a holiday, and its name in the calendar.
_ALIASES = (
    (r"\b(1e|1ste|eerste) ", "eerste "),
    (r"\b(2e|2de|tweede) ", "tweede "),
    (r"\bmet (de )?kerst(mis|dagen)?\b|\bkerst(mis|dagen)?\b(?!dag|avond)", "eerste kerstdag"),
    (r"(?<!eerste )(?<!tweede )\bkerstdag\b", "eerste kerstdag"),
    (r"(?<!eerste )(?<!tweede )\b(pasen|paasdag(en)?)\b", "eerste paasdag"),
    (r"(?<!eerste )(?<!tweede )\b(pinksteren|pinksterdag(en)?)\b", "eerste pinksterdag"),
    (r"\boud ?(en|&) ?nieuw\b|\boude?jaar(savond|sdag)?\b", "oudjaarsdag"),
    (r"\bnieuwjaar\b", "nieuwjaarsdag"),
    (r"\bhemelvaart\b", "hemelvaartsdag"),
)
#: The hours of more days than this are told as those of the week.
_MOST_DAYS = 2
#: Days that have a name without being a public holiday.
_EVES = {(12, 31): "oudjaarsdag", (12, 24): "kerstavond"}


class ActionOpeningHours(Action):
    """Tells the hours: of the day asked about, or of today and the week."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_opening_hours"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says whether people are there now, and when else they are."""
        now, hours = runtime.now(), runtime.hours()
        today = now.date()
        replies = Replies(dispatcher, domain)
        asked = [day for day in _asked(read_message(tracker, "")) if day > today]
        if asked:
            sentence = " ".join(say_hours(day, today, hours) for day in asked)
            replies.say("utter_opening_hours_day", sentence=sentence)
            return [SlotSet("asked_day", asked[0].isoformat())]
        opens = next_opening(now, hours)
        if is_open(now, hours) or opens is None:
            sentence = say_hours(today, today, hours)
            replies.say("utter_opening_hours", sentence=sentence, week=say_week(hours))
        else:
            when = say_moment(opens, now)
            replies.say("utter_opening_hours_closed", when=when, week=say_week(hours))
        return []


def asks_another_day(tracker: Any) -> bool:
    """Whether a message only names another day after opening hours were told: "en morgen?"."""
    about_hours = any(n.startswith("utter_opening_hours") for n in said_before(tracker.events))
    return about_hours and bool(_asked(read_message(tracker, "")))


def _asked(message: TurnMessage) -> tuple[date, ...]:
    """The days a message names: one or two; none when it names more, or none."""
    holidays, today = runtime.hours().holidays, runtime.today()
    if (holiday := _named(message.typed, holidays, today)) is not None:
        return (holiday,)
    entity = message.entity("date")
    days = sorted(days_in(entity.value)) if entity else []
    return tuple(days) if len(days) <= _MOST_DAYS else ()


def _named(text: str, holidays: Mapping[date, str], today: date) -> date | None:
    """The next holiday that a text names ("tweede kerstdag"), or None."""
    plain = text.casefold()
    for pattern, name in _ALIASES:
        plain = re.sub(pattern, name, plain)
    named = {day: name.casefold() for day, name in holidays.items()}
    for year in (today.year, today.year + 1):
        for month_day, name in _EVES.items():
            named.setdefault(date(year, *month_day), name)
    return min((day for day, name in named.items() if day >= today and name in plain), default=None)
