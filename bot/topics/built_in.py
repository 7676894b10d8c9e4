"""The topics that every assistant has: a person, the conversation, hours and number, pages."""

from __future__ import annotations

from typing import Final

from bot.topics.topic import Topic

#: The intent that asks for a person; heard at any confidence.
ESCAPE: Final = "medewerker"
#: The intent that asks whether this is a human being; heard where any words are an answer, too.
ASK_KNOWLEDGE: Final = "ask_knowledge"
BOT_CHALLENGE: Final = "bot_challenge"
#: The intent of a score for the conversation.
RATE: Final = "rate"
#: The intent of a message about something that the assistant knows nothing of.
OUT_OF_SCOPE: Final = "out_of_scope"

_DIGRESSIONS: Final = (
    BOT_CHALLENGE, "greet", "thank", RATE, "capabilities", "transcript_request",
    "continue_elsewhere", "back_to_bot", OUT_OF_SCOPE,
)  # fmt: skip
#: The last three are Rasa's own.
_ANSWERS: Final = (
    "affirm", "deny", "inform", "another_question", "cancel_task", "nlu_fallback",
    "back", "restart", "session_start",
)  # fmt: skip

TOPICS: Final = (
    Topic(ESCAPE, kind="ending", alone=True),
    Topic("goodbye", kind="ending"),
    Topic("sensitive_matter", "Gevoelig onderwerp", "sensitive"),
    Topic("opening_hours", "Openingstijden", told=("asked_day",), fleeting=("asked_day",)),
    Topic("contact_details", "Telefoonnummer en e-mail", pages_first=True),
    Topic(ASK_KNOWLEDGE, kind="digression", told=("quoted_passage",)),
    *(Topic(name, kind="digression") for name in _DIGRESSIONS),
    *(Topic(name, kind="answer") for name in _ANSWERS),
)
