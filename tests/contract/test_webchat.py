"""The web chat over real HTTP, as a browser (or worse) meets it."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.catalogue import say
from bot.knowledge import pages
from bot.messages import Choice, Option, Quote, Text
from bot.process.watchdog import answers
from bot.store.notify import notifier
from channels.webchat.session import Session, Sessions
from tests.support import assistant_root
from tests.support.webchat import Backstage, Server, running

pytestmark = pytest.mark.usefixtures("own_words")

ID = b"3f0b0c5e-37a0-4a6e-9a3f-0123456789ab"
#: A page of the assistant.
PAGE = min(pages.load(assistant_root.ROOT))
QUOTE = Quote("Gratis.", "Gratis.", "Retour", "/kennis/retour")
SECRET = "a secret for tests that is long enough"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(
        tmp_path_factory.mktemp("web"), LOKET_ALLOWED_ORIGINS="https://www.winkel.nl"
    ) as server:
        yield server


@pytest.fixture(scope="module")
def backstage(server: Server) -> Iterator[Backstage]:
    backstage = Backstage(server.folder)
    yield backstage
    backstage.close()


class Customer:
    """One browser: a token and the calls that a page makes."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=f"{url}/webchat/", timeout=20)
        self.token = self.http.post("session", json={}).json()["token"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def send(self, text: str, number: str | None = None, **more: Any) -> httpx.Response:
        return self.http.post("messages", json={"id": number or str(uuid4()), "text": text, **more})

    @contextmanager
    def events(self, cursor: str | None = None) -> Iterator[Iterator[tuple[str, str, Any]]]:
        headers = {"Last-Event-ID": cursor} if cursor else {}
        with self.http.stream("GET", "events", headers=headers) as response:
            assert response.status_code == 200
            assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
            yield parsed(response.iter_lines())

    def replay(self, cursor: str | None = None) -> list[tuple[str, str]]:
        """Cursor and text of everything there is, up to the first state."""
        found = []
        with self.events(cursor) as events:
            for name, number, data in events:
                if name == "state":
                    break
                found.append((number, data["text"]))
        return found


def parsed(lines: Iterator[str]) -> Iterator[tuple[str, str, Any]]:
    """Event, id and data of each event."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            key, _, value = line.partition(": ")
            fields[key] = value
            continue
        if "data" in fields:
            yield fields["event"], fields.get("id", ""), json.loads(fields["data"])
        fields = {}


Visit = Callable[[Server], Customer]


@pytest.fixture
def visit() -> Iterator[Visit]:
    """Lets a new customer come in at a server."""
    with ExitStack() as stack:

        def come_in(server: Server) -> Customer:
            customer = Customer(server.url)
            stack.callback(customer.http.close)
            return customer

        yield come_in


@pytest.fixture
def customer(server: Server, visit: Visit) -> Customer:
    return visit(server)


# Messages


def test_a_message_is_stored_once_and_answered_fast(
    customer: Customer, backstage: Backstage
) -> None:
    """202 before anybody has read it; the same id again is a duplicate."""
    number = str(uuid4())
    first = customer.send("eenmalig bericht", number)
    assert (first.status_code, first.json()) == (202, {"duplicate": False})
    assert customer.send("eenmalig bericht", number).json() == {"duplicate": True}
    assert backstage.received().count("eenmalig bericht") == 1


async def test_fifty_identical_posts_at_once_are_one_message(
    server: Server, customer: Customer, backstage: Backstage
) -> None:
    """All are accepted, one is new."""
    body = {"id": str(uuid4()), "text": "vijftig keer"}
    headers = {"Authorization": f"Bearer {customer.token}"}
    limits = httpx.Limits(max_connections=50)
    async with httpx.AsyncClient(base_url=server.url, limits=limits, timeout=30) as http:
        posts = [http.post("/webchat/messages", json=body, headers=headers) for _ in range(50)]
        answers = await asyncio.gather(*posts)
    assert {answer.status_code for answer in answers} == {202}
    assert sum(not answer.json()["duplicate"] for answer in answers) == 1
    assert backstage.received().count("vijftig keer") == 1


def test_two_customers_may_use_one_id(visit: Visit, server: Server, backstage: Backstage) -> None:
    """An id belongs to its sender."""
    number = str(uuid4())
    answers = [visit(server).send("zelfde kenmerk", number) for _ in range(2)]
    assert [answer.json()["duplicate"] for answer in answers] == [False, False]
    assert backstage.received().count("zelfde kenmerk") == 2


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (b'{"id": "%s", "text": " "}' % ID, 400, "leeg"),
        (b'{"id": "%s", "text": "a", "x": 1}' % ID, 400, "veld"),
        (b'{"hallo": "wereld"}', 400, "veld"),
        (b"geen json", 400, "gelezen"),
        (b'{"id": "1", "text": "a"}', 400, "kenmerk"),
        (b'{"id": "%s", "text": "%s"}' % (ID, b"a" * 10_001), 413, "10.000"),
        (b" " * 70_000, 413, "groot"),
    ],
    ids=["empty", "unknown-field", "other-json", "no-json", "no-uuid", "too-long", "too-large"],
)  # fmt: skip
def test_bad_input_gets_a_reason_in_dutch(
    customer: Customer, body: bytes, status: int, word: str
) -> None:
    """And the conversation goes on."""
    answer = customer.http.post("messages", content=body)
    assert answer.status_code == status
    assert word in answer.json()["error"]
    assert customer.send("daarna gewoon verder").status_code == 202


def test_five_megabytes_are_refused(customer: Customer) -> None:
    """413, not a broken connection, and without keeping the body."""
    answer = customer.http.post("messages", content=b"a" * 5 * 1024 * 1024)
    assert answer.status_code == 413
    assert answer.json()["error"].endswith(".")


@pytest.mark.parametrize(
    "text", ["🙂👍🏽", "a" * 10_000, "où est mon colis?", "a\x00b\x1b[31m", "/start"]
)
def test_strange_text_is_accepted(customer: Customer, text: str) -> None:
    """Whatever it means, somebody will answer it."""
    assert customer.send(text).status_code == 202


def test_floods_are_slowed_down(visit: Visit, server: Server) -> None:
    """After a burst 429 with a time to wait, for this customer only."""
    flooder, other = visit(server), visit(server)
    answers = [flooder.send(f"vloed {number}") for number in range(90)]
    slowed = [answer for answer in answers if answer.status_code == 429]
    assert slowed
    assert {answer.status_code for answer in answers} == {202, 429}
    assert int(slowed[0].headers["Retry-After"]) >= 1
    assert "Wacht" in slowed[0].json()["error"]
    assert other.send("ik ben er ook").status_code == 202


# Sessions


def test_a_session_is_renewed_for_the_same_customer(server: Server) -> None:
    """Half its life old, a token is replaced; the conversation stays."""
    old = Session("ab" * 16, datetime.now(UTC) - timedelta(days=20))
    token = Sessions(SECRET).token(old)
    answer = httpx.post(f"{server.url}/webchat/session", json={"token": token}).json()
    assert answer["token"] != token
    assert answer["conversation"] == old.storage_key


@pytest.mark.parametrize("body", ['{"token": 1}', '{"other": 1}', "[]", "nee"])
def test_a_session_request_of_another_form_is_refused(server: Server, body: str) -> None:
    """400 with a reason."""
    answer = httpx.post(f"{server.url}/webchat/session", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def expired() -> str:
    old = Session("ab" * 16, datetime.now(UTC) - timedelta(days=31))
    return f"Bearer {Sessions(SECRET).token(old)}"


def forged() -> str:
    other = Sessions("another secret that is long enough, too")
    return f"Bearer {other.token(other.start(datetime.now(UTC)))}"


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", "Bearer", "Bearer x.y", "Basic eDp5"),
        pytest.param(expired(), id="expired"),
        pytest.param(forged(), id="forged"),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "messages"), ("GET", "events"), ("GET", "transcript")]
)
def test_nobody_gets_in_without_a_good_token(
    server: Server, method: str, path: str, header: str | None
) -> None:
    """Missing, damaged, forged and expired tokens: 401 with a Dutch sentence."""
    headers = {} if header is None else {"Authorization": header}
    body = {"id": str(uuid4()), "text": "hoi"} if method == "POST" else None
    answer = httpx.request(method, f"{server.url}/webchat/{path}", headers=headers, json=body)
    assert answer.status_code == 401
    assert "verlopen" in answer.json()["error"]


def test_a_forged_token_at_the_door_gives_a_new_customer(server: Server) -> None:
    """Never somebody else's conversation."""
    answer = httpx.post(f"{server.url}/webchat/session", json={"token": forged()[7:]})
    assert answer.status_code == 200


def test_one_customer_never_sees_anothers_messages(visit: Visit, server: Server) -> None:
    """Everybody has a stream and a transcript of their own."""
    first, second = visit(server), visit(server)
    first.send("mijn geheim")
    assert second.replay() == []
    assert "geheim" not in second.http.get("transcript").text


# Origins


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "session"), ("POST", "messages"), ("GET", "events"), ("GET", "transcript"),
     ("OPTIONS", "messages")],
)  # fmt: skip
def test_other_websites_are_refused(customer: Customer, method: str, path: str) -> None:
    """403; no leave to ask for more, and the page may read why."""
    origin = "https://evil.example"
    answer = customer.http.request(method, path, headers={"Origin": origin})
    assert answer.status_code == 403
    readable = None if method == "OPTIONS" else origin
    assert answer.headers.get("access-control-allow-origin") == readable
    assert answer.json() == {"error": "Deze website mag de chat niet gebruiken."}


