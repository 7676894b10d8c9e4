"""Turns what Rasa says of rules that do not go together into sentences with places. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.core.content_lines import ContentLines

_CONTRADICTS: Final = re.compile(
    r"- the prediction of the action '(?P<action>[^']+)' in (?P<kind>rule|story) '(?P<name>.+?)' "
    r"is contradicting with rule\(s\) '(?P<others>.+?)'"
    r"(?: which predicted action '(?P<other>[^']+)')?\.(?=\n|\s*$)"
)
_LACKS_SLOTS: Final = re.compile(
    r"- the action '(?P<action>[^']+)' in rule '(?P<name>.+?)' does not set some of the slots .*?"
    r"Slots not set in rule '.+?': '(?P<slots>[^']+)'\. Please"
)
_LACKS_LOOP: Final = re.compile(
    r"- the form '(?P<form>[^']+)' in rule '(?P<name>.+?)' does not set the 'active_loop'"
)
_TOO_LONG: Final = re.compile(r"Found rules '(?P<names>.+?)' that contain more than \d+ user")
#: Sentences in one refusal; of more, it says how many.
_MOST: Final = 3


def sentences(complaint: str, lines: ContentLines) -> str:
    """What is wrong with which rules, and the way out; empty when it is about something else.

    Args:
        complaint: of Rasa's rule policy, as it says it.
        lines: of the content.
    """
    said = [
        *_contradictions(complaint, lines),
        *_incomplete(complaint, lines),
        *_too_long(complaint, lines),
    ]
    more = [f"And {len(said) - _MOST} more."] if len(said) > _MOST else []
    return " ".join([*said[:_MOST], *more])


def _contradictions(complaint: str, lines: ContentLines) -> Iterator[str]:
    told: set[frozenset[str]] = set()
    for found in _CONTRADICTS.finditer(complaint):
        name, others = found["name"], found["others"].split(", ")
        both = frozenset({name, *others})
        if both in told:
            continue
        told.add(both)
        against = ", ".join(f'"{each}" ({lines.rule(each)})' for each in others)
        then = f": {_does(found['other'])}" if found["other"] else ""
        yield (
            f'{lines.rule(name)}: the {found["kind"]} "{name}" goes on with '
            f"{_does(found['action'])}, and {against} goes on otherwise{then}. Keep one of them, "
            "or tell them apart by `condition:` with `slot_was_set` or `active_loop`."
        )


def _incomplete(complaint: str, lines: ContentLines) -> Iterator[str]:
    for found in _LACKS_SLOTS.finditer(complaint):
        slots = found["slots"].split(", ")
        steps = ", ".join(f"`- {slot}: null`" for slot in slots)
        yield (
            f'{lines.rule(found["name"])}: the rule "{found["name"]}" does not say what '
            f"{' and '.join(slots)} holds after {found['action']}, and other rules do. Add behind "
            f"that action `- slot_was_set:` with {steps} (or the value for which the rule holds)."
        )
    for found in _LACKS_LOOP.finditer(complaint):
        yield (
            f'{lines.rule(found["name"])}: the rule "{found["name"]}" runs {found["form"]} and '
            f"does not say whether it goes on. Add behind it `- active_loop: {found['form']}`, or "
            "`- active_loop: null` where it has ended."
        )


def _too_long(complaint: str, lines: ContentLines) -> Iterator[str]:
    for found in _TOO_LONG.finditer(complaint):
        for name in found["names"].split(", "):
            yield (
                f'{lines.rule(name)}: the rule "{name}" has more than one message of a customer. '
                "Keep one `intent` in a rule; what takes several is a story, in data/stories."
            )


def _does(action: str) -> str:
    return "waiting for the customer" if action == "action_listen" else action
