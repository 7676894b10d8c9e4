"""What each gateway's answers mean for a message."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import structlog

from bot.errors import ConfigurationError
from bot.logs import logging_setup
from channels.errors import (
    Ambiguous,
    BadCredentials,
    OptedOut,
    SendError,
    Throttled,
    Unavailable,
    Undeliverable,
)
from channels.sms import Kannel, Sms, Twilio, gateway
from channels.sms.gateway import SmsSender, via
from tests.providers import kannel, twilio
from tests.providers.gateway import FakeGateway, Trouble
from tests.providers.kannel import FakeKannel
from tests.providers.twilio import FakeTwilio
from tests.support.logs import logging_restored

PUBLIC = "https://loket.example"
TO = "+31612345678"


@pytest.fixture
def twilio_server() -> Iterator[FakeTwilio]:
    with FakeTwilio() as server:
        yield server


@pytest.fixture
def kannel_server() -> Iterator[FakeKannel]:
    with FakeKannel() as server:
        yield server


def quick(channel: Any) -> Any:
    """With little patience."""
    channel.timeout = 0.5
    return channel


def by_twilio(server: FakeTwilio, token: str = twilio.TOKEN, sender: str = twilio.NUMBER) -> Twilio:
    return quick(Twilio(twilio.ACCOUNT, token, sender, server.url))


def by_kannel(server: FakeKannel, password: str = kannel.PASSWORD, path: str = "") -> Kannel:
    url = server.send_url + path
    return quick(Kannel(url, kannel.USERNAME, password, kannel.SECRET))


@pytest.fixture
async def sender(twilio_server: FakeTwilio, kannel_server: FakeKannel) -> AsyncIterator[SmsSender]:
    """Through both gateways."""
    made = quick(by_twilio(twilio_server).beside(by_kannel(kannel_server))).sender(PUBLIC)
    yield made
    await made.close()


async def send(channel: Sms, text: str = "hoi", to: str = TO) -> str:
    made = channel.sender(PUBLIC)
    try:
        return (await made.send(to, {"text": text}, "12.0.1")).provider_id
    finally:
        await made.close()


async def test_twilio_sends(twilio_server: FakeTwilio) -> None:
    """Recipient, words and where to tell how it went, with our own id."""
    assert await send(by_twilio(twilio_server)) == twilio_server.messages[0].sid
    (message,) = twilio_server.messages
    assert (message.to, message.body) == (TO, "hoi")
    assert message.callback == f"{PUBLIC}/webhooks/sms/twilio/status?key=12.0.1"


async def test_twilio_service(twilio_server: FakeTwilio) -> None:
    """A messaging service sends in place of a number."""
    assert await send(by_twilio(twilio_server, sender=twilio.SERVICE))


async def test_kannel_sends(kannel_server: FakeKannel) -> None:
    """Emoji arrive, and the dlr-url carries our own id; a queue is as good as a yes."""
    kannel_server.queues = True
    assert await send(by_kannel(kannel_server), "hé 😀") == "12.0.1"
    assert await send(by_kannel(kannel_server), "één € {x}") == "12.0.1"
    first, second = kannel_server.messages
    assert (first.text, first.coding) == ("hé 😀", "2")
    assert (second.text, second.coding) == ("één € {x}", "0")
    address = urlsplit(first.dlr_url)
    assert (
        f"{address.scheme}://{address.netloc}{address.path}" == f"{PUBLIC}/webhooks/sms/kannel/dlr"
    )
    assert parse_qs(address.query) == {
        "secret": [kannel.SECRET],
        "status": ["%d"],
        "key": ["12.0.1"],
    }


async def test_the_answer_goes_where_the_question_came_from(
    sender: SmsSender, twilio_server: FakeTwilio, kannel_server: FakeKannel
) -> None:
    """By the gateway in the address; without one, by the first."""
    for address in (via("kannel", TO), via("twilio", TO), TO, via("gone", TO)):
        await sender.send(address, {"text": "hoi"}, "1.0.0")
    assert (len(kannel_server.messages), len(twilio_server.messages)) == (1, 3)
    assert {each.to for each in (*kannel_server.messages, *twilio_server.messages)} == {TO}


@pytest.mark.parametrize("text", ["", "  \n"])
async def test_nothing_is_not_sent(
    sender: SmsSender, twilio_server: FakeTwilio, kannel_server: FakeKannel, text: str
) -> None:
    """Kannel would send an empty message: neither is asked to."""
    for address in (via("kannel", TO), via("twilio", TO)):
        with pytest.raises(Undeliverable):
            await sender.send(address, {"text": text}, "1.0.0")
    assert (kannel_server.requests, twilio_server.requests) == (0, 0)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (20003, BadCredentials),
        (20005, BadCredentials),
        (21606, BadCredentials),
        (20429, Throttled),
        (21610, OptedOut),
        (21617, Undeliverable),
        (21211, Undeliverable),
        (99999, Undeliverable),
    ],
)
async def test_twilio_refuses(twilio_server: FakeTwilio, code: int, error: type[SendError]) -> None:
    """Each code is what the caller must do next."""
    twilio_server.refuse = code
    with pytest.raises(error) as caught:
        await send(by_twilio(twilio_server))
    assert caught.value.code == str(code)


async def test_twilio_checks_what_it_gets(twilio_server: FakeTwilio) -> None:
    """The fake is as strict as Twilio: too long, no number, opted out, wrong token."""
    channel = by_twilio(twilio_server)
    twilio_server.opted_out.add(TO)
    for given, code in (({"text": "a" * 1601}, "21617"), ({"to": "06123"}, "21211"), ({}, "21610")):
        with pytest.raises(SendError) as caught:
            await send(channel, **given)
        assert caught.value.code == code
    with pytest.raises(BadCredentials):
        await send(by_twilio(twilio_server, token="wrong"))


TROUBLES: list[tuple[Trouble, type[SendError]]] = [
    ("429", Throttled),
    ("500", Ambiguous),
    ("html", Ambiguous),
    ("hang", Ambiguous),
    ("close", Ambiguous),
    ("accepted", Ambiguous),
    ("rubbish", Ambiguous),
]


@pytest.mark.parametrize(("trouble", "error"), TROUBLES)
@pytest.mark.parametrize("which", ["twilio", "kannel"])
async def test_a_broken_gateway(
    twilio_server: FakeTwilio,
    kannel_server: FakeKannel,
    which: str,
    trouble: Trouble,
    error: type[SendError],
) -> None:
    """Sent perhaps is never the same as certainly not sent."""
    server: FakeGateway = twilio_server if which == "twilio" else kannel_server
    channel = by_twilio(twilio_server) if which == "twilio" else by_kannel(kannel_server)
    server.misbehave(trouble)
    with pytest.raises(error) as caught:
        await send(channel)
    if isinstance(caught.value, Throttled):
        assert caught.value.retry_after == 2
    assert await send(channel)


async def test_nobody_there() -> None:
    """A gateway that cannot be reached took nothing."""
    for url in ("http://127.0.0.1:9", "http://nowhere.invalid/x"):
        with pytest.raises(Unavailable):
            await send(Kannel(url, "a", "b", "c"))
        with pytest.raises(Unavailable):
            await send(Twilio(twilio.ACCOUNT, twilio.TOKEN, twilio.NUMBER, url))
    with pytest.raises(BadCredentials):
        await send(Kannel("nonsense", "a", "b", "c"))


async def test_kannel_refuses(kannel_server: FakeKannel) -> None:
    """A wrong password or path stops the channel; a wrong number is that customer's affair."""
    with pytest.raises(BadCredentials):
        await send(by_kannel(kannel_server, password="wrong"))
    with pytest.raises(BadCredentials):
        await send(by_kannel(kannel_server, path="x"))
    with pytest.raises(Undeliverable):
        await send(by_kannel(kannel_server), to="niemand")


