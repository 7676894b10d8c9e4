"""`loket texts`: which text holds, and where it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import catalogue
from bot.catalogue import entries
from bot.cli import commands


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that says one text in its own words."""
    monkeypatch.setenv("LOKET_ROOT", str(tmp_path))
    (tmp_path / "data").mkdir()
    own = '# Ours.\nchat.failed: "Oeps, dat ging mis."\n'
    (tmp_path / "data" / "texts.yml").write_text(own, encoding="utf-8")
    return tmp_path


def listed(*arguments: str) -> str:
    result = CliRunner().invoke(commands.main, ["texts", *arguments], prog_name="loket")
    assert result.exit_code == 0, result.output
    return result.stdout


def test_every_text_is_listed_with_its_place(root: Path) -> None:
    """The assistant's own with the framework's below it."""
    out = listed()
    assert "chat.failed  (data/texts.yml line 2)\n    Oeps, dat ging mis.\n" in out
    assert "  framework (bot/catalogue/nl/chat.yml line" in out
    assert "    Er gaat hier iets mis.\n" in out
    assert "button.person  (bot/catalogue/nl/button.yml line 2)\n    Medewerker\n" in out


def test_only_what_was_changed(root: Path) -> None:
    """One here, none without the file."""
    assert listed("--changed").splitlines()[0] == "chat.failed  (data/texts.yml line 2)"
    assert "button.person" not in listed("--changed")
    (root / "data" / "texts.yml").unlink()
    assert listed("--changed") == ""


def test_a_word_is_sought_in_keys_and_texts(root: Path) -> None:
    """In any case of letters."""
    assert [line.split()[0] for line in listed("OEPS").splitlines()[:1]] == ["chat.failed"]
    assert all(line.startswith((" ", "rating.")) for line in listed("rating.").splitlines())


def test_a_wrong_file_is_told_in_a_sentence(root: Path) -> None:
    """As at a start, with the exit code of wrong content."""
    (root / "data" / "texts.yml").write_text("zebra: x\n", encoding="utf-8")
    result = CliRunner().invoke(commands.main, ["texts"], prog_name="loket")
    assert result.exit_code == 78
    assert "data/texts.yml line 1: there is no text zebra." in result.stderr


def test_what_customers_are_addressed_with_is_listed_to_copy(root: Path) -> None:
    """Each line may stand in data/texts.yml as it is; what the desk alone shows is not one."""
    copied = listed("--customers", "--formal", "--copy")
    (root / "data" / "texts.yml").write_text(copied, encoding="utf-8")
    found = {each.key: each.text for each in entries.read(root / "data" / "texts.yml", "copied")}
    framework = catalogue.framework().entries
    assert found
    assert all(text == framework[key].text for key, text in found.items())
    assert "callback.question.name" in found
    assert not any(key.startswith(("desk", "terminal")) for key in found)
    assert "button.person" not in found
    assert "# yours: data/texts.yml line 1" in listed("--customers", "--formal", "--copy")
