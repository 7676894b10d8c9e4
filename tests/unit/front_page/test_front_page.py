"""What `/` shows: the assistant's demo page, or a plain page with the chat of this organisation."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import pytest

from bot import front_page
from bot.settings_loading import load_settings

ROOT = Path(__file__).parents[3]
LIBRARY = """
organisation: {name: "Boek & Blad"}
opening_hours: {monday: ["9:00", "17:00"]}
contact: {phone: "", email: post@boekenblad.example, website: ""}
chat:
  intro: Vraag naar "alles".
  starters: [Mag ik verlengen?, Hoe word ik lid?]
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A project of another organisation, without a demo page and without pages."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "organisation.yml").write_text(LIBRARY, encoding="utf-8")
    return tmp_path


def served(root: Path, **values: str) -> dict[str, str]:
    env = {f"LOKET_{name}": value for name, value in values.items()}
    found = front_page.files(load_settings(env, root), "/webchat/loket-chat.js")
    return {path: asset.body.decode() for path, asset in found.items()}


def test_the_demo_page_is_the_assistants() -> None:
    """Byte for byte the files of data/demo, each at its own name."""
    found = served(ROOT)
    for path, name in (("/", "index.html"), ("/demo.css", "demo.css"), ("/icon.svg", "icon.svg")):
        assert found[path] == (ROOT / "data" / "demo" / name).read_text(encoding="utf-8")


def test_the_demo_page_can_be_switched_off() -> None:
    """Nothing of it is served, and / still has the chat, to which other pages link."""
    found = served(ROOT, DEMO="no")
    assert "/demo.css" not in found
    assert "PP-100234" not in found["/"]
    assert 'data-title="Pakket &amp; Plug"' in found["/"]


def test_without_a_demo_page_the_organisation_has_a_plain_one(library: Path) -> None:
    """Its name, first sentence and questions, and how else it is reached; all of it escaped."""
    page = served(library)["/"]
    assert "<h1>Boek &amp; Blad</h1>" in page
    assert html.escape('Vraag naar "alles".').replace("&quot;", "&#34;") in page
    assert 'data-starters="Mag ik verlengen?|Hoe word ik lid?"' in page
    assert 'href="mailto:post@boekenblad.example"' in page
    assert "Bel " not in page
    assert "/kennis" not in page


def test_a_folder_without_a_first_page_is_no_demo(library: Path) -> None:
    """A picture that was left behind does not hide the chat."""
    (library / "data" / "demo").mkdir()
    (library / "data" / "demo" / "left.svg").write_text("<svg/>")
    found = served(library)
    assert "/left.svg" not in found
    assert "<h1>Boek &amp; Blad</h1>" in found["/"]


def test_pages_of_knowledge_are_linked_when_there_are_any(library: Path) -> None:
    """The link leads somewhere."""
    folder = library / "data" / "knowledge"
    folder.mkdir()
    shutil.copy(ROOT / "data" / "knowledge" / "cookies.md", folder)
    assert 'href="/kennis"' in served(library)["/"]


@pytest.mark.parametrize("demo", ["yes", "no"])
def test_what_other_pages_use_is_there_either_way(demo: str) -> None:
    """The error page's style sheet, and an icon."""
    found = served(ROOT, DEMO=demo)
    assert found["/static/front_page.css"]
    assert found["/icon.svg"].startswith("<svg")


def test_the_plain_page_needs_no_exception_to_the_policy(library: Path) -> None:
    """No script, style or handler within the page: the browser would refuse them."""
    page = served(library)["/"]
    assert not re.search(r"<style|<script(?![^>]*src=)|\son\w+=|\sstyle=", page)
