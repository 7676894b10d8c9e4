"""Who gets in at the desk: over real HTTP, on every route there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from bot.desk.login import auth, sessions
from bot.settings_loading import load_settings
from bot.store.desk import agents, desk_sessions
from bot.store.sql import tables
from bot.store.sql.database import Database
from bot.web.app import create_app
from tests.support import desk_people
from tests.support.desk_people import PASSWORD, Browser, signed_in
from tests.support.webchat import Server, running

SCRIPT = {"Accept": "application/json"}
STREAM = {"Accept": "text/event-stream"}


@dataclass(frozen=True)
class Route:
    """One method of one route under /desk, with something in the place of each parameter."""

    method: str
    path: str
    mark: str

    @property
    def writes(self) -> bool:
        return self.method not in ("GET", "HEAD")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("desk"), LOKET_TRUSTED_PROXIES="1") as server:
        desk_people.add(server.folder, "sanne", "supervisor")
        desk_people.add(server.folder, "samira", teams=["energie_abonnementen"])
        yield server


@pytest.fixture
def store(server: Server) -> Iterator[Database]:
    database = Database(f"sqlite:///{server.folder / 'loket.db'}")
    yield database
    database.dispose()


@pytest.fixture
def browser(server: Server) -> Iterator[Browser]:
    with Browser(server.url) as browser:
        yield browser


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Route, ...]:
    """Every route under /desk, as the router knows them: a new one is in here by itself."""
    folder = tmp_path_factory.mktemp("routes")
    app = create_app(load_settings({"LOKET_VAR_DIR": str(folder), "LOKET_SECRET": "x" * 40}))
    found = []
    for route in app.router.routes:
        path = "/" + re.sub(r"<\w+:\[0-9\]\{1,18\}>", "1", route.path)
        path = re.sub(r"<[^>]*\{(\d\d)\}>", lambda found: "a" * int(found[1]), path)
        path = re.sub(r"<[^>]*>", "x", path)
        if auth.under_desk(path):
            mark = auth.required_role(route.handler)
            assert mark is not None, path
            found += [Route(method, path, mark) for method in route.methods]
    assert len(found) > 15
    return tuple(found)


def guarded(routes: tuple[Route, ...], role: str | None = None) -> list[Route]:
    return [each for each in routes if each.mark != "public" and role in (None, each.mark)]


def test_nothing_is_public_but_the_door(routes: tuple[Route, ...]) -> None:
    """What serves anybody is the log-in page, one-time links and files; the list is short."""
    public = {each.path for each in routes if each.mark == "public"}
    others = {path for path in public if not path.startswith("/desk/static/")}
    assert others == {"/desk/login", "/desk/setup/x", "/desk/invitation/x"}


@pytest.mark.parametrize("cookie", ["", "made-up", "x" * 5000])
def test_no_page_without_a_session(
    server: Server, routes: tuple[Route, ...], browser: Browser, cookie: str
) -> None:
    """A page sends to the log-in page, whatever the cookie holds."""
    headers = {"Cookie": f"loket_desk={cookie}"} if cookie else {}
    for route in guarded(routes):
        answer = browser.request(route.method, route.path, headers=headers)
        assert answer.status_code == 303, route
        assert answer.headers["location"].startswith("/desk/login?next=%2Fdesk"), route


def test_no_api_and_no_stream_without_a_session(
    routes: tuple[Route, ...], browser: Browser
) -> None:
    """A script and an event stream hear 401 as JSON, and nothing else."""
    for route in guarded(routes):
        for headers in (SCRIPT, STREAM):
            answer = browser.request(route.method, route.path, headers=headers)
            assert answer.status_code == 401, route
            if route.method != "HEAD":
                assert answer.json() == {"error": "U bent niet ingelogd."}, route


def test_every_answer_forbids_framing_and_keeping(
    server: Server, routes: tuple[Route, ...], browser: Browser
) -> None:
    """The desk's policy and no-store are on every answer, also on a refusal."""
    for route in guarded(routes):
        headers = browser.request(route.method, route.path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"], route
        assert "form-action 'self'" in headers["content-security-policy"], route
        assert headers["cache-control"] == "no-store", route


def test_no_change_without_the_token(server: Server, routes: tuple[Route, ...]) -> None:
    """Without the session's token, or with another one, nothing that changes something works."""
    with signed_in(server.url, "sanne") as sanne, signed_in(server.url, "samira") as samira:
        foreign = samira.form("/desk/account")
        for route in guarded(routes):
            if not route.writes:
                continue
            for token in ("", "x" * 43, foreign):
                for sent in ({"data": {"csrf": token}}, {"headers": {"X-CSRF-Token": token}}):
                    answer = sanne.request(route.method, route.path, **sent)  # type: ignore[arg-type]
                    assert answer.status_code == 403, route
        assert sanne.get("/desk/account").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://www.winkel.nl"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_no_change_from_another_site(
    server: Server, routes: tuple[Route, ...], headers: dict[str, str]
) -> None:
    """The right token from another site's page does not work either."""
    with signed_in(server.url, "sanne") as sanne:
        token = sanne.form("/desk/account")
        for route in guarded(routes):
            if route.writes:
                data = {"csrf": token}
                answer = sanne.request(route.method, route.path, data=data, headers=headers)
                assert answer.status_code == 403, route


