"""What every push channel does when Loket speaks: within limits, in order, once.

The delivery loop and each channel's own sender against a strict fake of the provider.
"""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from bot.messages import Choice, Media, Notice, Option, Outbound, Quote, RatingRequest, Text
from tests.contract.adapters.base import Trouble
from tests.contract.sending.line import Line
from tests.contract.test_channels import call

pytestmark = pytest.mark.usefixtures("own_words")


def options(count: int, title: str = "Keuze {}") -> tuple[Option, ...]:
    return tuple(Option(title.format(number), f"/choice{number}") for number in range(count))


EVERYTHING: tuple[Outbound, ...] = (
    Notice("U chat met een AI-assistent, geen mens.", "disclosure", "1"),
    Text("Dag! Waarmee kan ik u helpen? 👍"),
    Choice("Klopt dit?", options(2)),
    Choice("Welke?", options(3)),
    Choice("Welke?", options(10)),
    Choice("Welke?", options(14)),
    Choice("Welke?", options(3, "Een titel die langer is dan een knop toelaat, nummer {}")),
    Choice("Welke?", (Option("Dezelfde", "/a"), Option("Dezelfde", "/b"))),
    Choice("x" * 1500, options(2)),
    RatingRequest("Bent u geholpen? Geef met één tik een cijfer: 1 is slecht, 5 is goed."),
    Quote("Dat mag.", "binnen 30 dagen", "Retour", "https://example.nl/r", date(2026, 10, 1)),
    Quote("Dat mag.", "binnen 30 dagen", "Retour", "/retour"),
    Quote("30", "binnen 30 dagen", "R", "https://a.nl/r#:~:text=30", None, ((7, 9),), "Let op."),
    Media("Een kaart", "https://example.nl/kaart.png", "image/png"),
    Media("Een formulier", "https://example.nl/form.pdf", "application/pdf"),
    Text("ëéèï €{}[]~^\\| ‘aanhaling’ “dubbel” … –"),
)


@pytest.mark.timeout(120)
async def test_the_provider_takes_everything_the_bot_can_say(line: Line) -> None:
    """Strict as it is about lengths and numbers."""
    rows = line.mailbox.say(*EVERYTHING)
    async with line.delivering():
        await line.until(lambda: line.mailbox.status(rows[-1]) == "sent", 90)
    assert [line.mailbox.status(row) for row in rows] == ["sent"] * len(rows)
    assert line.lost() == []


@pytest.mark.timeout(120)
async def test_a_long_text_arrives_whole_and_in_order(line: Line) -> None:
    """In pieces, none too long for a provider that measures."""
    words = [f"woord{number}" for number in range(900)]
    (row,) = line.mailbox.say(Text(" ".join(words)))
    async with line.delivering():
        await line.until(lambda: line.mailbox.status(row) == "sent", 90)
    assert len(line.texts()) > 1
    assert " ".join(line.texts()).split() == words


@pytest.mark.parametrize("trouble", ["429", "500", "html", "hang", "close"])
async def test_trouble_is_survived(line: Line, trouble: Trouble) -> None:
    """What was certainly not taken is sent again; what cannot be known is shown instead."""
    line.provider.misbehave(trouble)
    first, second = line.mailbox.say(Text("de eerste"), Text("de tweede"))
    async with line.delivering():
        await line.until(lambda: line.mailbox.status(second) == "sent")
    if line.mailbox.status(first) == "sent":
        assert line.texts() == ["de eerste", "de tweede"]
        assert line.lost() == []
    else:
        assert line.unsure() == ["de eerste"]
        assert line.texts().count("de eerste") <= 1


async def test_receipts_move_a_message_forward(line: Line) -> None:
    """In whatever order they come."""
    (row,) = line.mailbox.say(Text("komt dit aan?"))
    async with line.delivering():
        await line.until(lambda: line.mailbox.status(row) == "sent")
    (accepted,) = line.provider.accepted
    if line.adapter.status(accepted, "delivered") is None:
        pytest.skip("this provider sends no receipts")
    for status in ("delivered", "sent"):
        told = line.adapter.status(accepted, status)  # type: ignore[arg-type]
        if told is not None:
            assert call(line.web, told) in (200, 204)
        assert line.mailbox.status(row) == "delivered"
    read = line.adapter.status(accepted, "read")
    if read is not None:
        assert call(line.web, read) in (200, 204)
        assert line.mailbox.status(row) == "read"


async def test_what_is_tapped_is_what_was_offered(line: Line) -> None:
    """A tap on the button that the provider was given comes back as the option's payload."""
    line.mailbox.say(Choice("Welke?", options(3)))
    async with line.delivering():
        await line.until(lambda: len(line.provider.accepted) == 1)
    (accepted,) = line.provider.accepted
    tapped = line.adapter.tap("2", accepted, 1)
    if tapped is None:
        assert "2. Keuze 1" in accepted.text
        return
    assert accepted.titles == ("Keuze 0", "Keuze 1", "Keuze 2")
    assert call(line.web, tapped) == 200
    assert line.mailbox.payloads()[-1] == "/choice1"


async def test_a_tap_shows_that_a_message_arrived(weather: Line) -> None:
    """Whoever taps a button has it: nothing is left to decide."""
    weather.network.misbehave("reset_after")
    (row,) = weather.mailbox.say(Choice("Welke?", options(3)))
    async with weather.delivering():
        await weather.until(lambda: weather.settled([row]))
    (accepted,) = weather.provider.accepted
    tapped = weather.adapter.tap("2", accepted, 1)
    if tapped is not None:
        assert weather.unsure() == ["Welke?"]
        assert await asyncio.to_thread(call, weather.web, tapped) == 200
        assert weather.unsure() == []
        assert weather.mailbox.status(row) == "sent"
