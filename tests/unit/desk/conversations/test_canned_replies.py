"""Canned answers as `data/answers.yml` has them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import organisation
from bot.desk.conversations import canned_replies, placeholders
from bot.desk.errors import Unusable
from bot.errors import ConfigurationError
from bot.store.desk.canned_answers import CannedAnswer
from tests.support.desk import ORGANISATION

ROOT = Path(__file__).parents[4]


def write(folder: Path, text: str) -> Path:
    """A project with this file."""
    (folder / "data").mkdir()
    (folder / canned_replies.FILE).write_text(text, encoding="utf-8")
    return folder


def test_the_project_s_own_are_good() -> None:
    """They can be read, and their teams and placeholders exist."""
    found = canned_replies.load(ROOT)
    assert {each.kind for each in found} == {"answer", "closing"}
    canned_replies.check(found, organisation.load(ROOT))


def test_by_team_with_the_name_filled_in(tmp_path: Path) -> None:
    """An answer for a team is that team's alone; one without is everybody's."""
    content = (
        "answers:\n"
        "  - {title: Dag, text: 'Met {naam_medewerker}.', word: dag}\n"
        "  - {title: Bus, text: De bus komt., teams: [bezorging]}\n"
        "closings:\n"
        "  - {title: Klaar, text: Opgelost.}\n"
    )
    found = canned_replies.load(write(tmp_path, content))
    kept = [CannedAnswer(n, each.kind, each.said, None) for n, each in enumerate(found)]
    told = {"naam_medewerker": "Samira"}
    (only,) = canned_replies.usable(kept, "answer", "energie", told)
    assert (only.text, only.word) == ("Met Samira.", "dag")
    assert len(canned_replies.usable(kept, "answer", "bezorging", told)) == 2
    assert [each.title for each in canned_replies.usable(kept, "closing", "x", told)] == ["Klaar"]


@pytest.mark.parametrize(
    ("line", "told"),
    [("teams: [bezorgers]", "Dag.*bezorgers"), ("text: 'Uw {klantnr}.'", r"Dag.*\{klantnr\}")],
)
def test_teams_and_placeholders_exist(tmp_path: Path, line: str, told: str) -> None:
    """Or the start says which one does not, and what there is."""
    content = f"answers:\n  - title: Dag\n    {line}\n"
    content += "" if "text" in line else "    text: Hoi\n"
    with pytest.raises(ConfigurationError, match=told):
        canned_replies.check(canned_replies.load(write(tmp_path, content)), ORGANISATION)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("answers:\n  - {title: Dag}\n", "'text'"),
        ("answers:\n  - {title: Dag, text: Hoi, word: 'Goede Dag'}\n", "Goede Dag"),
        ("answers:\n  - {title: '', text: hoi}\n", "title and a text"),
        ("answers: [\n", "not valid YAML"),
        ("antwoorden: []\n", "'antwoorden'"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, content: str, told: str) -> None:
    """The message says what is wrong and where."""
    with pytest.raises(ConfigurationError) as caught:
        canned_replies.load(write(tmp_path, content))
    assert told in str(caught.value)
    assert "answers.yml" in str(caught.value)


def test_none_is_fine(tmp_path: Path) -> None:
    """A project without the file has no canned answers."""
    assert canned_replies.load(tmp_path) == ()


@pytest.mark.parametrize("text", ["/bezorg", " /onzin\n", "/wij-bellen", "/één"])
def test_a_word_behind_a_slash_is_no_answer(text: str) -> None:
    """It was to bring a text up; the customer would read the word."""
    with pytest.raises(Unusable, match=re.escape(text.strip())):
        placeholders.check_filled(text, ORGANISATION)


@pytest.mark.parametrize("text", ["", "/", "en/of", "/a/b", "/bezorg morgen", "Zie /kennis/retour"])
def test_other_slashes_are_words(text: str) -> None:
    """Paths, and sentences."""
    placeholders.check_filled(text, ORGANISATION)
