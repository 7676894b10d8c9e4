"""The actions at the end of a conversation: goodbye, and a score in one tap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from rasa_sdk import Action
from rasa_sdk.events import ActiveLoop, SlotSet

from bot.dialogue.message_reading import read_message
from bot.dialogue.reinterpret import by_content
from bot.dialogue.replies import Replies
from bot.dialogue.task import Events
from bot.messages import Rated, Subject, encode

#: From this score down a person is offered.
_LOW = 2
#: Scores that count for one subject: the first, and one change.
_GIVES = 2


class ActionGoodbye(Action):
    """Says goodbye and asks for a score, once a session."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_goodbye"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Ends any form, says goodbye, and asks for a score if none was asked.

        "Nee ik heb niets gehad" is no goodbye, but what stands behind the no.
        """
        if (content := by_content(tracker)) is not None:
            return content
        replies = Replies(dispatcher, domain)
        replies.say("utter_goodbye")
        if not tracker.get_slot("rating_asked"):
            replies.say("utter_rating_bot")
        return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("rating_asked", True)]


class ActionRate(Action):
    """Takes a score, or shows the five digits again."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_rate"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Takes the score, counted for bot and person apart; answers every tap."""
        replies, message = Replies(dispatcher, domain), read_message(tracker, "")
        named = message.entity("of")
        of: Subject = "human" if named is not None and named.value == "human" else "bot"
        given = dict(tracker.get_slot("ratings_given") or {})
        score = _score(message.entity("score"))
        if given.get(of, 0) >= _GIVES:
            replies.say("utter_rating_final")
            return []
        if score is None:
            replies.say(f"utter_rating_{of}")
            return [SlotSet("rating_asked", True)]
        replies.send(encode(Rated(score, of)))
        given[of] = given.get(of, 0) + 1
        low = score <= _LOW
        if low:
            replies.say("utter_rating_low", score=score, of=of)
        elif given[of] == 1:
            replies.say("utter_rating_thanks", score=score, of=of)
        else:
            replies.say("utter_rating_changed", score=score)
        return [
            SlotSet("ratings_given", given),
            SlotSet("rating_asked", True),
            SlotSet("offered_reason", "low_rating" if low else None),
        ]


def _score(entity: Any) -> int | None:
    """A score of 1 to 5, or None when there is none to take: a 7 was never on offer."""
    try:
        value = int(cast(Any, entity.value)) if entity is not None else 0
    except (TypeError, ValueError):
        return None
    return value if value in range(1, 6) else None
