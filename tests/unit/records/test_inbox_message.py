"""Messages of a customer in the order in which they were sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Inbound
from bot.records.inbox_message import InboxMessage, in_order

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def received(number: int, sent: int | None) -> InboxMessage:
    sent_at = None if sent is None else NOW + sent * SECOND
    return InboxMessage(number, Inbound("sms", "a", str(number), "x", None, sent_at), NOW)


@given(st.lists(st.one_of(st.none(), st.integers(0, 3)), max_size=8))
def test_order_is_by_provider_time_only_when_all_have_one(times: list[int | None]) -> None:
    """Otherwise two clocks would be mixed; arrival decides among equals."""
    messages = [received(number, sent) for number, sent in enumerate(times)]
    ordered = in_order(reversed(messages))
    if None in times:
        assert ordered == tuple(messages)
    else:
        keys = [(message.inbound.sent_at or NOW, message.id) for message in ordered]
        assert keys == sorted(keys)