def test_a_secret_kannel_cannot_carry() -> None:
    """The sentence names the variable."""
    with pytest.raises(ConfigurationError, match="KANNEL_SECRET"):
        Kannel("http://127.0.0.1/", "a", "b", "50% korting")


async def test_doctor_on_twilio(twilio_server: FakeTwilio) -> None:
    """It says what is wrong and what to do, without the token."""
    channel = by_twilio(twilio_server)
    account, webhook = await channel.checks(PUBLIC)
    assert (account.ok, webhook.ok) == (True, False)
    assert f"{PUBLIC}/webhooks/sms/twilio" in webhook.sentence
    twilio_server.webhook = f"{PUBLIC}/webhooks/sms/twilio"
    assert all(check.ok for check in await channel.checks(PUBLIC))
    twilio_server.suspended = True
    assert not any(check.ok for check in await channel.checks(PUBLIC))
    (check,) = await by_twilio(twilio_server, token="wrong").checks(PUBLIC)
    assert "TWILIO_AUTH_TOKEN" in check.sentence
    gone = Twilio(twilio.ACCOUNT, twilio.TOKEN, twilio.NUMBER, "http://127.0.0.1:9")
    (check,) = await gone.checks(PUBLIC)
    assert "TWILIO_API_URL" in check.sentence


async def test_doctor_on_kannel(kannel_server: FakeKannel) -> None:
    """A request to nobody tells whether the password is right; nothing is sent."""
    (check,) = await by_kannel(kannel_server).checks(PUBLIC)
    assert check.ok
    assert kannel.SECRET not in check.sentence
    for channel, named in (
        (by_kannel(kannel_server, password="wrong"), "KANNEL_PASSWORD"),
        (by_kannel(kannel_server, path="x"), "KANNEL_SEND_URL"),
        (Kannel("http://127.0.0.1:9", "a", "b", "c"), "KANNEL_SEND_URL"),
    ):
        (check,) = await channel.checks(PUBLIC)
        assert not check.ok
        assert named in check.sentence
    assert kannel_server.messages == []


async def test_what_waits_for_a_thread_was_not_sent(
    monkeypatch: pytest.MonkeyPatch, kannel_server: FakeKannel
) -> None:
    """When all threads hang, the others are told to come back, and the loop goes on."""
    monkeypatch.setattr(gateway, "CONNECT_TIMEOUT", 0.1)
    kannel_server.misbehave(*["hang"] * 8)
    made = by_kannel(kannel_server).sender(PUBLIC)
    sends = [made.send(TO, {"text": "hoi"}, f"{n}.0.0") for n in range(10)]
    results = await asyncio.gather(*sends, return_exceptions=True)
    await made.close()
    kinds = [type(result) for result in results]
    assert (kinds.count(Ambiguous), kinds.count(Unavailable)) == (8, 2)
    assert kannel_server.requests == 8


async def test_no_library_tells_what_was_sent(
    capsys: pytest.CaptureFixture[str], twilio_server: FakeTwilio, kannel_server: FakeKannel
) -> None:
    """At no level: addresses hold a password, a number and a text."""
    with logging_restored():
        logging_setup.configure("DEBUG", "json")
        for channel in (by_twilio(twilio_server), by_kannel(kannel_server)):
            await send(channel, "een geheim")
            with pytest.raises(SendError):
                await send(channel, "een geheim", "niemand")
        structlog.get_logger("bot.test").debug("said_at_debug")
    said = capsys.readouterr().err
    assert "said_at_debug" in said
    assert "31612345678" not in said
    assert "geheim" not in said
    assert kannel.PASSWORD not in said
