"""STOP and START: words by which a customer ends and resumes all messages of a sender.

Carriers act on them whatever a form is asking, so a lone "stop" is never an answer.
"""

from __future__ import annotations

from typing import Final, Literal

from bot.conversation.escape import normalise

Wish = Literal["out", "in"]

OUT: Final = frozenset(("stop", "stopall", "unsubscribe", "afmelden"))
IN: Final = frozenset(("start", "unstop", "aan"))
#: Words on which Twilio itself blocks or resumes.
#: Source: https://help.twilio.com/articles/223134027
TWILIO_OUT: Final = OUT | {"cancel", "end", "quit", "revoke", "optout"}
TWILIO_IN: Final = IN | {"yes"}


def wish(
    text: str, outs: frozenset[str] = OUT, ins: frozenset[str] = IN, kind: str = ""
) -> Wish | None:
    """Whether a message, but for case and punctuation, is one of these words.

    Args:
        text: the message.
        outs: words that end all messages.
        ins: words that resume them.
        kind: what the provider made of the message (Twilio's `OptOutType`: STOP, START or HELP);
            goes before the words.
    """
    if kind.upper() in ("STOP", "START"):
        return "out" if kind.upper() == "STOP" else "in"
    said = normalise(text)
    if said in outs:
        return "out"
    return "in" if said in ins else None
