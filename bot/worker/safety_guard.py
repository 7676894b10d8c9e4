"""The safety guard: danger is answered first, whatever the model does, and with none at all.

`SafeguardPolicy` says the same in the conversation itself, so that it is remembered there. This
holds where a model is absent, fails or overlooks it, and where a person answers or is waited for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import structlog

from bot.conversation import built_in_messages, disclosure
from bot.conversation.cleaning import clean
from bot.core.interface import Assistant
from bot.messages import HandOver, Notice, Outbound, Owner, Text
from bot.safety import words
from bot.safety.kinds import TO_PERSON, Kind, answer_to
from bot.worker.turn_context import TurnContext
from bot.worker.turn_outcome import TurnOutcome, hands_over

log = structlog.get_logger(__name__)


def danger_in(turn: TurnContext, assistant: Assistant | None) -> Kind | None:
    """The danger that a customer's typed words speak of, or None.

    Args:
        turn: the turn.
        assistant: the loaded model, or None; then words alone decide.
    """
    if turn.message.inbound.payload is not None:
        return None
    text, off = clean(turn.message.inbound.text), turn.config.organisation.no_danger
    if sure := words.unmistakable(text, off):
        return sure
    if assistant is None:
        return words.likely(text, off)
    try:
        kind = assistant.danger(text)
    except Exception as error:  # noqa: BLE001 - words alone are better than no answer
        log.error("danger_failed", error=type(error).__name__)
        return words.likely(text, off)
    return None if kind in off else kind


def beside_person(kind: Kind, owner: Owner) -> TurnOutcome:
    """The outcome where a person answers or is waited for: it goes first; nobody is talked over.

    Args:
        kind: the danger.
        owner: `queued` or `human`.
    """
    said = (Text(answer_to(kind)),) if owner == "queued" else ()
    return TurnOutcome(said, author="system", danger=True)


def first(kind: Kind, outcome: TurnOutcome) -> TurnOutcome:
    """The outcome with the answer to danger in it, before all else, and the person it needs. Pure.

    Args:
        kind: the danger.
        outcome: of the assistant's turn, or of giving up on it.
    """
    handed = hands_over(outcome.effects)
    failed = handed is not None and handed.reason == "system_failure"
    messages, effects = outcome.messages, outcome.effects
    if failed:  # "something went wrong" is not what matters now
        messages = tuple(filter(_is_notice, messages))
        effects = tuple(each for each in effects if each != handed)
    if not _holds(messages, answer_to(kind)):
        told = tuple(filter(disclosure.is_disclosure, messages))
        rest = tuple(each for each in messages if each not in told)
        messages = (*told, Text(answer_to(kind)), *rest)
    if failed or (kind in TO_PERSON and handed is None):
        effects = (*effects, HandOver("danger"))
        if not any(isinstance(each, Notice) and each.notice == "to_human" for each in messages):
            messages = (*messages, built_in_messages.to_human())
    return replace(outcome, messages=messages, effects=effects)


def _is_notice(message: Outbound) -> bool:
    return isinstance(message, Notice)


def _holds(messages: Iterable[Outbound], answer: str) -> bool:
    return any(each.text.startswith(answer) for each in messages)
