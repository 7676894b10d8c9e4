"""What every push channel does when the network between it and its provider breaks."""

from __future__ import annotations

import asyncio

import pytest

from bot.messages import Text
from tests.contract.sending.line import Line
from tests.contract.test_channels import call
from tests.providers.faults import AFTER, BEFORE, Fault

pytestmark = pytest.mark.usefixtures("own_words")


@pytest.mark.parametrize("fault", [*BEFORE, *AFTER])
async def test_a_broken_exchange_doubles_nothing_and_loses_nothing(
    weather: Line, fault: Fault
) -> None:
    """What stays unsure is exactly what this provider cannot tell, and it is listed."""
    line, adapter = weather, weather.adapter
    weather.network.misbehave(fault)
    first, second = line.mailbox.say(Text("de eerste"), Text("de tweede"))
    taken = fault in AFTER
    async with line.delivering():
        if taken:
            await line.until(lambda: len(line.provider.accepted) == 1)
            told = adapter.status(line.provider.accepted[0], "sent")
            if told is not None and adapter.settles == "receipt":
                await line.until(lambda: line.in_doubt() == 1)
                assert await asyncio.to_thread(call, line.web, told) in (200, 204)
        await line.until(lambda: line.mailbox.status(second) == "sent")
    knows = adapter.settles == "lookup" or (taken and adapter.settles == "receipt")
    if knows:
        assert line.texts() == ["de eerste", "de tweede"]
        assert line.mailbox.status(first) == "sent"
        assert line.lost() == []
    else:
        assert line.texts() == (["de eerste", "de tweede"] if taken else ["de tweede"])
        assert line.unsure() == ["de eerste"]
        assert [status for status, _ in line.lost()] == ["dead"]


async def test_what_never_left_is_sent_when_the_provider_is_back(weather: Line) -> None:
    """Refused connections leave nothing in doubt."""
    (row,) = weather.mailbox.say(Text("de eerste"))
    async with weather.delivering():
        await weather.until(lambda: weather.mailbox.status(row) == "sent")
        weather.network.vanish()
        rows = weather.mailbox.say(Text("de tweede"), Text("de derde"))
        await weather.until(lambda: bool(weather.lost()))
        assert [status for status, _ in weather.lost()] in (["queued"], ["sending"])
        weather.network.come_back()
        await weather.until(lambda: weather.mailbox.status(rows[-1]) == "sent")
    assert weather.texts() == ["de eerste", "de tweede", "de derde"]
    assert weather.lost() == []


@pytest.mark.parametrize("fault", ["hang_before", "hang_after", "reset_before", "reset_after"])
async def test_an_outage_takes_one_message_and_no_more(weather: Line, fault: Fault) -> None:
    """Of twenty customers' messages, nineteen wait until the provider answers again."""
    senders = weather.adapter.senders(20)
    rows = []
    for number, sender in enumerate(senders):
        text = weather.adapter.text(f"7{number:02d}", "hoi", sender)
        assert await asyncio.to_thread(call, weather.web, text) == 200
        rows += weather.mailbox.say(Text(f"antwoord {number:02d}"))
    weather.network.outage(fault)
    async with weather.delivering():
        await weather.until(lambda: weather.network.hits >= 1 and weather.in_doubt() == 1)
        await weather.until(lambda: weather.network.asked >= 3)
        assert weather.network.hits == 1
        weather.network.outage(None)
        await weather.until(lambda: weather.settled(rows), 90)
    expected = {f"antwoord {number:02d}" for number in range(20)}
    assert len(weather.texts()) == len(set(weather.texts()))
    knows = weather.adapter.settles == "lookup"
    assert len(weather.unsure()) == (0 if knows else 1)
    assert set(weather.texts()) | set(weather.unsure()) == expected
