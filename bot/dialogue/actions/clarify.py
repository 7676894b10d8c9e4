"""The action on a message that is not, or not surely, understood: a question with buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from rasa_sdk import Action
from rasa_sdk.events import FollowupAction

from bot.catalogue import say
from bot.dialogue import runtime
from bot.dialogue.actions.knowledge import near_pages
from bot.dialogue.actions.opening_hours import asks_another_day
from bot.dialogue.buttons import Button, button, person
from bot.dialogue.carried_out import just_carried_out
from bot.dialogue.message_reading import NEAR, newest, read_message
from bot.dialogue.page_answers import known_pages
from bot.dialogue.reinterpret import by_task, reinterpreted_as
from bot.dialogue.replies import FORM_ASIDE, Replies
from bot.dialogue.second_request import intent_of
from bot.dialogue.task import Events
from bot.dialogue.turn_message import TurnMessage
from bot.dialogue.unsure_start import is_unsure_start
from bot.dialogue.withdrawals import drops_in_words
from bot.dialogue.withdrawals import outside_task as withdraws
from bot.dutch.question_grammar import says_mine

log = structlog.get_logger(__name__)

#: Responses that offer guesses.
_GUESSES = frozenset({"utter_clarify_two", "utter_clarify_one", "utter_dutch_only"})
#: Intents that are never guesses: the ways out, which stand beside the guesses.
_WAYS_OUT = frozenset({"deny", "medewerker"})
#: Subjects that are offered at most, beside what else can be chosen.
_GUESSED = 3
#: How likely a subject must be to be guessed of a general question that no page answers.
_LIKELY = 0.35
#: Entities that are not handed on with a guess.
_NOT_KEPT = frozenset({"second_request", "bsn", "iban"})
#: The meaning of a message that drops what was going on, in words that no example has.
WITHDRAWN = "cancel_task"


class ActionClarify(Action):
    """Asks which of two subjects is meant, or asks for other words."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_clarify"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Offers what is nearest; never the same guesses a second time. In a form that asks on."""
        replies, message = Replies(dispatcher, domain), read_message(tracker, "")
        if tracker.active_loop_name and message.intent is not None:
            # No rule answers this intent, and the form has let it go: its question still waits.
            log.warning("intent_without_rule", intent=message.intent)
            replies.say(FORM_ASIDE)
            return [FollowupAction(str(tracker.active_loop_name))]
        if (taken := by_task(tracker)) is not None:
            return taken
        if asks_another_day(tracker):
            return reinterpreted_as("opening_hours", newest(tracker.events), _channel(tracker))
        done = just_carried_out(tracker.slots, tracker.events) and drops_in_words(message.typed)
        if not tracker.active_loop_name and (done or withdraws(message)):
            return reinterpreted_as(WITHDRAWN, newest(tracker.events), _channel(tracker))
        self._ask(replies, message, tracker, domain)
        understood = (tracker.latest_message or {}).get("intent", {}).get("name") != "nlu_fallback"
        # Reached without a rule of its own, Rasa would choose this action over and over.
        return [FollowupAction("action_listen")] if understood else []

    def _ask(
        self, replies: Replies, message: TurnMessage, tracker: Any, domain: Mapping[str, Any]
    ) -> None:
        """Asks which subject is meant, or for other words."""
        parse = tracker.latest_message or {}
        unsure = is_unsure_start(parse, domain)
        pages = list(near_pages(parse.get("knowledge") or {}, known_pages()))
        subjects = {**_titled(), **replies.topics}
        # A question that no page answers is about anything: a subject must be more than near.
        general = message.is_question and not says_mine(message.typed)
        guesses = (
            beside(message.intent, parse, subjects, NEAR if general else 0.0)
            if unsure
            else nearest(parse, subjects, _LIKELY if general else NEAR)
        )
        near = [_with_values(item, parse) for item in guesses]
        wrong = {intent_of(item["payload"]) for item in near}
        other = button(say("button.something_else"), "deny")
        if own := self.before_guessing(tracker):
            replies.say(own)
        elif near and wrong in guessed_wrong(tracker.events):
            # Also what was guessed: the customer may have passed the guess over.
            known = wrong | _WAYS_OUT
            rest = [item for intent, item in replies.topics.items() if intent not in known]
            replies.say("utter_clarify_again", [person(), *near, *rest])
        elif message.is_foreign:
            replies.say("utter_dutch_only", [*near, person()])
        elif len(near) > 1:
            page = pages[:1] if message.is_question else []
            replies.say("utter_clarify_two", [*near, *page, other, person()])
        elif near:
            replies.say("utter_clarify_one", [*near, other, person()])
        elif pages:
            replies.say("utter_knowledge_near", [*pages, person()])
        elif general and not tracker.active_loop_name and replies.knows("utter_knowledge_none"):
            replies.say("utter_knowledge_none", [person()])
        else:
            replies.say("utter_rephrase")

    def before_guessing(self, tracker: Any) -> str | None:
        """The response to say instead of any guess, or None; for a subclass of the assistant's.

        Args:
            tracker: rasa-sdk's tracker.
        """
        return None


def nearest(
    message: Mapping[str, Any], topics: Mapping[str, Button], least: float = NEAR
) -> list[Button]:
    """The subjects that a message is nearest to, at most three, the nearest first.

    A person is not among them: the way to a person stands beside every guess.

    Args:
        message: Rasa's parse of it, with `intent_ranking`.
        topics: the subjects that can be offered, by intent.
        least: how likely a subject must be (0 to 1).
    """
    ranking = message.get("intent_ranking") or []
    likely = [
        topics[name]
        for item in ranking
        if float(item.get("confidence") or 0.0) >= least
        and (name := str(item.get("name"))) in topics
        and name not in _WAYS_OUT
    ]
    # Two intents that lead to the same button are one subject to a customer.
    return list({item["title"]: item for item in likely}.values())[:_GUESSED]


def _titled() -> dict[str, Button]:
    """The subjects that have a title, by intent."""
    return {each.name: button(each.title, each.name) for each in runtime.topics() if each.is_joined}


def beside(
    intent: str | None,
    message: Mapping[str, Any],
    topics: Mapping[str, Button],
    least: float = 0.0,
) -> list[Button]:
    """The task that a message may ask for, and the subjects that are nearest beside it.

    Args:
        intent: the task's.
        message: Rasa's parse.
        topics: the subjects that can be offered, by intent.
        least: how likely the others must be (0 to 1).
    """
    ranking = [
        str(item.get("name"))
        for item in message.get("intent_ranking") or ()
        if float(item.get("confidence") or 0.0) >= least
    ]
    names = dict.fromkeys((str(intent), *ranking))
    likely = [topics[name] for name in names if name in topics and name not in _WAYS_OUT]
    return list({item["title"]: item for item in likely}.values())[:_GUESSED]


def guessed_wrong(events: Sequence[Mapping[str, Any]]) -> list[set[str]]:
    """The guesses, as sets of intents, that were offered in this session and not taken.

    Args:
        events: the tracker's, oldest first.
    """
    wrong: list[set[str]] = []
    for index, event in enumerate(events):
        if event.get("event") == "session_started":
            wrong = []
        offered = _offered(event)
        if not offered:
            continue
        later = (each for each in events[index + 1 :] if each.get("event") == "user")
        answer = next(later, None)
        if answer is None or _intent(answer) not in offered | {"affirm"}:
            wrong.append(offered)
    return wrong


def rejected(events: Sequence[Mapping[str, Any]]) -> set[str]:
    """The guesses to which the newest message says no; empty when there were none.

    Args:
        events: the tracker's, oldest first.
    """
    before = list(events)
    while before and before[-1].get("event") != "user":
        before.pop()
    for event in reversed(before[:-1]):
        if event.get("event") == "user":
            break
        if event.get("event") == "bot":
            return _offered(event)
    return set()


def _offered(event: Mapping[str, Any]) -> set[str]:
    """The intents that a guess of the bot offers; empty for any other event."""
    said = (event.get("metadata") or {}).get("utter_action")
    if event.get("event") != "bot" or said not in _GUESSES:
        return set()
    buttons = (event.get("data") or {}).get("buttons") or ()
    return {intent_of(str(item["payload"])) for item in buttons} - _WAYS_OUT


def _intent(event: Mapping[str, Any]) -> str:
    return str(((event.get("parse_data") or {}).get("intent") or {}).get("name"))


def _channel(tracker: Any) -> str | None:
    channel: str | None = tracker.get_latest_input_channel()
    return channel


def _with_values(topic: Button, message: Mapping[str, Any]) -> Button:
    """The button with the values in the message, so that none has to be typed again."""
    values: dict[str, object] = {}
    for item in message.get("entities") or ():
        if item.get("entity") not in _NOT_KEPT:
            values.setdefault(str(item.get("entity")), item.get("value"))
    return button(topic["title"], intent_of(topic["payload"]), **values)
