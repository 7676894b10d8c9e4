"""Whatever stands in the place of an id, the answer is that there is no such thing: never a crash.

Over the app's own routes, as a supervisor, as an agent and as nobody, on both databases.
"""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.settings_loading import load_settings
from bot.store.desk import agents
from bot.store.sql.database import Database
from bot.web.app import create_app
from tests.support.desk import NOW
from tests.support.desk_people import PAGE, Browser, password_hash, signed_in
from tests.support.webchat import Server, running

#: An id of the right form that nobody has.
UNKNOWN = "f" * 32
FIELDS = {
    "text": "Hallo",
    "client_id": "x" * 32,
    "team": "bezorging",
    "note": "",
    "settled": "Klaar",
    "result": "reached",
}
ROLES = ("supervisor", "supervisor", "agent", "nobody")
METHODS = ("GET", "GET", "POST", "POST", "HEAD", "PUT")
#: All channels, so that their webhooks are routes too.
CHANNELS = {
    "WHATSAPP_TOKEN": "t",
    "WHATSAPP_PHONE_NUMBER_ID": "1",
    "WHATSAPP_APP_SECRET": "s",
    "WHATSAPP_VERIFY_TOKEN": "v",
    "TELEGRAM_TOKEN": "1:t",
    "TELEGRAM_SECRET": "s",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "t",
    "TWILIO_FROM": "+3197012345678",
}


@dataclass
class Desk:
    """A server with an agent, a supervisor and nobody, each with what their browser sends."""

    server: Server
    headers: dict[str, dict[str, str]] = field(default_factory=dict)

    def ask(self, method: str, target: str, role: str, *, page: bool) -> int:
        """The status of the answer to a request whose path is sent as it stands."""
        conn = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        body = "&".join(f"{key}={quote(value)}" for key, value in FIELDS.items())
        headers = {**self.headers[role], "Accept": PAGE if page else "application/json"}
        if method not in ("GET", "HEAD"):
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            conn.request(method, target, None if method in ("GET", "HEAD") else body, headers)
            answer = conn.getresponse()
            answer.close()
            return answer.status
        finally:
            conn.close()


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    url = f"sqlite:///{folder / 'loket.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("make_postgres")()
    more = {**CHANNELS, "LOKET_TRUSTED_PROXIES": "1", "LOKET_DATABASE_URL": url}
    with running(folder, **more) as server:
        found = Desk(server, {"nobody": {}})
        database = Database(url)
        with database.begin() as conn:
            for role in ("agent", "supervisor"):
                agents.add(conn, role, role, role, (), NOW, password_hash=password_hash())
        database.dispose()
        for role in ("agent", "supervisor"):
            with signed_in(server.url, role) as browser:
                found.headers[role] = _headers(browser)
        yield found


def _headers(browser: Browser) -> dict[str, str]:
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    token = browser.form("/desk/account")
    return {"Cookie": cookies, "X-CSRF-Token": token, "Origin": browser.own}


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The path of every route that has a parameter, and of those that read one from the query.

    With the method that it takes; of two GET.
    """
    folder = tmp_path_factory.mktemp("routes")
    app = create_app(load_settings({"LOKET_VAR_DIR": str(folder), "LOKET_SECRET": "x" * 40}))
    found: dict[str, str] = {}
    for route in app.router.routes:
        if "<" in route.path:
            found.setdefault(f"/{route.path}", "POST")
            if "GET" in route.methods:
                found[f"/{route.path}"] = "GET"
    queries = ["/desk/lists?c=<it>", "/desk/events?c=<it>", f"/desk/c/{UNKNOWN}?before=<it>"]
    queries += [f"/desk/c/{UNKNOWN}/older?before=<it>", "/webhooks/telegram?<it>", "/<it>"]
    assert {"/gesprek/<token:str>", "/kennis/<slug:[a-z0-9-]+>"} <= set(found)
    assert sum(path.startswith("/desk/") for path in found) >= 12
    return found | dict.fromkeys(queries, "GET")


def put(path: str, value: str) -> str:
    """The path with a value, percent-encoded, in each place of a parameter."""
    written = quote(value.encode("utf-8", "surrogatepass"), safe="")
    return re.sub(r"<[^>]*>", lambda _: written, path)


HEX = st.text("0123456789abcdef", min_size=32, max_size=32)
ODD = st.one_of(
    HEX,
    HEX,
    HEX,
    st.integers(-(10**40), 10**40).map(str),
    st.sampled_from([2**31, 2**63 - 1, 2**63, 2**64, 10**18]).map(str),
    st.text("0123456789abcdefF.-", max_size=80),
    st.tuples(HEX, st.integers(0, 10**20), st.integers(0, 10**20)).map(
        lambda parts: ".".join(map(str, parts))
    ),
    st.text(st.characters(blacklist_categories=()), max_size=40),
    st.text("\x00\n\r\t\ud800\udfff\u0660٣a1%/?#\\'\";", max_size=40),
    st.integers(1, 6000).map(lambda count: "9" * count),
)


@settings(
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_nothing_in_the_place_of_an_id_is_more_than_unknown(
    desk: Desk, routes: dict[str, str], data: st.DataObject
) -> None:
    """No method, role or client gets a 5xx out of it."""
    path = data.draw(st.sampled_from(list(routes)))
    target = put(path, data.draw(ODD))
    role, method = data.draw(st.sampled_from(ROLES)), data.draw(st.sampled_from(METHODS))
    status = desk.ask(method, target, role, page=data.draw(st.booleans()))
    assert status < 500, (method, target, role)


IDS = (UNKNOWN, "0" * 32)
NUMBERS = ("0", "1", "9" * 18)


@pytest.mark.parametrize("page", [True, False])
def test_an_unknown_conversation_is_404_for_a_supervisor_and_403_for_an_agent(
    desk: Desk, routes: dict[str, str], page: bool
) -> None:
    """On every page of it, part of a page, event and act; an agent does not learn which it is."""
    talks = [path for path in routes if path.startswith("/desk/c/<")]
    assert len(talks) >= 10
    talks.append("/desk/events?c=<it>")
    for path in talks:
        # A name that is longer than the id has its own length.
        whole = re.sub(r"<name:[^>]*\{(\d+)\}>", lambda found: "f" * int(found[1]), path)
        target = put(re.sub(r"<number:[^>]*>", "7", whole), UNKNOWN)
        if path.endswith("/older"):
            target += f"?before={UNKNOWN}.1.1"
        for role, expected in (("supervisor", 404), ("agent", 403)):
            assert desk.ask(routes[path], target, role, page=page) == expected, target


def test_unknown_numbers_are_404(desk: Desk) -> None:
    """Of users and requests to be called back, and no id at all in a query."""
    for number in (*NUMBERS, "9" * 19, "-1", "%00", "%C2%B2"):
        for method in ("GET", "POST"):
            status = desk.ask(method, f"/desk/users/{number}", "supervisor", page=True)
            assert status == (
                200 if number == "1" and method == "GET" else 422 if number == "1" else 404
            ), number
        assert desk.ask("POST", f"/desk/callbacks/{number}/done", "supervisor", page=True) == 404
    for value in ("%00", "%ED%A0%80", "x" * 5000, "A" * 32):
        assert desk.ask("GET", f"/desk/events?c={value}", "supervisor", page=False) == 404
        assert desk.ask("GET", f"/desk/events?c={value}", "agent", page=False) == 403
