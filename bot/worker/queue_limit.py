"""Limits how many customers from one network address may wait for a person at once.

Chat sessions are free, so one visitor could fill the queue with conversations and keep everybody
else waiting. What is urgent always gets through; nobody in distress is counted out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog

from bot.catalogue import say
from bot.conversation import built_in_messages
from bot.messages import Choice, HandOver, Notice, Reason
from bot.store.identity import network_origins, tallies
from bot.worker.turn_context import TurnContext
from bot.worker.turn_outcome import TurnOutcome, hands_over

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = structlog.get_logger(__name__)

_FAILED: Final[Reason] = "verification_failed"
#: Customers whose proof of identity failed may take only one in this many of the places.
_PART: Final = 3


def has_room(reason: Reason, waiting: Counter[str], most: int) -> bool:
    """Whether one more customer may wait. Pure.

    Args:
        reason: why this customer is handed over.
        waiting: how many wait from the same address, by reason.
        most: how many may.
    """
    if reason == _FAILED and waiting[_FAILED] >= max(1, most // _PART):
        return False
    return waiting.total() < most


def admitted(conn: Connection, turn: TurnContext, outcome: TurnOutcome) -> TurnOutcome:
    """The outcome as it is, or without its hand-over when too many wait from this address.

    Args:
        conn: a write transaction.
        turn: the turn, with the conversation locked, as it stood before.
        outcome: what is said and done.
    """
    before, config = turn.conversation, turn.config
    handed = hands_over(outcome.effects)
    if handed is None or before.owner in ("queued", "human"):
        return outcome
    origin = network_origins.of(conn, before.id)
    if origin is None or config.organisation.is_urgent(handed.topic, handed.reason):
        return outcome
    tallies.lock(conn, [("queue", origin)], turn.now)
    if has_room(handed.reason, network_origins.waiting(conn, origin), config.queue_per_origin):
        return outcome
    log.warning("queue_limit_reached", conversation=before.id, reason=handed.reason)
    phone = config.organisation.phone
    full = say("queue.full_call", phone=phone) if phone else say("queue.full")
    refused = Choice(full, (built_in_messages.medewerker(),))
    kept = tuple(
        said
        for said in outcome.messages
        if not (isinstance(said, Notice) and said.notice == "to_human")
    )
    others = tuple(each for each in outcome.effects if not isinstance(each, HandOver))
    return replace(outcome, messages=(*kept, refused), effects=others)
