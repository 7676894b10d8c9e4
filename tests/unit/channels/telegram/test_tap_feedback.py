"""What happens to a keyboard when it is tapped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.messages import Choice, Inbound, Option
from channels.telegram import Telegram
from channels.telegram.events import Tap
from channels.telegram.tap_feedback import TapFeedback, chosen
from tests.providers.telegram import BotApi, impatient

CHAT = "555000111"


@pytest.fixture
def api() -> Iterator[BotApi]:
    """A Bot API with one message with buttons in a chat."""
    with BotApi() as server:
        question = Choice("Klopt dit?", (Option("Ja", "/affirm"), Option("Nee", "/deny")))
        server.deliver(int(CHAT), Telegram.preview_only().render(question, "17")[0])
        yield server


@pytest.fixture
async def courtesy(api: BotApi) -> AsyncIterator[TapFeedback]:
    """Looks after taps."""
    made = TapFeedback(impatient(api.url).api())
    yield made
    await made.aclose()


def tap(title: str = "Ja", shown: int | None = 1000, text: str = "Klopt dit?") -> Tap:
    """A tap on the message in the chat."""
    return Tap(Inbound("telegram", CHAT, "5", title, "17.0"), "query-5", shown, text)


async def until(api: BotApi, calls: int) -> None:
    """Waits for so many calls."""
    async with asyncio.timeout(30):
        while len(api.calls) < calls:
            await asyncio.sleep(0.01)


async def test_a_tap_is_answered_and_the_choice_stands_there(
    api: BotApi, courtesy: TapFeedback
) -> None:
    """The button stops spinning; the keyboard makes place for the words chosen."""
    courtesy.show(tap())
    await until(api, 2)
    (message,) = api.sent
    assert api.answered == ["query-5"]
    assert (message.text, message.keyboard) == ("Klopt dit?\n\nUw keuze: Ja", [])


async def test_without_words_the_keyboard_goes(api: BotApi, courtesy: TapFeedback) -> None:
    """A keyboard that was used does not stay active."""
    courtesy.show(tap(title=""))
    await until(api, 2)
    (message,) = api.sent
    assert (message.text, message.keyboard) == ("Klopt dit?", [])


async def test_an_old_message_stays_as_it_is(api: BotApi, courtesy: TapFeedback) -> None:
    """Telegram does not let a bot change it; the tap is answered all the same."""
    courtesy.show(tap(shown=None, text=""))
    await until(api, 1)
    await asyncio.sleep(0.05)
    assert [method for method, _ in api.calls] == ["answerCallbackQuery"]


async def test_a_second_delivery_changes_nothing(api: BotApi, courtesy: TapFeedback) -> None:
    """Telegram refuses the second answer, and nobody minds."""
    courtesy.show(tap())
    await until(api, 2)
    courtesy.show(tap())
    await until(api, 3)
    assert api.sent[0].text.count("Uw keuze") == 1


def test_a_long_question_loses_its_keyboard_only() -> None:
    """The words chosen must not make a message too long."""
    assert chosen(tap(text="x" * 4096)) == ""
