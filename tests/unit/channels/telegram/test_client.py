"""Sending: what each answer of the Bot API, or none at all, means."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog

from bot.logs import logging_setup
from bot.messages import Choice, Media, Option, RatingRequest, Text
from channels.errors import (
    Ambiguous,
    BadCredentials,
    OptedOut,
    SendError,
    Throttled,
    Unavailable,
    Undeliverable,
)
from channels.protocol import Sender, SendsFiles
from channels.telegram import Telegram
from tests.providers.telegram import TOKEN, BotApi, Trouble, impatient
from tests.support import pictures
from tests.support.logs import logging_restored

CHAT = "555000111"
HELLO = Telegram.preview_only().render(Text("Hallo."))[0]


@pytest.fixture
def api() -> Iterator[BotApi]:
    """A Bot API."""
    with BotApi() as server:
        yield server


@pytest.fixture
async def sender(api: BotApi) -> AsyncIterator[Sender]:
    """The channel's sender, impatient."""
    made = impatient(api.url).sender()
    yield made
    await made.close()


async def test_what_is_sent_arrives(api: BotApi, sender: Sender) -> None:
    """Text and keyboard come through, and Telegram's number of the message comes back."""
    choice = Choice("Klopt dit? 👍", (Option("Ja", "/affirm"), Option("Nee", "/deny")))
    (part,) = Telegram.preview_only().render(choice, "17")
    sent = await sender.send(CHAT, part, "17.0")
    (message,) = api.accepted
    assert message.provider_id == sent.provider_id
    assert (message.recipient, message.text) == (CHAT, "Klopt dit? 👍")
    assert (message.titles, message.callbacks) == (("Ja", "Nee"), ("17.0", "17.1"))
    (rating,) = Telegram.preview_only().render(RatingRequest("Cijfer?"), "18")
    await sender.send(CHAT, rating, "18.0")
    assert api.accepted[-1].titles == ("1", "2", "3", "4", "5")


async def test_an_answer_goes_to_the_topic_or_to_the_chat_when_that_is_gone(
    api: BotApi, sender: Sender
) -> None:
    """A topic can be deleted while an answer is made; the customer reads it all the same."""
    api.topics = {42}
    await sender.send(f"{CHAT}/42", HELLO, "1.0")
    api.topics = set()
    await sender.send(f"{CHAT}/42", HELLO, "2.0")
    await sender.send(CHAT, HELLO, "3.0")
    assert [each.thread for each in api.sent] == [42, None, None]
    for address in ("12/", "/12", "12/a", "terminal:1"):
        with pytest.raises(Undeliverable, match="no_chat"):
            await sender.send(address, HELLO, "4.0")


@pytest.mark.parametrize(
    ("media_type", "data", "kind"),
    [
        ("image/jpeg", pictures.photo(64, 48), "photo"),
        ("application/pdf", pictures.PDF, "document"),
    ],
    ids=["photo", "pdf"],
)
async def test_a_file_goes_where_an_answer_goes(
    api: BotApi, sender: Sender, media_type: str, data: bytes, kind: str
) -> None:
    """Into the topic, and whole into the chat when that is gone."""
    assert isinstance(sender, SendsFiles)
    file = Media("Kijk.", "https://loket.example/bestand/x", media_type, "x", "stuk")
    (part,) = Telegram.preview_only().render(file)
    api.topics = {42}
    await sender.send_file(f"{CHAT}/42", part, "1.0", data)
    api.topics = set()
    await sender.send_file(f"{CHAT}/42", part, "2.0", data)
    assert [each.thread for each in api.sent] == [42, None]
    assert api.uploads == [(kind, "stuk", data)] * 2
    with pytest.raises(Undeliverable, match="no_chat"):
        await sender.send_file("terminal:1", part, "3.0", data)


@pytest.mark.parametrize(
    ("trouble", "error", "code"),
    [
        ("429", Throttled, "429"),
        ("500", Ambiguous, "500"),
        ("html", Ambiguous, "502"),
        ("hang", Ambiguous, "timeout"),
        ("close", Ambiguous, "broken_off"),
        ("accepted", Ambiguous, "broken_off"),
        ("rubbish", Ambiguous, "unreadable_answer"),
        ("empty", Ambiguous, "unreadable_answer"),
        ("busy_page", Throttled, "429"),
    ],
)
async def test_each_trouble_says_what_to_do(
    api: BotApi, sender: Sender, trouble: Trouble, error: type[SendError], code: str
) -> None:
    """Retry, retry later, or never unasked; and the next message goes through."""
    api.misbehave(trouble)
    with pytest.raises(error) as caught:
        await sender.send(CHAT, HELLO, "1.0")
    assert caught.value.code == code
    if trouble == "429":
        assert isinstance(caught.value, Throttled)
        assert caught.value.retry_after == 2
    await sender.send(CHAT, HELLO, "2.0")
    assert api.requests == 2


async def test_an_answer_that_trickles_in_is_not_waited_for(api: BotApi, sender: Sender) -> None:
    """A byte now and then does not hold a message for ever."""
    api.misbehave("trickle")
    began = time.monotonic()
    with pytest.raises(Ambiguous):
        await sender.send(CHAT, HELLO, "1.0")
    assert time.monotonic() - began < 15  # it goes on for twenty seconds


async def test_unreachable_is_known_to_be_not_sent() -> None:
    """Nobody listens: try again. And making a sender needs no Telegram."""
    sender = impatient("http://127.0.0.1:9").sender()
    with pytest.raises(Unavailable):
        await sender.send(CHAT, HELLO, "1.0")
    await sender.close()


async def test_who_blocked_the_bot_opted_out(api: BotApi, sender: Sender) -> None:
    """A blocked bot is an opt-out; an account that is gone is not."""
    api.blocked.add(int(CHAT))
    with pytest.raises(OptedOut):
        await sender.send(CHAT, HELLO, "1.0")
    api.gone.add(7)
    with pytest.raises(Undeliverable, match="chat_not_found"):
        await sender.send("7", HELLO, "2.0")


async def test_a_revoked_token_is_an_alarm(api: BotApi, sender: Sender) -> None:
    """It is told apart from everything that passes by itself."""
    api.revoked = True
    with pytest.raises(BadCredentials):
        await sender.send(CHAT, HELLO, "1.0")


@pytest.mark.parametrize("address", ["", "terminal:abc", "-100123", "12 34", "١٢"])
async def test_what_is_no_chat_is_not_tried(api: BotApi, sender: Sender, address: str) -> None:
    """A conversation of a terminal, or a group, gets nothing."""
    with pytest.raises(Undeliverable):
        await sender.send(address, HELLO, "1.0")
    assert api.requests == 0


async def test_what_telegram_refuses_is_given_up(api: BotApi, sender: Sender) -> None:
    """The same message would be refused again."""
    with pytest.raises(Undeliverable, match="too_long"):
        await sender.send(CHAT, {"text": "x" * 4097}, "1.0")


async def test_nothing_of_it_is_logged(
    api: BotApi, sender: Sender, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not the token, which is part of each address, and not what was said."""
    with logging_restored():
        logging_setup.configure("DEBUG", "json")
        api.misbehave("rubbish")
        with pytest.raises(Ambiguous):
            await sender.send(CHAT, HELLO, "1.0")
        await sender.send(CHAT, HELLO, "2.0")
        structlog.get_logger("bot.test").debug("said_at_debug")
    logged = capsys.readouterr().err
    assert "said_at_debug" in logged
    for words in (TOKEN, TOKEN.split(":")[1], "Hallo", CHAT):
        assert words not in logged
