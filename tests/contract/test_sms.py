"""The SMS webhooks over real HTTP: what only SMS has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import httpx
import pytest
from sqlalchemy import select

from bot.store.conversation import addresses, optouts
from bot.store.sql import tables
from bot.store.sql.database import Database
from channels.sms.twilio import PATH, STATUS_PATH
from tests.contract.adapters.base import Call
from tests.contract.adapters.sms import (
    ADAPTERS,
    PUBLIC,
    SENDER,
    KannelAdapter,
    KannelServer,
    TwilioAdapter,
    TwilioServer,
    message,
    signed,
)
from tests.providers import kannel
from tests.support.webchat import Server, running


@dataclass(slots=True)
class Line:
    """Loket's web process with both gateways, and its store."""

    server: Server
    database: Database

    def call(self, call: Call) -> httpx.Response:
        """A request of a gateway's."""
        url = self.server.url + call.path
        return httpx.request(call.method, url, headers=call.headers, content=call.body, timeout=20)

    def received(self) -> list[tuple[str, str | None, str]]:
        """Text, attachment and state of everything kept, in order."""
        with self.database.read() as conn:
            columns = tables.inbox.c
            query = select(columns.text, columns.attachment, columns.status).order_by(columns.id)
            return [(row.text, row.attachment, row.status) for row in conn.execute(query)]

    def is_out(self, number: str) -> bool:
        with self.database.read() as conn:
            return optouts.is_out(conn, "sms", number)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder = tmp_path_factory.mktemp("sms")
    with TwilioServer() as by_twilio, KannelServer() as by_kannel:
        environment = {
            **TwilioAdapter().environment(by_twilio),
            **KannelAdapter().environment(by_kannel),
        }
        with running(folder, **environment) as server:
            database = Database(f"sqlite:///{folder / 'loket.db'}")
            yield Line(server, database)
            database.dispose()


def test_both_gateways_are_one_conversation(line: Line) -> None:
    """The customer's answer goes by the gateway of the last message."""
    answers = [line.call(adapter.text(f"both{adapter.id}", "hoi")) for adapter in ADAPTERS]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [row[0] for row in line.received()[-2:]] == ["hoi", "hoi"]
    with line.database.read() as conn:
        assert addresses.latest(conn, "sms", SENDER) == f"kannel:{SENDER}"
        found = conn.execute(select(tables.conversations.c.address)).scalars().all()
    assert found.count(SENDER) == 1


def test_answers_hold_no_message(line: Line) -> None:
    """Twilio gets TwiML that says nothing; Kannel, which would send it on, gets nothing."""
    by_twilio, by_kannel = (line.call(a.text(f"quiet{a.id}", "hoi")) for a in ADAPTERS)
    assert by_twilio.headers["content-type"] == "text/xml"
    assert by_twilio.text.endswith("<Response/>")
    assert by_kannel.content == b""


@pytest.mark.parametrize("changed", [b"&Body=meer", b"&Nieuw=", b"&NumMedia=9"])
def test_every_field_is_signed(line: Line, changed: bytes) -> None:
    """A field more, blank or double, breaks the signature."""
    before = line.received()
    good = TwilioAdapter().text("SMfields", "stuur mij alles")
    answer = line.call(Call("POST", PATH, good.headers, good.body + changed))
    assert (answer.status_code, answer.content) == (403, b"")
    assert line.received() == before


def test_the_public_address_is_signed(line: Line) -> None:
    """Not the one a proxy calls, nor the one in a header that anybody can send."""
    body = urlencode(message("SMproxy", "hoi")).encode()
    assert line.call(signed(PATH, body, public=line.server.url)).status_code == 403
    elsewhere = signed(PATH, body, public="https://elders.example")
    elsewhere.headers["X-Forwarded-Host"] = "elders.example"
    assert line.call(elsewhere).status_code == 403
    assert line.call(signed(PATH, body, public=PUBLIC)).status_code == 200


def test_an_address_with_a_query_is_signed_with_it(line: Line) -> None:
    """As it stands in Twilio's console."""
    body = urlencode(message("SMquery", "hoi")).encode()
    assert line.call(signed(f"{PATH}?land=nl&x=%2B", body)).status_code == 200
    call = signed(f"{STATUS_PATH}?key=1.0.0", b"MessageSid=SM1&MessageStatus=sent")
    assert line.call(call).status_code == 200
    moved = Call("POST", f"{STATUS_PATH}?key=2.0.0", call.headers, call.body)
    assert line.call(moved).status_code == 403


def test_a_picture_is_no_empty_message(line: Line) -> None:
    """It is kept as what it is, so that the bot can say that it cannot see it."""
    fields = message("MMpicture", "", NumMedia="1", MediaContentType0="image/jpeg", MediaUrl0="x")
    assert line.call(signed(PATH, urlencode(fields).encode())).status_code == 200
    assert line.received()[-1] == ("", "image", "new")


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda each: each.id)
def test_stop_and_start(line: Line, adapter: TwilioAdapter | KannelAdapter) -> None:
    """Recorded at once, and never handed to the bot."""
    number = {"sms-twilio": "+31610000003", "sms-kannel": "+31610000004"}[adapter.id]
    assert line.call(adapter.text(f"stop{adapter.id}", "Stop", number)).status_code == 200
    assert line.is_out(number)
    assert line.received()[-1] == ("Stop", None, "done")
    assert line.call(adapter.text(f"stop{adapter.id}", "Stop", number)).status_code == 200
    assert line.call(adapter.text(f"aan{adapter.id}", "aan", number)).status_code == 200
    assert not line.is_out(number)
    assert line.received()[-1] == ("aan", None, "done")


