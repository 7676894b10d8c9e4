"""One-time links: the first supervisor, and invitations by a supervisor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.login import one_time_links
from tests.support import desk_people
from tests.support.desk_people import PASSWORD, Browser, signed_in
from tests.support.webchat import Server, running

SECRET = "a secret for tests that is long enough"
NEW = "drie koeien in de wei"
SUPERVISOR: dict[str, str | list[str]] = {
    "name": "Sanne",
    "login": "Sanne@voorbeeld.example",
    "password": PASSWORD,
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("desk"), LOKET_TRUSTED_PROXIES="1") as server:
        yield server


@pytest.fixture
def browser(server: Server) -> Iterator[Browser]:
    with Browser(server.url) as browser:
        yield browser


def link_on(page: str) -> str:
    """Path of the invitation that a page shows."""
    found = re.search(r"http://[^/]+(/desk/invitation/[\w.-]+)", page)
    assert found, page
    return found[1]


def test_the_first_supervisor_and_who_comes_after(server: Server) -> None:
    """The link works until somebody is there; that person adds the rest."""
    now = datetime.now(UTC)
    path = f"/desk/setup/{one_time_links.setup_token(SECRET, now)}"
    late = f"/desk/setup/{one_time_links.setup_token(SECRET, now - timedelta(minutes=61))}"
    with Browser(server.url) as sanne, Browser(server.url) as other:
        assert "Er is nog geen gebruiker" in sanne.get("/desk/login").text
        assert other.get(late).status_code == 410
        assert other.get("/desk/setup/made-up").status_code == 410
        assert sanne.post(path, data=SUPERVISOR).status_code == 403  # without the form's token
        for field, bad in (("password", "Welkom123456"), ("login", "a b"), ("name", " ")):
            answer = sanne.fill_in(path, {**SUPERVISOR, field: bad})
            assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
            assert PASSWORD not in answer.text
        token = other.form(path)  # open in a second tab
        answer = sanne.fill_in(path, SUPERVISOR)
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
        assert sanne.get("/desk/users").status_code == 200
        assert other.get(path).status_code == 410
        second = {**SUPERVISOR, "csrf": token, "login": "kwaad"}
        assert other.post(path, data=second).status_code == 410
        assert "kwaad" not in sanne.get("/desk/users").text
        assert other.log_in("sanne@voorbeeld.example").status_code == 303


def test_an_invitation_works_once(server: Server, browser: Browser) -> None:
    """A look does not use it up; a password does, and another link makes nobody log in."""
    desk_people.add(server.folder, "chef", "supervisor")
    with signed_in(server.url, "chef") as chef:
        new: dict[str, str | list[str]] = {"login": "bram", "name": "Bram", "role": "agent"}
        page = chef.fill_in("/desk/users", new).text
        first = link_on(page)
        assert "verloopt na 3 dagen" in page
        assert chef.fill_in("/desk/users", new).status_code == 422  # the name is taken
        assert chef.fill_in("/desk/users", {**new, "login": "x y"}).status_code == 422
        some = {**new, "login": "loes", "which": "some"}
        assert "ten minste één team" in chef.fill_in("/desk/users", some).text
        assert browser.log_in("bram").status_code == 403  # there is no password yet
        for _ in range(2):
            assert "Welkom, Bram" in browser.get(first).text
        assert browser.fill_in(first, {"password": "bram12345678"}).status_code == 422
        assert browser.fill_in(first, {"password": NEW}).headers["location"] == "/desk"
        assert browser.get("/desk/account").status_code == 200
        assert browser.get("/desk/users").status_code == 403
        assert browser.get(first).status_code == 410
        number = re.search(r"/desk/users/(\d+)/invite", page)
        assert number
        one = f"/desk/users/{number[1]}"
        second = link_on(chef.fill_in(one, {}, f"{one}/invite").text)
        assert chef.fill_in(one, {}, f"{one}/deactivate").status_code == 303
        assert browser.get(second).status_code == 410
        assert chef.fill_in(one, {}, f"{one}/invite").status_code == 422
        assert chef.fill_in(one, {}, f"{one}/activate").status_code == 303
        with Browser(server.url) as again:
            assert again.fill_in(second, {"password": PASSWORD}).status_code == 303
        assert browser.get("/desk/account").status_code == 303  # logged out by the new password


def test_somebody_stays_who_manages_the_desk(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The only supervisor cannot step down or be sent away, and reads why."""
    folder = tmp_path_factory.mktemp("desk")
    with running(folder) as server:
        only = desk_people.add(folder, "sanne", "supervisor")
        one = f"/desk/users/{only.id}"
        with signed_in(server.url, "sanne") as sanne:
            step_down = sanne.fill_in(one, {"name": "Sanne", "role": "agent", "which": "all"})
            assert (step_down.status_code, "enige supervisor" in step_down.text) == (409, True)
            away = sanne.fill_in(one, {}, f"{one}/deactivate")
            assert (away.status_code, "enige supervisor" in away.text) == (409, True)
            assert sanne.get("/desk/users/999").status_code == 404
