"""Debian's chromium, driven by Playwright, on a real web process."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bot.store.sql.database import Database
from tests.support import desk_people
from tests.support.browsers import visitor
from tests.support.desk_office import Office
from tests.support.webchat import Backstage, Server, running

#: Nothing of the browser itself may use the network, and a container has no sandbox to give.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


def program() -> str | None:
    """The path of Debian's chromium; None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


# Not for the session: as long as Playwright runs, no other test can have an event loop.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    found = program()
    if found is None:
        pytest.skip("there is no chromium: install Debian's package to run the browser tests")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("web")) as server:
        yield server


@pytest.fixture
def backstage(server: Server) -> Iterator[Backstage]:
    backstage = Backstage(server.folder)
    yield backstage
    backstage.close()


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    database = Database(f"sqlite:///{server.folder / 'loket.db'}")
    yield database
    database.dispose()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = visitor(chromium)
    yield context
    context.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: errors in scripts, and everything the CSP refused."""
    return []


@pytest.fixture
def tab(
    context: BrowserContext, server: Server, complaints: list[str]
) -> Iterator[Callable[[], Page]]:
    """Opens the demo page in a new tab."""

    def open_tab() -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if message.type == "error" and "Failed to load resource" not in message.text
                else None
            ),
        )
        page.goto(server.url)
        page.locator(".opener").wait_for()
        return page

    yield open_tab
    assert complaints == []


@pytest.fixture
def page(tab: Callable[[], Page]) -> Page:
    """The demo page with the chat open."""
    page = tab()
    page.get_by_role("button", name="Chat met de AI-assistent").click()
    return page


@pytest.fixture(scope="module")
def staffed(server: Server, chromium: Browser) -> Iterator[Office]:
    """A desk with a supervisor and an agent."""
    desk_people.add(server.folder, "els", "supervisor", name="Els")
    desk_people.add(server.folder, "samira", name="Samira")
    office = Office(server, chromium)
    yield office
    office.close()


@pytest.fixture
def office(staffed: Office) -> Iterator[Office]:
    """That desk, with no page open yet."""
    yield staffed
    staffed.close_pages()
    assert staffed.complaints == []
