"""The messaging window: how long after a customer's last message a provider takes ours. Pure.

The one place that computes it: the courier, the desk's pages and its acts all ask here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class MessagingWindow:
    """The messaging window of a customer at one moment.

    Attributes:
        is_open: whether a message may go out now.
        closes: when it closes (aware); None: never, or the customer never wrote.
    """

    is_open: bool
    closes: datetime | None = None


def messaging_window(
    length: timedelta | None, last_inbound_at: datetime | None, now: datetime
) -> MessagingWindow:
    """The window of a customer. It is closed at the very moment that its length has passed.

    Args:
        length: how long a customer may be written to (`ChannelProfile.window`); None: always.
        last_inbound_at: when the customer last wrote (aware); None: never, so it never opened.
        now: the present, aware.
    """
    if length is None:
        return MessagingWindow(is_open=True)
    if last_inbound_at is None:
        return MessagingWindow(is_open=False)
    closes = last_inbound_at + length
    return MessagingWindow(now < closes, closes)
