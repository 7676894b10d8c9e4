"""Turns a conversation's new messages into the provider's messages. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from bot.conversation.option_matching import asks
from bot.records.outbox_message import OutboxMessage
from bot.store.delivery.delivery_planning import Planned
from channels.protocol import JoinsTurn, PushChannel
from channels.rendering import by_words
from channels.send_results import Part


def plan(channel: PushChannel, messages: Sequence[OutboxMessage]) -> list[Planned]:
    """The provider's messages for a conversation's messages, in order.

    A channel that joins turns gets the answers to one message together, with numbers before the
    options of the last question alone. A message that cannot be rendered is planned with its error,
    and the others go on.
    """
    if isinstance(channel, JoinsTurn):
        messages = _numbered_once(messages)
    single = [_rendered(channel, message) for message in messages]
    if not isinstance(channel, JoinsTurn):
        return single
    planned: list[Planned] = []
    pairs = zip(messages, single, strict=True)
    for (asked, failed), group in groupby(pairs, key=lambda pair: _turn(*pair)):
        turn = [each for _, each in group]
        if asked is None or failed:
            planned += turn
        else:
            parts = [part for each in turn for part in each.parts]
            rows = tuple(row for each in turn for row in each.rows)
            planned.append(Planned(rows, channel.join(parts)))
    return planned


def _numbered_once(messages: Sequence[OutboxMessage]) -> list[OutboxMessage]:
    """The messages, with options by their words wherever something is asked later in the turn."""
    found: list[OutboxMessage] = []
    asked: set[int] = set()
    for each in reversed(messages):
        below = each.inbox_id in asked
        found.append(replace(each, message=by_words(each.message)) if below else each)
        if each.inbox_id is not None and asks(each.message):
            asked.add(each.inbox_id)
    return found[::-1]


def _turn(message: OutboxMessage, planned: Planned) -> tuple[int | None, bool]:
    return message.inbox_id, bool(planned.error)


def _rendered(channel: PushChannel, message: OutboxMessage) -> Planned:
    rows = (message.id,)
    try:
        parts: Sequence[Part] = channel.render(message.message, str(message.id))
    except Exception as error:  # noqa: BLE001 - one bad message must not stop a conversation
        return Planned(rows, (), f"not_rendered {type(error).__name__}")
    return Planned(rows, parts) if parts else Planned(rows, (), "empty")
