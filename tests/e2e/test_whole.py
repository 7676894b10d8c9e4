"""`loket run`, a browser, and everything real in between; also when parts of it are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.store.handover import handovers
from bot.store.sql.database import Database
from tests.support import desk_people
from tests.support.browsers import PATIENCE, visitor
from tests.support.chat_page import write
from tests.support.desk_page import answer, log_in, ready
from tests.support.webchat import ROOT, free_port

pytestmark = [pytest.mark.browser, pytest.mark.model]

#: Training included, on a machine that does other things as well.
START = 240.0
#: The first answer waits for the worker to load its model.
FIRST_ANSWER = 90_000


class Running:
    """`loket run` as a child process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "run.log"
        kept = {key: value for key, value in os.environ.items() if not key.startswith("LOKET_")}
        environment = {
            **kept,
            "LOKET_ROOT": str(ROOT),
            "LOKET_PORT": str(self.port),
            "LOKET_VAR_DIR": str(folder),
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "run"],
                env=environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    def wait(self) -> None:
        """Until the page can be fetched."""
        deadline = time.monotonic() + START
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            try:
                if httpx.get(f"{self.url}/healthz", timeout=1).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.2)
        raise AssertionError(f"nothing to see after {START} s: {self.log.read_text()}")

    def child(self, role: str) -> int:
        """Process id of web or worker."""
        listed = subprocess.run(
            ["ps", "--ppid", str(self.process.pid), "-o", "pid=,args="],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        lines = [line.split(None, 1) for line in listed.splitlines()]
        return next(int(pid) for pid, command in lines if command.rstrip().endswith(role))

    def kill(self, role: str) -> None:
        """Ends a child without a warning."""
        os.kill(self.child(role), signal.SIGKILL)


@pytest.fixture(scope="module")
def loket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One running Loket for the module; stopped as Ctrl-C stops it."""
    running = Running(tmp_path_factory.mktemp("whole"))
    try:
        running.wait()
        yield running
        children = [running.child("web"), running.child("worker")]
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(timeout=20) == 0
        for pid in children:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)
        logged = running.log.read_text()
        assert "Traceback" not in logged
        for private in ("PP-100871", "3511", "waar is mijn pakket", "schutting"):
            assert private not in logged, "what a customer said stands in the log"
    finally:
        running.process.kill()


@pytest.fixture
def chat(loket: Running, chromium: Browser) -> Iterator[Page]:
    """A new customer's browser with the chat open."""
    context = visitor(chromium)
    context.set_default_timeout(FIRST_ANSWER)
    page = context.new_page()
    page.goto(loket.url)
    page.get_by_role("button", name="Chat met de AI-assistent").click()
    yield page
    context.close()


def sees(page: Page, text: str, timeout: int = PATIENCE) -> None:
    """Waits for words in the conversation."""
    expect(page.get_by_role("log").get_by_text(text).last).to_be_visible(timeout=timeout)


def own(page: Page) -> list[str]:
    """The customer's own messages as shown."""
    return page.get_by_role("log").locator(".message.from-customer .content").all_inner_texts()


def test_a_return_a_rating_and_a_reload(chat: Page) -> None:
    """The main job: disclosure, verification, choices, a task done, a score in one tap."""
    write(chat, "ik wil iets terugsturen")
    sees(chat, "AI-assistent van Pakket & Plug", FIRST_ANSWER)
    write(chat, "PP-100871")
    sees(chat, "postcode")
    write(chat, "3511 lx")
    log = chat.get_by_role("log")
    log.locator(".options button:enabled").first.click()
    sees(chat, "Waarom")
    chat.reload()
    chat.get_by_role("button", name="Chat met de AI-assistent").or_(
        chat.get_by_label("Uw bericht")
    ).first.wait_for()
    if not chat.get_by_label("Uw bericht").is_visible():
        chat.get_by_role("button", name="Chat met de AI-assistent").click()
    log.locator(".options button:enabled").first.click()
    sees(chat, "Klopt dit?")
    write(chat, "ja")
    sees(chat, "Kan ik nog iets voor u doen?")
    write(chat, "nee dat was het")
    log.get_by_role("button", name="4 van 5").click()
    sees(chat, "Uw cijfer is een 4")


def test_a_person_mid_form(loket: Running, chat: Page) -> None:
    """The button hands over from within a form; the queue has the summary."""
    write(chat, "waar is mijn pakket")
    sees(chat, "bestelnummer", FIRST_ANSWER)
    chat.get_by_role("button", name="Spreek met een medewerker").click()
    sees(chat, "medewerker", PATIENCE)
    expect(chat.get_by_role("log").locator(".notice").last).to_contain_text("medewerker")
    database = Database(f"sqlite:///{loket.folder / 'loket.db'}")
    deadline = time.monotonic() + 30
    waiting = ()
    while not waiting and time.monotonic() < deadline:
        with database.read() as conn:
            waiting = handovers.waiting(conn)
        time.sleep(0.1)
    database.dispose()
    assert waiting[-1].summary["question"] == "waar is mijn pakket"


def test_a_person_answers_at_the_desk(loket: Running, chromium: Browser, chat: Page) -> None:
    """README's way: mid-return "medewerker"; an agent answers and closes, a score follows."""
    desk_people.add(loket.folder, "els", "supervisor", name="Els")
    write(chat, "ik wil iets terugsturen")
    sees(chat, "bestelnummer", FIRST_ANSWER)
    write(chat, "PP-100871")
    sees(chat, "postcode")
    write(chat, "medewerker")
    context = visitor(chromium, width=1400)
    desk = context.new_page()
    log_in(desk, loket.url, "els")
    ready(desk)
    row = desk.locator("#lists li", has_text="Retour aanmelden").last
    row.get_by_role("button", name="Neem aan").click()
    desk.wait_for_url("**/desk/c/*")
    summary = desk.get_by_role("complementary", name="Samenvatting")
    expect(summary.locator(".question")).to_have_text("ik wil iets terugsturen")
    expect(summary).to_contain_text("PP-100871")
    sees(chat, "U chat nu met Els van Pakket & Plug.")
    answer(desk, "Ik meld uw retour aan.")
    sees(chat, "Ik meld uw retour aan.")
    write(chat, "fijn, dank u")
    sees(desk, "fijn, dank u")
    desk.locator("#menu-close > summary").click()
    desk.get_by_label("Wat is er afgesproken?").fill("De retour is aangemeld.")
    desk.locator("#menu-close").get_by_role("button", name="Sluit af").click()
    sees(chat, "De retour is aangemeld.")
    chat.get_by_role("log").get_by_role("button", name="5 van 5").last.click()
    sees(desk, "Beoordeling: 5 van 5")
    desk.goto(f"{loket.url}/desk/overzicht")
    people = desk.locator("tr", has_text="Medewerkers")
    expect(people).to_contain_text("5,0", timeout=PATIENCE)
    context.close()


def test_the_worker_is_killed(loket: Running, chat: Page) -> None:
    """Messages sent while it is down are answered once it is back, each once, in order."""
    write(chat, "hoi")
    sees(chat, "Waar kan ik u mee helpen?", FIRST_ANSWER)
    loket.kill("worker")
    write(chat, "waar is mijn pakket")
    write(chat, "PP-100234")
    sees(chat, "En wat is uw postcode?", FIRST_ANSWER)
    texts = chat.get_by_role("log").locator(".message .content").all_inner_texts()
    assert [text for text in texts if "Wat is uw bestelnummer" in text] == [
        text for text in texts if "bestelnummer?" in text
    ]
    assert sum("En wat is uw postcode?" in text for text in texts) == 1
    assert own(chat) == ["hoi", "waar is mijn pakket", "PP-100234"]


def test_the_web_process_is_killed(loket: Running, chat: Page) -> None:
    """The browser comes back by itself; what was typed meanwhile arrives once."""
    write(chat, "hoi")
    sees(chat, "Waar kan ik u mee helpen?", FIRST_ANSWER)
    loket.kill("web")
    write(chat, "wanneer zijn jullie open")
    sees(chat, "open", FIRST_ANSWER)
    expect(chat.get_by_role("log").get_by_text("Kan ik nog iets voor u doen?")).to_have_count(
        1, timeout=FIRST_ANSWER
    )
    assert own(chat) == ["hoi", "wanneer zijn jullie open"]
