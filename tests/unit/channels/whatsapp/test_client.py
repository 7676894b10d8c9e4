"""What happens to a message on its way to Meta: accepted, refused, or nobody knows."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from channels.errors import (
    Ambiguous,
    BadCredentials,
    SendError,
    Throttled,
    Unavailable,
    Undeliverable,
    WindowClosed,
)
from channels.http_client import Times
from channels.whatsapp import WhatsApp
from channels.whatsapp.client import GraphSender, ReadMarks
from channels.whatsapp.transport import GRAPH, HEYOO
from tests.contract.adapters.whatsapp import PHONE, USER_ID
from tests.providers.graph import PHONE_NUMBER_ID, TOKEN, Graph

PART = {"type": "text", "text": {"preview_url": False, "body": "Dag"}}


@pytest.fixture
def impatient() -> Iterator[None]:
    """Time-outs of a fraction of a second."""
    before, GRAPH.client.times = GRAPH.client.times, Times(0.3, 0.3, 0.6)
    yield
    GRAPH.client.times = before


async def test_a_number_is_written_to_with_to_and_an_id_with_recipient(
    graph: Graph, sender: GraphSender
) -> None:
    """Meta drops a user id in `to`."""
    sent = await sender.send(PHONE, PART, "1.0")
    await sender.send(USER_ID, PART, "2.0")
    assert [body.get("to") for body in graph.bodies] == [PHONE, None]
    assert [body.get("recipient") for body in graph.bodies] == [None, USER_ID]
    assert sent.provider_id == graph.accepted[0].provider_id
    assert [body["biz_opaque_callback_data"] for body in graph.bodies] == ["1.0", "2.0"]


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        *((400, code, Throttled) for code in (4, 80007, 130429, 131048, 131056, 131064)),
        (400, 131047, WindowClosed),
        (400, 131026, Undeliverable),
        (400, 131009, Undeliverable),
        (400, 100, Undeliverable),
        *((401, code, BadCredentials) for code in (190, 0, 10, 200, 131005)),
        (500, 131000, Unavailable),
        (503, 2, Unavailable),
        (400, 131016, Unavailable),
    ],
)
async def test_every_error_code_says_what_to_do_next(
    graph: Graph, sender: GraphSender, status: int, code: int, error: type[SendError]
) -> None:
    """The code is kept for whoever looks at the outbox."""
    graph.refuse(status, code)
    with pytest.raises(error) as caught:
        await sender.send(PHONE, PART, "1.0")
    assert caught.value.code == str(code)


async def test_throttling_says_how_long_and_for_whom(graph: Graph, sender: GraphSender) -> None:
    """The pair limit concerns one customer, the others everybody."""
    graph.refuse(429, 130429, Retry_After="7")
    graph.refuse(400, 131056)
    for seconds, everyone in ((7, True), (None, False)):
        with pytest.raises(Throttled) as caught:
            await sender.send(PHONE, PART, "1.0")
        assert (caught.value.retry_after, caught.value.everyone) == (seconds, everyone)


async def test_a_bad_gateway_is_no_mystery(graph: Graph, sender: GraphSender) -> None:
    """HTML with a 502: retry."""
    graph.misbehave("html", "500", "429")
    for error in (Ambiguous, Unavailable, Throttled):
        with pytest.raises(error):
            await sender.send(PHONE, PART, "1.0")
    assert (await sender.send(PHONE, PART, "1.0")).provider_id


@pytest.mark.usefixtures("impatient")
async def test_silence_and_half_an_answer_are_ambiguous(graph: Graph, sender: GraphSender) -> None:
    """Meta may have taken the message: it must not be sent again unasked."""
    graph.misbehave("hang", "close")
    for _ in range(2):
        with pytest.raises(Ambiguous):
            await sender.send(PHONE, PART, "1.0")


@pytest.mark.usefixtures("impatient")
async def test_an_answer_that_trickles_does_not_hold_a_thread() -> None:
    """A byte now and then is no answer either."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def trickle() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(65536)
                peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n")
                for _ in range(1200):
                    try:
                        peer.sendall(b"x")
                    except OSError:
                        return
                    time.sleep(0.05)

        threading.Thread(target=trickle, daemon=True).start()
        sender = channel_at(f"http://127.0.0.1:{server.getsockname()[1]}/v23.0").sender()
        began = time.monotonic()
        with pytest.raises(Ambiguous):
            await sender.send(PHONE, PART, "1.0")
        assert time.monotonic() - began < 30  # it goes on for a minute
        await sender.close()


async def test_a_closed_door_is_provably_not_sent() -> None:
    """Nobody listens: retry."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    sender = channel_at(f"http://127.0.0.1:{port}/v23.0").sender()
    with pytest.raises(Unavailable):
        await sender.send(PHONE, PART, "1.0")
    await sender.close()


async def test_the_event_loop_goes_on_meanwhile(graph: Graph, sender: GraphSender) -> None:
    """A call that hangs blocks neither the loop nor the calls for other customers."""
    graph.misbehave("hang")
    hanging = asyncio.create_task(sender.send(PHONE, PART, "1.0"))
    await asyncio.sleep(0.1)
    async with asyncio.timeout(30):
        await sender.send(USER_ID, PART, "2.0")
    assert not hanging.done()
    hanging.cancel()


async def test_connections_are_kept(graph: Graph, sender: GraphSender) -> None:
    """One connection serves one message after another."""
    for number in range(5):
        await sender.send(PHONE, PART, f"{number}.0")
    assert len(graph.opened) == 1


async def test_nothing_is_logged_about_recipients(
    graph: Graph, sender: GraphSender, caplog: pytest.LogCaptureFixture
) -> None:
    """On its own, heyoo tells the root logger whom it writes to."""
    with caplog.at_level(logging.DEBUG):
        await sender.send(PHONE, PART, "1.0")
        graph.refuse(400, 131026)
        with pytest.raises(Undeliverable):
            await sender.send(PHONE, PART, "1.0")
    assert PHONE not in caplog.text
    assert not any(record.name == "root" for record in caplog.records)


async def test_messages_are_marked_as_read(graph: Graph, channel: WhatsApp) -> None:
    """Beside the work; a refusal is nobody's problem."""
    marks = ReadMarks(channel.graph())
    marks.add(["wamid.1", "wamid.2"])
    deadline = time.monotonic() + 30
    while len(graph.read) < 2 and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    assert graph.read == ["wamid.1", "wamid.2"]
    graph.revoked = True
    marks.add(["wamid.3"])
    await asyncio.sleep(0.1)
    graph.revoked = False
    marks.add(["wamid.4"])
    while "wamid.4" not in graph.read and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    assert graph.read[2:] == ["wamid.4"]


def channel_at(url: str) -> WhatsApp:
    return WhatsApp(
        token=TOKEN,
        phone_number_id=PHONE_NUMBER_ID,
        app_secret="s",
        verify_token="v",
        graph_url=url,
    )


def test_the_library_stays_as_it_is_for_everybody_else(graph: Graph, sender: GraphSender) -> None:
    """Our connections are in our own copy of heyoo, not in the module that others import."""
    import heyoo
    import requests

    assert heyoo.requests is requests
    assert heyoo.logging is logging
    assert HEYOO.WhatsApp is not heyoo.WhatsApp
