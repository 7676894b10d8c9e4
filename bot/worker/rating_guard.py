"""The rating guard: a tapped score is kept and acknowledged, whatever the model does.

`action_rate` says it in the designers' words. This holds where its rule is gone, where it fails, or
where no model is loaded: nobody is handed over, or asked what was meant, for giving a score.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from bot.catalogue import say
from bot.conversation import built_in_messages
from bot.messages import Choice, HandOver, Option, Outbound, Rated, RatingRequest, Subject
from bot.records.conversation import Conversation
from bot.store.conversation import ratings
from bot.store.conversation.ratings import Rating
from bot.worker.turn_outcome import TurnOutcome

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: From this score down a person is offered.
LOW: Final = 2
_PAYLOAD: Final = "/rate"
_FAILED: Final = "system_failure"


def is_rating(payload: str) -> bool:
    """Whether a tapped option is a score, or the wish to give one."""
    return payload == _PAYLOAD or payload.startswith(f"{_PAYLOAD}{{")


def becomes(before: Rating | None, score: int) -> built_in_messages.ScoreOutcome:
    """The outcome that the store will give for a score. Pure.

    Args:
        before: the score that stands, or None.
        score: the new one.
    """
    if before is None or (before.score == score and before.changes == 0):
        return "given"
    return "changed" if before.changes == 0 else "final"


def kept(
    conn: Connection, conversation: Conversation, payload: str, outcome: TurnOutcome
) -> TurnOutcome:
    """The outcome as it is where the assistant took the score; else one that takes it.

    Args:
        conn: a transaction.
        conversation: the conversation, owned by the bot.
        payload: of the tapped option.
        outcome: of the assistant's turn, or of giving up on it.
    """
    score, of = score_in(payload)
    failed = any(isinstance(each, HandOver) and each.reason == _FAILED for each in outcome.effects)
    if score is None:
        if not failed and any(isinstance(each, RatingRequest) for each in outcome.messages):
            return outcome
        return _said(
            outcome, built_in_messages.quiet() if of == "bot" else built_in_messages.human_rating()
        )
    began = outcome.unwritten.sessions if outcome.unwritten else 0
    before = ratings.given(conn, conversation.id, conversation.session + began, of)
    message, effects = acknowledged(before, score, of, built_in_messages.medewerker())
    if not failed and (not effects or effects[0] in outcome.effects):
        return outcome
    return _said(outcome, message, *effects)


def score_in(payload: str) -> tuple[int | None, Subject]:
    """The score in a payload that `is_rating`, and whose it is; None: the customer gave none."""
    values = _values(payload)
    score = values.get("score")
    of: Subject = "human" if values.get("of") == "human" else "bot"
    return (score if isinstance(score, int) and score in range(1, 6) else None), of


def acknowledged(
    before: Rating | None, score: int, of: Subject, person: Option | None
) -> tuple[Choice, tuple[Rated, ...]]:
    """The acknowledgement of a score, and the effect that keeps it; none when it is final. Pure.

    Args:
        before: the score that stands, or None.
        score: the new one.
        of: the rated one.
        person: the way to a person that comes with a low score; None: it is not offered.
    """
    became = becomes(before, score)
    stands = before.score if before and became == "final" else score
    text = built_in_messages.thanks_for_score(stands, became, of)
    options = [built_in_messages.another_question()]
    if became == "given":
        options.insert(0, built_in_messages.change_rating(of))
    if person is not None and stands <= LOW:
        text = f"{text} {say('rating.look_again')}"
        options.insert(0, person)
    return Choice(text, tuple(options)), () if became == "final" else (Rated(score, of),)


def _said(outcome: TurnOutcome, message: Outbound, *effects: Rated) -> TurnOutcome:
    """The outcome with the worker's words in place of the assistant's; its own memory stays."""
    return replace(
        outcome, messages=(message,), effects=effects, intent="rate", event=None, author="system"
    )


def _values(payload: str) -> Mapping[str, Any]:
    try:
        values = json.loads(payload.removeprefix(_PAYLOAD) or "{}")
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}
