"""STOP and START: words by which a customer ends and resumes all messages of a sender.

Carriers act on them whatever a form is asking, so a lone "stop" is never an answer.
"""

from __future__ import annotations

from typing import Final, Literal

from bot.conversation.escape import normalise

#: `help`: the provider has answered a lone "help" itself.
Wish = Literal["out", "in", "help"]

OUT: Final = frozenset(("stop", "stopall", "unsubscribe", "afmelden"))
IN: Final = frozenset(("start", "unstop", "aan"))
#: Words on which Twilio itself blocks or resumes.
#: Source: https://help.twilio.com/articles/223134027
TWILIO_OUT: Final = OUT | {"cancel", "end", "quit", "revoke", "optout"}
TWILIO_IN: Final = IN | {"yes"}


#: Twilio's `OptOutType`, which it sends where it answered by itself.
#: Source: https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
_KINDS: Final[dict[str, Wish]] = {"STOP": "out", "START": "in", "HELP": "help"}


def wish(
    text: str, outs: frozenset[str] = OUT, ins: frozenset[str] = IN, kind: str = ""
) -> Wish | None:
    """Whether a message, but for case and punctuation, is one of these words.

    "Help" counts only where the provider says that it does: to everybody else it is a question.

    Args:
        text: the message.
        outs: words that end all messages.
        ins: words that resume them.
        kind: what the provider made of the message (Twilio's `OptOutType`: STOP, START or HELP);
            goes before the words.
    """
    if (told := _KINDS.get(kind.upper())) is not None:
        return told
    said = normalise(text)
    if said in outs:
        return "out"
    return "in" if said in ins else None