def test_what_is_for_supervisors_is_not_for_agents(
    server: Server, routes: tuple[Route, ...]
) -> None:
    """An agent meets 403 on each of their pages and acts, with a good token too."""
    with signed_in(server.url, "samira") as samira:
        token = samira.form("/desk/account")
        found = guarded(routes, "supervisor")
        assert found
        for route in found:
            headers = {"X-CSRF-Token": token}
            assert samira.request(route.method, route.path, headers=headers).status_code == 403


def test_a_log_in_ends_at_the_page_that_was_asked_for(browser: Browser) -> None:
    """From a page to the log-in page, and after the password back to that page."""
    asked = browser.get("/desk/account?x=1")
    assert asked.headers["location"] == "/desk/login?next=%2Fdesk%2Faccount%3Fx%3D1"
    assert 'value="/desk/account?x=1"' in browser.get(asked.headers["location"]).text
    answer = browser.log_in("samira", wanted="/desk/account?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/account?x=1")
    assert browser.get("/desk/account").status_code == 200


@pytest.mark.parametrize(
    "wanted",
    ["https://kwaad.nl", "//kwaad.nl", "/desk/../..//kwaad.nl", "/deskundig", "/desk\\@kwaad.nl"],
)
def test_a_log_in_never_ends_elsewhere(browser: Browser, wanted: str) -> None:
    """`next` is anybody's to write, so only a page of the desk counts."""
    assert browser.log_in("samira", wanted=wanted).headers["location"] == "/desk"


def test_the_cookie_is_for_this_host_and_no_script(browser: Browser) -> None:
    """HttpOnly, SameSite, the whole host, no domain; over http without the https prefix."""
    session, device = browser.log_in("samira").headers.get_list("set-cookie")
    rest = "; Path=/; HttpOnly; SameSite=Lax; Max-Age="
    assert re.fullmatch(rf"loket_desk=[\w-]{{43}}{rest}86400", session)
    assert re.fullmatch(rf"loket_desk_device=[\w.-]+{rest}15552000", device)


def test_logging_in_gives_another_session(server: Server, browser: Browser) -> None:
    """A session that somebody planted in the browser is not the one that is logged in."""
    planted = browser.log_in("samira").headers["set-cookie"].partition(";")[0]
    login = httpx.get(f"{server.url}/desk/login")
    seed = login.headers["set-cookie"].partition(";")[0]
    token = re.search(r'name="csrf" value="([^"]+)"', login.text)
    assert token
    answer = httpx.post(
        f"{server.url}/desk/login",
        data={"csrf": token[1], "login": "sanne", "password": PASSWORD},
        headers={"Cookie": f"{planted}; {seed}"},
    )
    fresh = answer.headers["set-cookie"].partition(";")[0]
    assert fresh != planted
    assert httpx.get(f"{server.url}/desk/account", headers={"Cookie": planted}).status_code == 401
    assert httpx.get(f"{server.url}/desk/account", headers={"Cookie": fresh}).status_code == 200


def test_the_log_in_form_needs_its_token(browser: Browser) -> None:
    """Another site cannot log somebody in under an account of its own choice."""
    fields = {"login": "samira", "password": PASSWORD}
    assert browser.post("/desk/login", data=fields).status_code == 403
    token = browser.form("/desk/login")
    browser.cookies.clear()
    answer = browser.post("/desk/login", data={**fields, "csrf": token})
    assert answer.status_code == 403
    assert "loket_desk" not in browser.cookies
    assert 'value="samira"' in answer.text
    elsewhere = browser.fill_in("/desk/login", fields, Origin="https://kwaad.nl")
    assert elsewhere.status_code == 403


