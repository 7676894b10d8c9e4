"""The actions between tasks: greeting, stopping, and offering what the bot can help with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action

from bot.dialogue import paused_tasks, second_request
from bot.dialogue.actions.clarify import rejected
from bot.dialogue.actions.opening_hours import asks_another_day
from bot.dialogue.buttons import person
from bot.dialogue.carried_out import just_carried_out, told_only
from bot.dialogue.choice_patterns import says
from bot.dialogue.message_reading import newest, read_message, since_message
from bot.dialogue.noted_proof import claimed_in, noted
from bot.dialogue.reinterpret import by_content, reinterpreted_as
from bot.dialogue.replies import ALREADY_DONE, CANCELLED_BRIEFLY, Replies
from bot.dialogue.said_again import breaks_off
from bot.dialogue.task import Events
from bot.dialogue.withdrawals import outside_task as withdraws
from bot.dutch.question_grammar import is_question

#: Words such as "ik heb een vraag": they ask to be heard, not to be greeted again.
_QUESTION = r"\bvra(ag|gen)"
#: Words such as "en die van mijn vrouw?": with a number they ask the same about another one.
_AND_THIS = r"^(en|of|ook)\b"
#: "Nee, dank u": nothing more is wanted.
_NO_THANKS = r"^\W*nee\b.*\b(dank|bedankt|dankjewel|dankuwel|prima)\b"


def _channel(tracker: Any) -> str | None:
    channel: str | None = tracker.get_latest_input_channel()
    return channel


class ActionGreet(Action):
    """Greets with the tasks asked for most; within a form only greets."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_greet"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Greets."""
        message = read_message(tracker, "")
        if tracker.active_loop_name:
            response = "utter_greet_again" if message.renewed else "utter_greet_briefly"
        else:
            response = "utter_go_ahead" if says(_QUESTION, message.typed) else "utter_greet"
        Replies(dispatcher, domain).say(response)
        return []


class ActionAnythingElse(Action):
    """Offers the next step after an answer; says nothing in a form, which asks its own question."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_anything_else"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Offers what was asked in the same breath; else asks whether there is anything else."""
        if tracker.active_loop_name:
            return second_request.forget(tracker) if second_request.is_answered(tracker) else []
        replies = Replies(dispatcher, domain)
        offered = second_request.offer(tracker, replies, "utter_second_request")
        if offered is not None:
            return offered
        if (resumed := paused_tasks.resume(tracker, domain)) is not None:
            return [*resumed, *second_request.forget(tracker)]
        if not breaks_off(since_message(tracker.events)):
            replies.say("utter_anything_else")
        return second_request.forget(tracker)


class ActionTopics(Action):
    """Shows what the bot can help with, as buttons; says nothing in a form."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_topics"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Offers the tasks; after a wrong guess those that were not guessed."""
        if tracker.active_loop_name:
            return []
        if (content := by_content(tracker)) is not None:
            return content
        replies, wrong = Replies(dispatcher, domain), rejected(tracker.events)
        message = read_message(tracker, "")
        if not wrong and (withdraws(message) or says(_NO_THANKS, message.typed)):
            return reinterpreted_as("cancel_task", newest(tracker.events), _channel(tracker))
        if wrong:
            rest = [item for intent, item in replies.topics.items() if intent not in wrong]
            replies.say("utter_clarify_else", rest)
        else:
            replies.say("utter_topics")
        return []


class ActionCancelTask(Action):
    """Stops what was going on; nothing was changed."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_cancel_task"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Ends the form and offers the tasks; where nothing goes on it is a friendly end."""
        left = any(event.get("event") == "active_loop" for event in since_message(tracker.events))
        replies = Replies(dispatcher, domain)
        if left:
            offered = second_request.offer(tracker, replies, "utter_second_request_left")
            if offered is not None:
                return offered
            if (resumed := paused_tasks.resume(tracker, domain)) is not None:
                replies.say(CANCELLED_BRIEFLY)
                return resumed
        elif just_carried_out(tracker.slots, tracker.events):
            replies.say(ALREADY_DONE, [person()])
            return []
        replies.say("utter_cancelled" if left else "utter_nothing_to_cancel")
        return []


class ActionInform(Action):
    """Keeps data that came without a question, such as a number, and asks what it is for."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_inform"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Keeps the data, so that the task need not ask for it again, and asks what it is for."""
        replies, message = Replies(dispatcher, domain), read_message(tracker, "")
        if asks_another_day(tracker):
            return reinterpreted_as("opening_hours", newest(tracker.events), _channel(tracker))
        values = {each.name: each.value for each in message.entities}
        last = tracker.get_slot("topic")
        runs = f"{last}_form" in domain.get("forms", {})
        again = runs and says(_AND_THIS, message.typed)
        if again and claimed_in(values):
            return reinterpreted_as(last, newest(tracker.events), _channel(tracker))
        if runs and is_question(message.typed) and told_only(tracker.slots):
            # "Dus donderdag?" behind what was told: what is known, once more.
            return reinterpreted_as(last, newest(tracker.events), _channel(tracker))
        events = noted(values, tracker.slots)
        replies.say("utter_inform_noted" if events else "utter_inform")
        return events
