"""What `loket new` makes is trained, passes its own stories and answers, safeguards included."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.scaffold import Names, create
from tests.support.chat_process import ChatProcess, loket

pytestmark = [pytest.mark.slow, pytest.mark.model]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new assistant; the same content each time, so that its model is trained once."""
    made = tmp_path_factory.mktemp("new") / "buurthuis"
    create(made, Names.of(made), date(2026, 11, 2))
    return made


def test_its_stories_go_as_they_say(folder: Path) -> None:
    """By `loket test`, which trains first; `make test` of the assistant is this command."""
    done = loket(folder, folder / "var", "test")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.splitlines()[-1] == "loket: 11 stories went as they say."
    assert done.stdout == ""


def test_it_answers_with_all_four_safeguards(folder: Path) -> None:
    """One conversation: disclosure, a task, a page, a score, a loop and the escape word."""
    with ChatProcess(folder, folder / "var") as chat:
        assert "AI-assistent van Buurthuis" in chat.say("hoi")
        assert chat.kinds[0] == "notice"
        assert "Waar gaat de afspraak over" in chat.say("ik wil een afspraak maken")
        assert "Op welke dag" in chat.say("advies")
        assert "voor advies. Klopt dit?" in chat.say(chat.options[0]["title"])
        assert "Uw afspraaknummer is BU-1001" in chat.say("ja")
        assert "parkeren achter het gebouw" in chat.say("waar kan ik parkeren")
        assert "Maandag tot en met vrijdag" in chat.say("hoe laat zijn jullie open")
        chat.say("doei")
        assert "rating" in chat.kinds
        assert "Uw cijfer is een 4" in chat.say("4")
        chat.say("qwlkej asdlkj")
        assert "Zo komen we niet verder" in chat.say("zxcmn poiu")
        assert chat.options[0]["payload"] == "/medewerker"
        assert chat.owner == "bot"
        chat.say("medewerkr")
        assert chat.owner == "queued"