def test_only_a_hash_of_the_token_is_kept(browser: Browser, store: Database) -> None:
    """Who reads the database cannot log in with what is there."""
    token = browser.log_in("samira").headers["set-cookie"].partition(";")[0].partition("=")[2]
    with store.read() as conn:
        kept = [row.id for row in conn.execute(select(tables.desk_sessions.c.id))]
    assert sessions.key(token) in kept
    assert token not in kept


def test_logging_out_ends_the_session(server: Server, browser: Browser) -> None:
    """The token is worth nothing afterwards, even for who kept it."""
    cookie = browser.log_in("samira").headers["set-cookie"].partition(";")[0]
    answer = browser.fill_in("/desk/account", {}, "/desk/logout")
    assert answer.headers["location"] == "/desk/login?uit"
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert httpx.get(f"{server.url}/desk/account", headers={"Cookie": cookie}).status_code == 401
    assert "U bent uitgelogd" in browser.get("/desk/login?uit").text


def test_a_session_ends_after_a_working_day_or_a_whole_one(
    server: Server, browser: Browser, store: Database
) -> None:
    """Eight hours without a request, and twenty-four in any case; use keeps it alive between."""
    browser.log_in("samira")
    table = tables.desk_sessions
    now = datetime.now(UTC)

    def age(since_login: timedelta, since_use: timedelta) -> int:
        values = {
            "created_at": now - since_login,
            "seen_at": now - since_use,
            "expires_at": min(
                now - since_use + sessions.IDLE, now - since_login + sessions.LONGEST
            ),
        }
        with store.begin() as conn:
            conn.execute(update(table).where(table.c.agent_id == mine).values(**values))
        return browser.get("/desk/account").status_code

    with store.read() as conn:
        found = agents.by_login(conn, "samira")
        assert found
        mine = found.agent.id
    assert age(timedelta(hours=20), timedelta(hours=7, minutes=59)) == 200
    with store.read() as conn:
        until = conn.execute(select(table.c.expires_at).where(table.c.agent_id == mine)).scalars()
        assert all(moment < now + timedelta(hours=4, minutes=1) for moment in until)
    assert age(timedelta(hours=9), timedelta(hours=8, minutes=1)) == 303
    browser.log_in("samira")
    assert age(timedelta(hours=24, minutes=1), timedelta(minutes=1)) == 303


def test_a_deactivated_agent_is_out_at_once(server: Server, store: Database) -> None:
    """The open session ends, and the right password is refused like a wrong one."""
    agent = desk_people.add(server.folder, "bram")
    with signed_in(server.url, "bram") as bram, signed_in(server.url, "sanne") as sanne:
        answer = sanne.fill_in("/desk/users", {}, f"/desk/users/{agent.id}/deactivate")
        assert answer.status_code == 303
        assert bram.get("/desk/account").status_code == 303
        assert bram.log_in("bram").status_code == 403


def guessed(url: str, login: str, times: int) -> list[httpx.Response]:
    """What one stranger hears who guesses."""
    with Browser(url) as browser:
        return [browser.log_in(login, f"verkeerd wachtwoord {n}") for n in range(times)]


def test_who_types_five_wrong_passwords_waits(server: Server) -> None:
    """That browser, with the right one too; the page says how long and what else there is."""
    desk_people.add(server.folder, "loes")
    with Browser(server.url) as browser:
        answers = [browser.log_in("loes", f"verkeerd wachtwoord {n}") for n in range(5)]
        assert {answer.status_code for answer in answers} == {403}
        answer = browser.log_in("loes")
        assert answer.status_code == 429
        assert 0 < int(answer.headers["retry-after"]) <= 15 * 60
        assert "over 15 minuten" in answer.text
        assert "Een supervisor kan u ook een link geven" in answer.text
        assert 'role="alert"' in answer.text


def test_a_stranger_locks_nobody_out(server: Server) -> None:
    """The owner gets in at another address, and during an attack on the device of before."""
    desk_people.add(server.folder, "merel")
    with Browser(server.url) as mine:
        assert mine.log_in("merel").status_code == 303
        mine.fill_in("/desk/account", {}, "/desk/logout")
        assert [each.status_code for each in guessed(server.url, "merel", 6)][-1] == 429
        with Browser(server.url) as elsewhere:
            assert elsewhere.log_in("merel").status_code == 303
        # The pauses of a name start at a second, in which a slow machine looks at one password.
        others = (guessed(server.url, "merel", 1)[0].status_code for _ in range(30))
        assert 429 in others
        assert mine.log_in("merel").status_code == 303


