"""Draws messages for a terminal as a customer of a channel would see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.delivery.message_planning import plan
from bot.records.outbox_message import OutboxMessage
from channels.protocol import Channel, PushChannel


def drawn(channel: Channel, messages: Sequence[OutboxMessage]) -> Iterator[str]:
    """Each message as the customer gets it: a channel may put those of a turn together."""
    if isinstance(channel, PushChannel):
        for planned in plan(channel, messages):
            yield from map(channel.preview, planned.parts)
        return
    for sent in messages:
        yield from map(channel.preview, channel.render(sent.message))


def shown(channel: Channel, messages: Sequence[OutboxMessage]) -> Iterator[str]:
    """The same, indented; a provider's messages with a line between them."""
    end = "\n" if isinstance(channel, PushChannel) else ""
    return (f"{_indented(each)}{end}" for each in drawn(channel, messages))


def _indented(text: str) -> str:
    return "\n".join(f"   {line}".rstrip() for line in text.split("\n"))
