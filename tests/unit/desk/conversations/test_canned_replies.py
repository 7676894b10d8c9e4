"""Canned answers as `data/answers.yml` has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import organisation
from bot.desk.conversations import canned_replies
from bot.errors import ConfigurationError

ROOT = Path(__file__).parents[4]


def write(folder: Path, text: str) -> Path:
    """A project with this file."""
    (folder / "data").mkdir()
    (folder / canned_replies.FILE).write_text(text, encoding="utf-8")
    return folder


def test_the_project_s_own_are_good() -> None:
    """They can be read, and their teams exist."""
    found = canned_replies.load(ROOT)
    assert found
    canned_replies.known_teams(found, [team.id for team in organisation.load(ROOT).teams])


def test_by_team_with_the_name_filled_in(tmp_path: Path) -> None:
    """An answer for a team is that team's alone; one without is everybody's."""
    content = (
        "answers:\n"
        "  - {title: Dag, text: 'Met {naam_medewerker}.'}\n"
        "  - {title: Bus, text: De bus komt., teams: [bezorging]}\n"
    )
    found = canned_replies.load(write(tmp_path, content))
    assert [each.text for each in canned_replies.usable(found, "energie", "Samira")] == [
        "Met Samira."
    ]
    assert len(canned_replies.usable(found, "bezorging", "Samira")) == 2
    with pytest.raises(ConfigurationError, match=r"Bus.*bezorging"):
        canned_replies.known_teams(found, ["energie"])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("answers:\n  - {title: Dag}\n", "'text'"),
        ("answers:\n  - {title: Dag, text: 'Uw {klantnummer}.'}\n", "{klantnummer}"),
        ("answers:\n  - {title: '', text: hoi}\n", "title and a text"),
        ("answers: [\n", "not valid YAML"),
        ("antwoorden: []\n", "'answers'"),
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
