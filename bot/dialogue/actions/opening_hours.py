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
        asked = _asked(read_message(tracker, ""))
        if asked is not None and asked > today:
            replies.say("utter_opening_hours_day", sentence=say_hours(asked, today, hours))
            return [SlotSet("asked_day", asked.isoformat())]
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
    return about_hours and _asked(read_message(tracker, "")) is not None


def _asked(message: TurnMessage) -> date | None:
    """The day a message names, or None."""
    holidays, today = runtime.hours().holidays, runtime.today()
    return _named(message.typed, holidays, today) or _day(message.entity("date"))


def _day(entity: Any) -> date | None:
    try:
        return date.fromisoformat(str(entity.value)) if entity else None
    except ValueError:
        return None


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
