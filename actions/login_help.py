"""The actions that help with the account: steps to take, and a person when they do not work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action

from bot.dialogue.actions.clarify import ActionClarify
from bot.dialogue.choice_patterns import first, says
from bot.dialogue.message_reading import read_message, said_before
from bot.dialogue.replies import Replies
from bot.dialogue.task import Events
from bot.dialogue.turn_message import TurnMessage
from bot.topics.topic import Topic

TOPIC = Topic("login_help", "Inloggen", pages_first=True)

#: Known problems and the words they come in; each has a response `utter_login_<problem>`.
_PROBLEMS = (
    ("no_mail", r"(geen|niet).*\b(e-?mail|mailtje|mail|link)\b|\b(e-?mail|mail|link).*\bniet\b"),
    ("blocked", r"geblok|blokk|te vaak|vergrendeld|op slot"),
    ("password", r"wachtwoord|password|\bww\b|wachtwoort"),
)
#: Responses with steps to take.
LOGIN_STEPS = frozenset(f"utter_login_{name}" for name, _ in _PROBLEMS)
_CLOSE_ACCOUNT = (
    r"account\b.*\b(verwijder|ophef|op te heffen|opzeg|wis|weg|sluit|be[eë]indig)|"
    r"(verwijder|wis|sluit|hef)\w* .*account"
)


def problem(message: TurnMessage) -> str | None:
    """Which problem a message is about, or None when it does not say."""
    tapped = message.entity("login_problem")
    if tapped is not None:
        return str(tapped.value)
    return first(_PROBLEMS, message.typed)


def login_failed(tracker: Any) -> bool:
    """Whether the customer says that the steps just given do not help."""
    advised = LOGIN_STEPS & set(said_before(tracker.events))
    return bool(advised) and says(r"\b(nie?t|nog steeds|weer)\b", read_message(tracker, "").typed)


class ActionClarifyLogin(ActionClarify):
    """Takes "het werkt niet" after the steps to log in as such; else asks as the framework does."""

    def before_guessing(self, tracker: Any) -> str | None:
        """The response that offers a person, when the steps do not help."""
        return "utter_login_failed" if login_failed(tracker) else None


class ActionLoginHelp(Action):
    """Gives the steps for a problem, or asks which problem it is."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_login_help"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says the steps; every answer offers a next step of its own."""
        replies = Replies(dispatcher, domain)
        message = read_message(tracker, "")
        if says(_CLOSE_ACCOUNT, message.typed):
            replies.say("utter_account_close")
            return []
        if problem(message) is None and login_failed(tracker):
            replies.say("utter_login_failed")
            return []
        response = f"utter_login_{problem(message)}"
        replies.say(response if replies.knows(response) else "utter_login_help")
        return []
