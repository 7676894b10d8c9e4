"""What `loket new` makes is trained, passes its own stories and answers, safeguards included."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from bot.scaffold import Names, create
from tests.support.chat_process import HERE, ChatProcess, loket
from tests.support.other_assistant import passes

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
    assert done.stderr.splitlines()[-1] == "loket: 14 stories went as they say."
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


def test_ordinary_questions_are_no_sensitive_matter(folder: Path) -> None:
    """Money, illness and mail are asked about by anybody; what tells of trouble is for a person."""
    ordinary = (
        "kan ik met een creditcard betalen", "betaal je bij de balie of later",
        "wat moet ik betalen", "is er een rekening per maand", "mag ik komen als ik snotterig ben",
        "krijg ik een bonnetje", "moet mijn zus ook komen", "waar staat mijn account",
    )  # fmt: skip
    sensitive = (
        "ik kan de rekening niet meer betalen", "ik zit diep in de schulden",
        "mijn man is overleden", "er is een deurwaarder geweest", "ik heb kanker",
    )  # fmt: skip
    said = loket(folder, folder / "var", "parse", said="\n".join((*ordinary, *sensitive)))
    intents = {
        found["text"]: found["intent"] for found in map(json.loads, said.stdout.splitlines())
    }
    assert [text for text in ordinary if intents[text] == "sensitive_matter"] == []
    assert [text for text in sensitive if intents[text] != "sensitive_matter"] == []


def test_the_suites_for_any_assistant_pass_on_it(folder: Path) -> None:
    """The same as on the shop and the library."""
    suites = sorted(
        path.relative_to(HERE).as_posix() for path in HERE.glob("tests/any_assistant/test_*.py")
    )
    count = passes(folder / "var" / "any", suites, "-m", "not long and not slow", root=folder)
    assert count["passed"] > 300
