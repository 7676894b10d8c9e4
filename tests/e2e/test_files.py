"""A photo from the chat to the desk and a PDF back, in two browsers at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support import desk_people, pictures
from tests.support.accessibility import accessible
from tests.support.browsers import visitor
from tests.support.desk_page import Backroom, log_in, ready
from tests.support.webchat import ROOT, Server

pytestmark = pytest.mark.browser

#: Where pictures of the pages go, for whoever wants to look at them.
PICTURES = os.environ.get("LOKET_TEST_PICTURES", "")


@pytest.fixture(scope="module")
def delivery(server: Server) -> Iterator[None]:
    """An agent's account, and the process that fetches files."""
    desk_people.add(server.folder, "samira", name="Samira")
    with server.log.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "delivery"],
            env=server.env,
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    yield
    process.terminate()
    process.wait(20)


@pytest.fixture
def agent(
    chromium: Browser, server: Server, delivery: None, complaints: list[str]
) -> Iterator[Page]:
    """An agent's browser."""
    context = visitor(chromium)
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    log_in(page, server.url, "samira")
    yield page
    context.close()


def look(page: Page, name: str) -> None:
    """Keeps a picture of a page, at three widths, where somebody asked for them."""
    if PICTURES:
        before = page.viewport_size
        assert before
        for wide in (1280, 390, 320):
            page.set_viewport_size({"width": wide, "height": 860})
            page.screenshot(path=Path(PICTURES) / f"{name}-{wide}.png", caret="initial")
        page.set_viewport_size(before)


def choose(page: Page, button: str, file: Path) -> None:
    """Presses a button that asks for a file, and gives it one."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=button).click()
    chooser.value.set_files(file)


@pytest.fixture
def together(page: Page, agent: Page, server: Server) -> Page:
    """A customer in the chat whose conversation the agent has taken; the chat's page."""
    attach = page.get_by_role("button", name="Foto of pdf sturen")
    expect(attach).to_be_hidden()  # the assistant can't look at it
    page.locator("#input").fill("Mijn stekker is kapot")
    page.keyboard.press("Enter")
    expect(page.locator(".from-customer .status")).to_have_text("")
    backroom = Backroom(server.folder)
    talk = backroom.hand_over("Mijn stekker is kapot")
    backroom.close()
    expect(attach).to_be_visible()
    agent.goto(f"{server.url}/desk/c/{talk}")
    ready(agent)
    agent.get_by_role("button", name="Neem aan").first.click()
    agent.locator("#reply").wait_for()
    return page


def test_a_photo_from_the_chat(
    together: Page, agent: Page, complaints: list[str], tmp_path: Path
) -> None:
    """It appears at the desk by itself; what is no photo is told under it."""
    photo, letter = tmp_path / "stekker.jpg", tmp_path / "brief.docx"
    photo.write_bytes(pictures.photo())
    letter.write_bytes(b"PK\x03\x04word")
    choose(together, "Foto of pdf sturen", photo)
    expect(together.locator(".from-customer")).to_have_count(2)
    expect(together.locator(".from-customer .status").last).to_have_text("")
    # The customer sees the picture itself, not its name.
    own = together.locator(".from-customer").last.get_by_role("img", name="[stekker.jpg]")
    expect(own).to_be_visible()
    assert (
        own.evaluate("""drawn => drawn.getContext("2d").getImageData(9, 9, 1, 1).data[3]""") == 255
    )
    picture = agent.locator(".file-image img")
    expect(picture).to_be_visible()
    assert "Foto van" in (picture.get_attribute("alt") or "")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 480
    choose(together, "Foto of pdf sturen", letter)
    expect(together.locator(".from-customer").last).to_contain_text("Dit soort bestand kan niet")
    # A page that is loaded anew has no picture any more, and says what it was.
    fresh = together.context.new_page()
    fresh.goto(together.url)
    expect(fresh.locator(".from-customer .file")).to_have_text("Foto")
    fresh.close()
    look(agent, "desk-photo")
    look(together, "chat-photo")
    assert complaints == []
    accessible(agent)
    accessible(together)
    # axe tries an inline style of its own on the page, which the policy refuses.
    complaints.clear()


def test_a_pdf_and_a_photo_from_the_desk(
    together: Page, agent: Page, complaints: list[str], tmp_path: Path
) -> None:
    """Chosen, taken away, chosen again; sent without words and with them."""
    photo, pdf = tmp_path / "stekker.jpg", tmp_path / "Retourlabel.pdf"
    photo.write_bytes(pictures.photo())
    pdf.write_bytes(pictures.PDF)
    attached = agent.locator("#attached")
    choose(agent, "Foto of pdf erbij", pdf)
    expect(attached).to_contain_text("Retourlabel.pdf")
    look(agent, "desk-attached")
    agent.get_by_role("button", name="Haal Retourlabel.pdf weg").click()
    expect(attached).to_be_hidden()
    choose(agent, "Foto of pdf erbij", pdf)
    expect(attached).to_contain_text("Retourlabel.pdf")
    agent.locator("#reply").press("Control+Enter")
    expect(agent.locator(".line-human .file-link")).to_contain_text("Retourlabel.pdf")
    expect(together.locator(".from-human .file a")).to_contain_text("Retourlabel.pdf")
    choose(agent, "Foto of pdf erbij", photo)
    expect(attached).to_contain_text("stekker.jpg")
    agent.locator("#reply").fill("Lijkt het op deze?")
    agent.locator("#reply").press("Control+Enter")
    shown = together.locator(".from-human img")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 640
    expect(together.locator(".from-human").last).to_contain_text("Lijkt het op deze?")
    expect(agent.locator(".line-human .file-image img")).to_be_visible()
    look(agent, "desk-sent")
    look(together, "chat-sent")
    assert complaints == []
    accessible(agent)
    accessible(together)
    # axe tries an inline style of its own on the page, which the policy refuses.
    complaints.clear()