def test_a_device_is_known_by_a_signed_cookie(server: Server, browser: Browser) -> None:
    """It names nobody, opens nothing, and is no script's to read; a made-up one is none."""
    browser.log_in("samira")
    (cookie,) = (each for each in browser.cookies.jar if each.name == "loket_desk_device")
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert "samira" not in (cookie.value or "")
    kept = {"Cookie": f"loket_desk_device={cookie.value}"}
    assert httpx.get(f"{server.url}/desk/account", headers=kept).status_code == 401
    with Browser(server.url) as other:
        other.cookies["loket_desk_device"] = "made-up"
        assert other.log_in("samira").status_code == 303


def test_waiting_survives_a_restart(tmp_path: Path) -> None:
    """It is in the database, not in a process that can be made to start again."""
    with running(tmp_path, LOKET_TRUSTED_PROXIES="1") as server:
        desk_people.add(tmp_path, "loes")
        with Browser(server.url) as browser:
            for number in range(5):
                browser.log_in("loes", f"verkeerd wachtwoord {number}")
            server.stop()
            server.start()
            assert browser.log_in("loes").status_code == 429


def test_the_answer_does_not_tell_who_exists(browser: Browser) -> None:
    """An unknown name, a wrong password and an unreadable one get the same page."""
    pages = {
        re.sub(r'value="[^"]*"', "", browser.log_in(login, password).text)
        for login, password in (
            ("sanne", "verkeerd wachtwoord"),
            ("niemand", "verkeerd wachtwoord"),
            ("sanne", "x" * 3000),
            ("\x00", "\x00" * 12),
            ("' or 1=1 --", "' or 1=1 --"),
        )
    }
    assert len(pages) == 1


def test_another_password_ends_every_other_session(server: Server) -> None:
    """Who was logged in elsewhere is not any more; this browser goes on with a new session."""
    desk_people.add(server.folder, "joost")
    new = "drie koeien in de wei"
    with signed_in(server.url, "joost") as here, signed_in(server.url, "joost") as elsewhere:
        before = here.cookies["loket_desk"]
        form = {"password": PASSWORD, "new_password": new}
        wrong = here.fill_in("/desk/account", {**form, "password": "iets anders dan dat"})
        assert (wrong.status_code, "niet uw huidige" in wrong.text) == (422, True)
        for bad in ("xq7!", "joost1234567", "Welkom123456!", "123456789012"):
            answer = here.fill_in("/desk/account", {**form, "new_password": bad})
            assert answer.status_code == 422, bad
            assert 'aria-invalid="true"' in answer.text
            assert bad not in answer.text
        answer = here.fill_in("/desk/account", form)
        assert answer.headers["location"] == "/desk/account?gewijzigd"
        assert here.cookies["loket_desk"] != before
        assert here.get("/desk/account").status_code == 200
        assert elsewhere.get("/desk/account").status_code == 303
        assert elsewhere.log_in("joost").status_code == 403
        assert elsewhere.log_in("joost", new).status_code == 303
        assert elsewhere.fill_in("/desk/account", {}, "/desk/account/logout").status_code == 303
        assert here.get("/desk/account").status_code == 303


def test_presence_is_noted_and_an_open_stream_does_not_prolong(
    server: Server, browser: Browser, store: Database
) -> None:
    """A request for events leaves the session's end where it is."""
    browser.log_in("samira")
    key = sessions.key(browser.cookies["loket_desk"])
    table = tables.desk_sessions
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    with store.begin() as conn:
        conn.execute(update(table).where(table.c.id == key).values(seen_at=long_ago))
    browser.get("/desk/account", headers=STREAM)
    with store.read() as conn:
        session = desk_sessions.find(conn, key, datetime.now(UTC))
        assert session
        assert session.seen_at == long_ago
    browser.get("/desk/account")
    with store.read() as conn:
        session = desk_sessions.find(conn, key, datetime.now(UTC))
        assert session
        assert session.seen_at > long_ago


def test_nothing_of_a_log_in_is_logged(server: Server, browser: Browser) -> None:
    """No name, password, token or link stands in the log."""
    answer = browser.log_in("samira")
    with Browser(server.url) as other:
        other.log_in("niemand-hier", "een geheim wachtwoord")
    log = server.log.read_text()
    token = answer.headers["set-cookie"].partition(";")[0].partition("=")[2]
    for secret in ("samira", "niemand-hier", "geheim", PASSWORD, token):
        assert secret not in log