def test_a_refused_website_is_in_the_log_once(server: Server, customer: Customer) -> None:
    """With the setting that allows it."""
    for _ in range(3):
        customer.http.post("session", headers={"Origin": "https://vergeten.example"})
    told = [line for line in server.log.read_text().splitlines() if "vergeten.example" in line]
    assert len(told) == 1
    assert "origin_refused" in told[0]
    assert "LOKET_ALLOWED_ORIGINS" in told[0]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:99999", "evil.example:x", "[::1"])
def test_the_host_header_opens_nothing(customer: Customer, host: str) -> None:
    """A page whose name was made to resolve to this machine is not our own; no port is a 500."""
    for origin, status in ((f"http://{host}", 403), ("https://www.winkel.nl", 204)):
        answer = customer.http.options("messages", headers={"Host": host, "Origin": origin})
        assert answer.status_code == status


def test_an_allowed_website_may_call(customer: Customer) -> None:
    """Preflight, answer and error are readable for it."""
    origin = {"Origin": "https://www.winkel.nl"}
    ask = customer.http.options("messages", headers=origin)
    assert ask.status_code == 204
    assert "authorization" in ask.headers["access-control-allow-headers"]
    number = str(uuid4())
    good = customer.http.post("messages", json={"id": number, "text": "hoi"}, headers=origin)
    bad = customer.http.post("messages", json={"x": 1}, headers=origin)
    refused = customer.http.get("transcript", headers=origin | {"Authorization": "Bearer x"})
    assert [good.status_code, bad.status_code, refused.status_code] == [202, 400, 401]
    for answer in (ask, good, bad, refused):
        assert answer.headers["access-control-allow-origin"] == "https://www.winkel.nl"
        assert answer.headers["vary"] == "Origin"


def test_the_widget_can_be_loaded_from_anywhere(server: Server) -> None:
    """A module script of another host is fetched with CORS."""
    answer = httpx.get(f"{server.url}/webchat/loket-chat.js", headers={"Origin": "https://x.nl"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-type"].startswith("text/javascript")
    again = httpx.get(answer.url, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_script_is_kept_for_good_and_sent_packed(server: Server) -> None:
    """Under a name that changes with it; what names it is asked for each time."""
    entry = httpx.get(f"{server.url}/webchat/loket-chat.js")
    assert entry.headers["cache-control"] == "no-cache"
    (named,) = re.findall(r'"\./(loket-chat-\w{12}\.js)"', entry.text)
    where = f"{server.url}/webchat/{named}"
    packed = httpx.get(where, headers={"Accept-Encoding": "br, gzip", "Origin": "https://x.nl"})
    plain = httpx.get(where, headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert packed.text == plain.text
    for answer in (packed, plain):
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["access-control-allow-origin"] == "*"
    (style,) = re.findall(r"loket-chat-\w{12}\.css", plain.text)
    assert httpx.get(f"{server.url}/webchat/{style}").headers["content-type"].startswith("text/css")


# Events


def test_the_stream_replays_and_then_goes_on(customer: Customer, backstage: Backstage) -> None:
    """First what there is, then who answers, then what comes."""
    customer.send("eerste vraag")
    with customer.events() as events:
        name, _, data = next(events)
        assert (name, data["author"], data["text"]) == ("message", "customer", "eerste vraag")
        assert next(events)[::2] == ("state", {"owner": "bot"})
        backstage.answer(
            "eerste vraag", Choice("Welke?", (Option("Ja", "/affirm"), Option("Nee", "/deny")))
        )
        assert next(events)[2]["notice"] == "disclosure"
        choice = next(events)[2]
        assert [option["payload"] for option in choice["options"]] == ["/affirm", "/deny"]
        backstage.say(Text("Met Samira."), author="human", owner="human")
        assert next(events)[2]["author"] == "human"
        assert next(events)[::2] == ("state", {"owner": "human"})


def test_one_answer_with_all_there_is(customer: Customer, backstage: Backstage) -> None:
    """For a browser whose streams are held back: it ends by itself, and goes on from a cursor."""
    customer.send("eerste")
    backstage.answer("eerste", Text("antwoord"))
    answer = customer.http.get("events", params={"once": ""})
    told = list(parsed(iter(answer.text.splitlines())))
    assert [name for name, _, _ in told] == ["message"] * 3 + ["state"]
    headers = {"Last-Event-ID": told[2][1]}
    again = customer.http.get("events", params={"once": ""}, headers=headers)
    assert [name for name, _, _ in parsed(iter(again.text.splitlines()))] == ["state"]


def test_the_stream_goes_on_where_it_broke_off(customer: Customer, backstage: Backstage) -> None:
    """From any entry's cursor: everything after it, nothing twice."""
    customer.send("vraag een")
    backstage.answer("vraag een", Text("antwoord een"))
    customer.send("vraag twee")
    backstage.answer("vraag twee", Text("antwoord twee"))
    whole = customer.replay()
    texts = [text for _, text in whole]
    assert texts[::2] == ["vraag een", "antwoord een", "antwoord twee"]
    for index, (cursor, _) in enumerate(whole):
        assert [text for _, text in customer.replay(cursor)] == texts[index + 1 :]


@pytest.mark.parametrize("cursor", ["x", "i1", "i-1.o0", "i1.o1; drop table", "9" * 400])
def test_a_cursor_that_is_none_starts_anew(customer: Customer, cursor: str) -> None:
    """The browser knows what it has shown already."""
    customer.send("hoi")
    assert [text for _, text in customer.replay(cursor)] == ["hoi"]


def test_a_new_stream_begins_with_the_newest_two_hundred(
    customer: Customer, backstage: Backstage
) -> None:
    """A long conversation opens fast; what is older stays in the transcript."""
    customer.send("lang gesprek")
    backstage.answer("lang gesprek", *(Text(f"deel {number}") for number in range(250)))
    texts = [text for _, text in customer.replay()]
    assert len(texts) == 200
    assert texts[-1] == "deel 249"
    assert "deel 0\r\n" in customer.http.get("transcript").text


def test_what_was_streamed_counts_as_sent(customer: Customer, backstage: Backstage) -> None:
    """The outbox row says that the customer got it."""
    customer.send("bezorgd?")
    backstage.answer("bezorgd?", Text("ja"))
    assert backstage.statuses()[-1] == "queued"
    with customer.events() as events:
        while next(events)[0] != "state":
            pass
        deadline = time.monotonic() + 30
        while backstage.statuses()[-1] != "sent":
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_a_disclosure_is_on_record_as_far_as_it_came(
    customer: Customer, backstage: Backstage
) -> None:
    """Sent when the stream took it; delivered when the customer had it in sight."""
    customer.send("wie bent u?")
    backstage.answer("wie bent u?", Text("een assistent"))
    assert [each.status for each in backstage.disclosures()] == ["offered"]
    shown = customer.replay()

    def becomes(status: str) -> bool:
        deadline = time.monotonic() + 30
        while backstage.disclosures()[-1].status != status:
            assert time.monotonic() < deadline, backstage.disclosures()
            time.sleep(0.02)
        return True

    with customer.events() as events:  # a stream that is read on
        next(events)
        assert becomes("sent")
    customer.replay(shown[-1][0])
    assert backstage.disclosures()[-1].status == "sent"
    newest = shown[-1][0].partition(".")[2]
    assert customer.http.post("seen", json={"entry": newest}).status_code == 204
    assert becomes("delivered")
    (kept,) = backstage.disclosures()
    assert kept.sent_at is not None
    assert kept.delivered_at is not None


def test_what_was_in_sight_is_delivered(
    visit: Visit, server: Server, customer: Customer, backstage: Backstage
) -> None:
    """Only to the customer who saw it, however others name it."""
    customer.send("ziet u dit?")
    backstage.answer("ziet u dit?", Text("dit is te zien"))
    newest = customer.replay()[-1][0].partition(".")[2]
    stranger = visit(server)
    stranger.send("ik ook")
    assert stranger.http.post("seen", json={"entry": newest}).status_code == 204
    assert "delivered" not in backstage.statuses()[-2:]
    assert customer.http.post("seen", json={"entry": newest}).status_code == 204
    assert backstage.statuses()[-2:] == ["delivered"] * 2


@pytest.mark.parametrize("entry", ["i1", "o0", "o", "o-1", "9" * 30, "o" + "9" * 30, 3, None])
def test_what_names_no_message_was_not_in_sight(customer: Customer, entry: object) -> None:
    """A reason, and no failure."""
    answer = customer.http.post("seen", json={"entry": entry})
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_customer_says_whether_a_quote_helped(
    visit: Visit, server: Server, customer: Customer, backstage: Backstage
) -> None:
    """Only the one to whom it was said, as often as wanted; nobody answers that."""
    customer.send("wat kost het?")
    backstage.answer("wat kost het?", QUOTE, Text("dat was het"))
    quote, text = (cursor.partition(".")[2] for cursor, _ in customer.replay()[-2:])
    stranger = visit(server)

    def vote(who: Customer, entry: str, helpful: object) -> int:
        return who.http.post("votes", json={"entry": entry, "helpful": helpful}).status_code

    assert vote(stranger, quote, helpful=True) == 404
    stranger.send("ook hier")
    before = customer.replay()
    assert vote(stranger, quote, helpful=True) == 404
    assert backstage.votes() == []
    assert [vote(customer, quote, each) for each in (True, False, False)] == [204] * 3
    assert vote(customer, text, helpful=True) == 404
    assert vote(customer, quote, "ja") == 400
    assert backstage.votes() == [False]
    assert customer.replay() == before
    assert backstage.received()[-1] == "ook hier"


@pytest.mark.parametrize(
    "body",
    [{}, {"entry": "o1"}, {"entry": "i1", "helpful": True}, {"entry": "o1", "helpful": 1},
     {"entry": "o1", "helpful": True, "why": "x"}],
)  # fmt: skip
def test_what_is_no_vote_is_refused(customer: Customer, body: object) -> None:
    """A reason, and no failure."""
    answer = customer.http.post("votes", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_votes_are_slowed_down(visit: Visit, server: Server) -> None:
    """As all that a page asks for."""
    flooder = visit(server)
    body = {"entry": "o1", "helpful": True}
    answers = [flooder.http.post("votes", json=body) for _ in range(90)]
    assert {answer.status_code for answer in answers} == {404, 429}


async def test_the_desk_hears_what_arrived(
    server: Server, customer: Customer, backstage: Backstage
) -> None:
    """Its bell rings when a message has been noted as sent, so that no page shows it as waiting."""
    customer.send("komt het aan")
    await asyncio.to_thread(backstage.answer, "komt het aan", Text("dit komt aan"))
    bell = notifier.of(f"sqlite:///{server.folder / 'loket.db'}", server.folder)
    rung = threading.Event()

    def read() -> None:
        with customer.events():
            rung.wait(30)

    async with bell.listen("desk") as listener:
        reading = asyncio.create_task(asyncio.to_thread(read))
        key = await listener.wait(30)
        rung.set()
        await reading
    bell.close()
    assert key
    assert set(backstage.statuses()[-2:]) == {"sent"}


def test_another_tab_sees_the_message_at_once(customer: Customer) -> None:
    """Also the very first one, before which there was no conversation."""
    with customer.events() as events:
        assert next(events)[0] == "state"
        threading.Timer(0.2, customer.send, ["uit een ander tabblad"]).start()
        assert next(events)[2]["text"] == "uit een ander tabblad"


def test_streams_are_counted(customer: Customer) -> None:
    """A customer with more tabs than anybody has is told to wait; a closed one counts no more."""

    def opened(stack: ExitStack) -> int:
        return stack.enter_context(customer.http.stream("GET", "events")).status_code

    with ExitStack() as tabs:
        assert [opened(tabs) for _ in range(13)] == [200] * 12 + [429]
    deadline = time.monotonic() + 30
    with ExitStack() as tabs:
        while opened(tabs) != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)


# Transcript


def test_the_transcript_is_a_text_file(customer: Customer, backstage: Backstage) -> None:
    """The whole conversation in Dutch, as a download."""
    customer.send("mag ik het gesprek?")
    backstage.answer("mag ik het gesprek?", Text("Ja, met ‘Gesprek opslaan’."))
    answer = customer.http.get("transcript")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="gesprek-')
    assert f"{say('name.customer')}: mag ik het gesprek?" in answer.text
    assert f"{say('name.bot')}: Ja, met ‘Gesprek opslaan’." in answer.text


# The app around it


@pytest.mark.parametrize(
    "path", ["/", "/kennis", f"/kennis/{PAGE}", "/webchat/loket-chat.js", "/nee"]
)
def test_every_answer_is_guarded(server: Server, path: str) -> None:
    """Scripts and styles from our own files alone; nobody frames us; no type is guessed."""
    headers = httpx.get(f"{server.url}{path}", headers={"Accept": "text/html"}).headers
    policy = headers["content-security-policy"]
    for part in ("script-src 'self';", "style-src 'self';", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_a_missing_page_is_a_page_for_people_and_json_for_programs(server: Server) -> None:
    """Both say it in Dutch."""
    page = httpx.get(f"{server.url}/nee", headers={"Accept": "text/html"})
    assert (page.status_code, "Deze pagina bestaat niet." in page.text) == (404, True)
    answer = httpx.get(f"{server.url}/webchat/nee")
    assert (answer.status_code, answer.json()) == (404, {"error": "Deze pagina bestaat niet."})
    assert httpx.get(f"{server.url}/webchat/messages").status_code == 405


def test_health(server: Server, backstage: Backstage) -> None:
    """Alive by itself, and ready to take messages in; all is well when a worker is there too."""
    assert httpx.get(f"{server.url}/healthz").text == "ok\n"
    assert asyncio.run(answers("127.0.0.1", server.port))
    assert httpx.get(f"{server.url}/readyz/intake").text == "ok\n"
    answer = httpx.get(f"{server.url}/readyz")
    assert (answer.status_code, answer.text) == (
        503,
        "nobody answers: no worker has given a sign of life for 30 s\n",
    )
    backstage.beat()
    deadline = time.monotonic() + 30
    while (answer := httpx.get(f"{server.url}/readyz")).status_code == 503:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert answer.text == "ok\n"


def raw(server: Server, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while chunk := connection.recv(65536):
                answer += chunk
        except ConnectionResetError:
            pass
        return answer


@pytest.mark.parametrize(
    "data",
    [
        b"hallo\r\n\r\n",
        b"POST /webchat/messages HTTP/1.1\r\nContent-Length: veel\r\n\r\n",
        b"POST /webchat/messages HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"GET /webchat/events HTTP/9.9\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET /webchat/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\r\n\r\n",
    ],
    ids=["no-http", "length", "encoding", "version", "path", "header", "bytes-in-header"],
)  # fmt: skip
def test_what_is_no_http_never_breaks_the_server(server: Server, data: bytes) -> None:
    """A 4xx or a closed connection, and the next request is served."""
    answer = raw(server, data)
    assert not answer or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 50", b"HTTP/1.1 200"))
    assert not answer.startswith((b"HTTP/1.1 500", b"HTTP/1.1 503"))
    assert httpx.get(f"{server.url}/healthz").status_code == 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)
FIELDS = st.fixed_dictionaries({}, optional={"id": JSON, "text": JSON, "payload": JSON})
BODIES = st.binary(max_size=400) | st.one_of(JSON, FIELDS).map(json.dumps).map(str.encode)
HEADER = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60)


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with (
        running(tmp_path_factory.mktemp("fuzz")) as server,
        httpx.Client(base_url=f"{server.url}/webchat/") as http,
    ):
        yield http


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(
    body=BODIES,
    path=st.sampled_from(["messages", "session", "seen", "votes", "wipe"]),
    token=st.none() | HEADER,
    cursor=HEADER,
)
def test_no_body_makes_the_server_fail(
    fuzzed: httpx.Client, body: bytes, path: str, token: str | None, cursor: str
) -> None:
    """Three hundred malformed requests: every refusal gives a reason, none is a 5xx."""
    # A customer for each, so that no limit spares the parser.
    sessions = Sessions(SECRET)
    good = sessions.token(sessions.start(datetime.now(UTC)))
    headers = {"Authorization": f"Bearer {good if token is None else token}"}
    answer = fuzzed.post(path, content=body, headers={**headers, "Last-Event-ID": cursor})
    assert answer.status_code in (200, 202, 400, 401, 413)
    assert answer.status_code < 400 or answer.json()["error"]


# Life of the process


def test_a_restart_loses_and_doubles_nothing(visit: Visit, tmp_path: Path) -> None:
    """What was accepted is there, and a repeated message is known."""
    with running(tmp_path) as server:
        customer, number = visit(server), str(uuid4())
        customer.send("voor de herstart", number)
        assert server.stop(signal.SIGKILL) == -signal.SIGKILL
        server.start()
        assert customer.send("voor de herstart", number).json() == {"duplicate": True}
        assert [text for _, text in customer.replay()] == ["voor de herstart"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_ends_streams_at_once_and_cleanly(
    visit: Visit, tmp_path: Path, how: signal.Signals
) -> None:
    """The stream is closed properly, and the process leaves with code 0."""
    with running(tmp_path) as server:
        customer = visit(server)
        with customer.events() as events:
            next(events)
            code = server.stop(how)
            assert list(events) == []
        assert code == 0
        server.start()


def test_a_stop_right_after_the_start_is_heeded(tmp_path: Path) -> None:
    """Also while Sanic is still starting up, when its own handler would stop the wrong thing."""
    with running(tmp_path) as server:
        for _ in range(2):
            assert server.stop() in (0, -signal.SIGTERM)
            server.start()


def test_it_starts_without_the_model() -> None:
    """Neither Rasa nor TensorFlow is imported: they alone take ten seconds."""
    program = "import sys, bot.web; print({'rasa', 'tensorflow', 'rasa_sdk'} & set(sys.modules))"
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout == "set()\n"


def test_a_port_in_use_is_a_sentence(server: Server, tmp_path: Path) -> None:
    """It names the port and the way out."""
    second = Server(tmp_path, port=server.port)
    found = subprocess.run(
        second.command, env=second.env, capture_output=True, text=True, timeout=20, check=False
    )
    assert f"ConfigurationError: Port {server.port} is in use" in found.stderr
    assert "LOKET_PORT" in found.stderr


@pytest.mark.parametrize(
    ("proxies", "limited"), [("0", True), ("1", False)], ids=["untrusted", "trusted"]
)
def test_forwarded_addresses_count_only_behind_a_trusted_proxy(
    tmp_path: Path, proxies: str, *, limited: bool
) -> None:
    """Otherwise anybody could escape the limit with a header."""
    with running(tmp_path, LOKET_TRUSTED_PROXIES=proxies) as server:
        with httpx.Client() as http:
            codes = {
                http.post(
                    f"{server.url}/webchat/session",
                    headers={"X-Forwarded-For": f"198.51.100.{number % 250}"},
                ).status_code
                for number in range(160)
            }
        assert (429 in codes) is limited


def test_logs_hold_nothing_of_the_customer(visit: Visit, tmp_path: Path) -> None:
    """Neither text, token nor payload, also when input is refused."""
    with running(tmp_path, LOKET_LOG_LEVEL="DEBUG") as server:
        customer = visit(server)
        customer.send("GEHEIM jansen@example.nl")
        customer.http.post("messages", content=b'{"GEHEIM": 1}')
        customer.http.get("events", headers={"Authorization": "Bearer GEHEIM"})
        raw(server, b"GEHEIM\r\n\r\n")
        server.stop()
        log = server.log.read_text()
        server.start()
    assert "GEHEIM" not in log
    assert customer.token not in log
