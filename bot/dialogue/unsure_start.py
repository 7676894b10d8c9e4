"""Tells which message must not start a task yet, so that the task is offered as a button. Pure.

A task that begins by asking for a number, where somebody only told or asked something, is
taken for not having listened. A tap costs less.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from bot.acts.acts import ACT, ActShares
from bot.dialogue.starting_intents import form_started_by
from bot.dialogue.turn_message import CERTAIN
from bot.dialogue.withdrawals import drops_in_words, in_so_many_words, withdrawn_before

#: Below this confidence a report or a question starts nothing. Fitted: of 140 held-out messages
#: that start a task (tests/nlu) 6 are asked back, one of them rightly; of 31 wrong starts by
#: reports and questions that were found by playing customers 14.
BAR: Final = 0.85
#: From this share on a message is a report or a question, and from this one surely a question.
_MAIN: Final = 0.5
_SURE: Final = 0.8
#: From this share on it is a question that asks for nothing, unless its words may do so.
ASKED: Final = 0.6
#: Begins as a request in a question's form does: "kan ik", "mag dat", "wilt u", "hoe zeg ik op".
_MAY: Final = re.compile(
    r"^\W*(?:(?:en|maar|hoi|hallo|goede?(?:morgen|middag|navond)|dag|vraagje)\b[\s,:.!]*)*"
    r"(?:ka\w*|kun\w*|ma?g|mogen|wil\w*|zou\w*|hoe|waar|is het mogelijk|ik)\b",
    re.IGNORECASE,
)
#: Asks how something stands: "is mijn aanvraag al binnen", "welke dag komt u". Who asks for
#: a change in a question says "kan", "mag", "wilt u" or "hoe".
_STATE: Final = re.compile(
    r"^\W*(?:(?:en|maar|hoi|hallo|goede?(?:morgen|middag|navond)|dag|vraagje|weet u|weten jullie"
    r"|kunt u (?:zien|zeggen)|ik wil (?:graag |alleen |even )*weten)\b[\s,:.!]*)*"
    r"(?:of\b.*\bal\b|is|zijn|was|wanneer|hoe ?lang|welke dag|op welke dag|hoe laat|heb(?:ben)?"
    r"|hebt|heeft|komt?|staat|blijft|wordt|ligt)\b",
    re.IGNORECASE | re.DOTALL,
)


def is_unsure_start(
    message: Mapping[str, Any] | None, domain: Mapping[str, Any], *, done: bool = False
) -> bool:
    """Whether a message names a task, and may well not ask for it.

    Args:
        message: Rasa's parse of it; None: there is none.
        domain: the assistant's, as actions get it.
        done: whether a task was carried out a moment ago, which the message may be about.
    """
    parse = message or {}
    intent, acts = parse.get("intent") or {}, ActShares(parse.get(ACT) or {})
    name = str(intent.get("name"))
    if not acts.shares or not form_started_by(name, domain):
        return False
    share, sure = acts.of("report", "question", "object"), float(intent.get("confidence") or 0.0)
    text = str(parse.get("text") or "")
    if done and drops_in_words(text):
        return True
    if withdrawn_before(text, acts) and (sure < CERTAIN or in_so_many_words(text)):
        return True
    told = share >= _MAIN and share > acts.of("request", "data", "person")
    if told and sure < BAR:
        return True
    # What has to be different in its summary is asked of a task that changes something.
    task = form_started_by(name, domain).removesuffix("_form")
    changes = f"utter_edit_{task}" in (domain.get("responses") or {})
    asked = acts.of("question")
    return changes and (
        (asked >= _SURE and _STATE.match(text) is not None)
        or (asked >= ASKED and _MAY.match(text) is None)
    )