def test_twilio_tells_who_opted_out(line: Line) -> None:
    """By its own judgement of a message, and by error 21610 in a receipt."""
    fields = message("SMjudged", "Ik wil dit niet meer", "+31610000001", OptOutType="STOP")
    assert line.call(signed(PATH, urlencode(fields).encode())).status_code == 200
    assert line.is_out("+31610000001")
    to = quote("+31610000002")
    body = f"MessageSid=SM9&MessageStatus=failed&ErrorCode=21610&To={to}".encode()
    assert line.call(signed(STATUS_PATH, body)).status_code == 200
    assert line.is_out("+31610000002")


def test_kannel_bytes(line: Line) -> None:
    """A text in another charset is read as what it is; bytes that are no text do no harm."""
    query = f"secret={kannel.SECRET}&from=%2B31612345678&to=13013&id=bytes&ts=1795455820"
    path = "/webhooks/sms/kannel"
    call = Call("GET", f"{path}?{query}&charset=windows-1252&text=caf%E9+%80")
    assert line.call(call).status_code == 200
    assert line.received()[-1][0] == "café €"
    for tail in ("%00%ff%fe", "%", "%zz&&&=", "%F0%9F"):
        answer = line.call(Call("GET", f"{path}?{query}{len(tail)}&text={tail}"))
        assert answer.status_code == 200


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda each: each.id)
def test_one_number_is_one_customer(line: Line, adapter: TwilioAdapter | KannelAdapter) -> None:
    """However it is spelled: one conversation, one address to write to, one opt-out."""
    number = {"sms-twilio": "+31620000001", "sms-kannel": "+31620000002"}[adapter.id]
    digits = number.removeprefix("+31")
    spellings = (number, f"0031{digits}", f"0{digits}", f"31{digits}")
    for place, spelling in enumerate(spellings):
        call = adapter.text(f"spelled{adapter.id}{place}", f"regel {place}", spelling)
        assert line.call(call).status_code == 200
    with line.database.read() as conn:
        known = conn.execute(select(tables.conversations.c.address)).scalars().all()
        assert [each for each in known if each.endswith(digits)] == [number]
        gateway = adapter.id.removeprefix("sms-")
        assert addresses.latest(conn, "sms", number) == f"{gateway}:{number}"
    for place, spelling in enumerate(spellings):
        stop = adapter.text(f"silence{adapter.id}{place}", "stop", spelling)
        start = adapter.text(f"again{adapter.id}{place}", "start", spellings[place - 1])
        assert line.call(stop).status_code == 200
        assert line.is_out(number)
        assert line.call(start).status_code == 200
        assert not line.is_out(number)


def test_a_refusal_is_of_the_same_customer(line: Line) -> None:
    """Whatever spelling Twilio's receipt has."""
    body = b"MessageSid=SM10&MessageStatus=failed&ErrorCode=21610&To=0620000003"
    assert line.call(signed(STATUS_PATH, body)).status_code == 200
    assert line.is_out("+31620000003")


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda each: each.id)
def test_a_short_code_is_a_customer_as_it_is(
    line: Line, adapter: TwilioAdapter | KannelAdapter
) -> None:
    """It has no country; a sender's name cannot be answered, and is not taken in."""
    code = {"sms-twilio": "3011", "sms-kannel": "3012"}[adapter.id]
    assert line.call(adapter.text(f"code{adapter.id}", "hoi", code)).status_code == 200
    assert line.call(adapter.text(f"name{adapter.id}", "hoi", "Bank")).status_code == 200
    with line.database.read() as conn:
        known = conn.execute(select(tables.conversations.c.address)).scalars().all()
    assert code in known
    assert "Bank" not in known


def test_who_writes_by_rcs_is_the_same_customer(line: Line) -> None:
    """One conversation; the log says what an answer by RCS needs."""
    for sender in (SENDER, f"rcs:{SENDER}"):
        fields = message(f"SM{len(sender)}rcs", "via rcs", sender)
        assert line.call(signed(PATH, urlencode(fields).encode())).status_code == 200
    with line.database.read() as conn:
        query = select(tables.inbox.c.conversation_id).where(tables.inbox.c.text == "via rcs")
        found = conn.execute(query).scalars().all()
    assert len(found) == 2
    assert len(set(found)) == 1
    logged = line.server.log.read_text()
    assert "rcs_answered_by_sms" in logged
    assert SENDER not in logged


def test_a_sender_of_another_kind_is_named(line: Line) -> None:
    """It cannot be answered; whoever connected it reads so."""
    before = line.received()
    fields = message("SMother", "hoi", "messenger:1234567890")
    assert line.call(signed(PATH, urlencode(fields).encode())).status_code == 200
    assert line.received() == before
    logged = line.server.log.read_text()
    assert "sender_kind_unknown" in logged
    assert "1234567890" not in logged
