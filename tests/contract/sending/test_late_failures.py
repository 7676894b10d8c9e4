"""A provider takes a message and tells later that it failed: decided on as a refusal at once.

However often it says so, in whatever order with its other receipts.
"""

from __future__ import annotations

from typing import Literal

import pytest

from bot.delivery.failure_policy import MOST_TOLD_LATER
from bot.messages import Text
from bot.store.conversation import optouts
from tests.contract.adapters.base import Accepted, RefusesLater, Why
from tests.contract.sending.line import Line
from tests.contract.test_channels import call

pytestmark = pytest.mark.usefixtures("own_words")


def refuse(line: Line, why: Why, times: int = 1) -> str:
    """Has the provider refuse the next messages after it took them; returns its code."""
    code = line.adapter.late.get(why)
    if code is None:
        pytest.skip("this provider never tells of that")
    assert isinstance(line.provider, RefusesLater)
    line.provider.refuse_later(*[code] * times)
    return code


def tell(
    line: Line, about: Accepted, status: Literal["sent", "delivered", "failed"] = "failed"
) -> None:
    """The provider calls."""
    told = line.adapter.status(about, status)
    assert told is not None
    assert call(line.web, told) in (200, 204)


async def sent(line: Line, count: int) -> Accepted:
    """The newest message, when the provider has so many, and Loket knows."""
    await line.until(lambda: len(line.provider.accepted) == count)
    query = "SELECT count(*) FROM deliveries WHERE status IN ('sent', 'delivered')"

    def known() -> bool:
        with line.mailbox.database.read() as conn:
            return bool(conn.exec_driver_sql(query).scalar_one())

    await line.until(known)
    return line.provider.accepted[-1]


async def test_a_message_that_cannot_arrive_is_shown(line: Line) -> None:
    """As one that was refused at once, to a person who decides."""
    code = refuse(line, "unreachable")
    (row,) = line.mailbox.say(Text("komt dit aan?"))
    async with line.delivering():
        first = await sent(line, 1)
        for _ in range(3):
            tell(line, first)
        await line.until(lambda: line.mailbox.status(row) == "failed")
        tell(line, first, "sent")
        assert line.mailbox.status(row) == "failed"
        assert [status for status, _ in line.lost()] == ["failed"]
        assert line.adapter.id == "sms-kannel" or line.lost()[0][1] == code
        tell(line, first, "delivered")
        assert line.mailbox.status(row) == "delivered"
    assert len(line.provider.accepted) == 1


async def test_trouble_told_later_is_tried_again_once(line: Line) -> None:
    """What is told of the first copy after that does not count for the second."""
    refuse(line, "trouble")
    (row,) = line.mailbox.say(Text("komt dit aan?"))
    async with line.delivering():
        first = await sent(line, 1)
        for _ in range(3):
            tell(line, first)
        second = await sent(line, 2)
        assert (second.text, second.provider_id) != (first.text, first.provider_id)
        for _ in range(3):
            tell(line, first)
        assert line.mailbox.status(row) == "sent"
        tell(line, second, "delivered")
        for about in (first, second):
            tell(line, about)
            assert line.mailbox.status(row) == "delivered"
    assert line.texts() == ["komt dit aan?"] * 2
    assert line.lost() == []


async def test_what_arrived_never_fails(line: Line) -> None:
    """A failure that comes late and out of order is none."""
    (row,) = line.mailbox.say(Text("komt dit aan?"))
    if line.adapter.status(Accepted("", ""), "failed") is None:
        pytest.skip("this provider sends no receipts")
    async with line.delivering():
        first = await sent(line, 1)
        tell(line, first, "delivered")
        for _ in range(2):
            tell(line, first)
            assert line.mailbox.status(row) == "delivered"
    assert len(line.provider.accepted) == 1


async def test_what_waits_behind_it_comes_behind_it(line: Line) -> None:
    """The line of a conversation keeps its order."""
    refuse(line, "trouble")
    line.mailbox.say(Text("een"))
    async with line.delivering():
        first = await sent(line, 1)
    tell(line, first)
    (last,) = line.mailbox.say(Text("twee"))
    async with line.delivering():
        await line.until(lambda: line.mailbox.status(last) == "sent")
    assert line.texts() == ["een", "een", "twee"]
    assert line.lost() == []


async def test_what_was_overtaken_is_left_to_a_person(line: Line) -> None:
    """To send it behind what was said after it would tell things in the wrong order."""
    code = refuse(line, "trouble")
    first, second = line.mailbox.say(Text("een"), Text("twee"))
    async with line.delivering():
        await line.until(lambda: line.mailbox.status(second) == "sent")
        tell(line, line.provider.accepted[0])
        await line.until(lambda: line.mailbox.status(first) == "failed")
    assert line.texts() == ["een", "twee"]
    assert line.mailbox.status(second) == "sent"
    assert line.lost() == [("failed", f"overtaken {code}")]


async def test_it_is_not_tried_for_ever(line: Line) -> None:
    """The provider takes each copy, and may charge for it."""
    code = refuse(line, "trouble", 99)
    (row,) = line.mailbox.say(Text("komt dit aan?"))
    async with line.delivering():
        for count in range(1, MOST_TOLD_LATER + 2):
            tell(line, await sent(line, count))
        await line.until(lambda: line.mailbox.status(row) == "failed")
    assert len(line.provider.accepted) == MOST_TOLD_LATER + 1
    assert line.lost() == [("failed", f"kept_failing {code}")]


async def test_a_customer_who_opted_out_gets_nothing_more(line: Line) -> None:
    """The carrier says so only when it has the message."""
    refuse(line, "opted_out")
    (row,) = line.mailbox.say(Text("komt dit aan?"))
    async with line.delivering():
        tell(line, await sent(line, 1))
        await line.until(lambda: line.mailbox.status(row) in ("failed", "dead"))
        (more,) = line.mailbox.say(Text("en dit?"))
        await line.until(lambda: line.mailbox.status(more) == "dead")
    assert [error for _, error in line.lost()] == ["opted_out", "opted_out"]
    assert len(line.provider.accepted) == 1
    with line.mailbox.database.read() as conn:
        assert optouts.is_out(conn, line.adapter.channel, line.adapter.sender)
