"""Says in short what was told before, and offers ways on; a person first to who asks once more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.dialogue.buttons import Button, person
from bot.dialogue.replies import BREAK_LOOP, TOLD_AGAIN, TOLD_AGAIN_WAYS, Replies
from bot.dialogue.said_again import told_in_short


def tell_again(replies: Replies, fact: str) -> None:
    """Says what was told before as just that: "Dat vertelde ik al: ...".

    Args:
        replies: where it is said.
        fact: the answer in short.
    """
    replies.say(TOLD_AGAIN, fact=fact)


def offer(replies: Replies, tracker: Any, fact: str, ways: Sequence[Button]) -> None:
    """Offers ways on below what was told again; the second time a person first.

    Args:
        replies: where it is said.
        tracker: rasa-sdk's tracker.
        fact: what was told again.
        ways: what else may be meant.
    """
    if told_in_short(tracker.events, fact):
        replies.say(BREAK_LOOP, [person(), *ways])
    else:
        replies.say(TOLD_AGAIN_WAYS, [*ways, person()])
