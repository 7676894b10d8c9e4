"""What an assistant adds: settings of its own, and what it prepares; found without an import."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import extension
from bot.errors import ConfigurationError
from bot.extension import Extension, OwnSetting
from bot.settings import Settings
from bot.settings_listing import describe
from bot.settings_loading import load_settings

LIBRARY = OwnSetting("members_url", "Where the members are.", "sqlite:///<var_dir>/members.db")
KEY = OwnSetting("members_key", "Key for it.", secret=True)


def load(root: Path, **values: str) -> Settings:
    return load_settings({f"LOKET_{name}": value for name, value in values.items()}, root)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An assistant's package of another name, that can be imported."""
    folder = tmp_path / "counter"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    yield folder
    for name in [each for each in sys.modules if each.split(".")[0] == "counter"]:
        del sys.modules[name]


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """The assistant is a library's; the list fills with what it was told to prepare."""
    prepared: list[Settings] = []
    module = types.ModuleType("actions.extension")
    module.EXTENSION = Extension((LIBRARY, KEY), prepared.append)  # type: ignore[attr-defined]
    module.__spec__ = types.SimpleNamespace(name="actions.extension")  # type: ignore[assignment]
    monkeypatch.setitem(sys.modules, "actions.extension", module)
    return prepared


def test_own_settings_are_read_and_shown(tmp_path: Path, library: list[Settings]) -> None:
    """As the framework's own: from the environment and .env, with a default and a meaning."""
    assert load(tmp_path).own["members_url"] == f"sqlite:///{tmp_path}/var/members.db"
    assert load(tmp_path, MEMBERS_URL="sqlite:///x.db").own["members_url"] == "sqlite:///x.db"
    (tmp_path / ".env").write_text("LOKET_MEMBERS_KEY=hush\n")
    settings = load(tmp_path)
    rows = {row.env: row for row in describe(settings)}
    assert settings.own["members_key"] == "hush"
    assert rows["LOKET_MEMBERS_URL"].meaning == LIBRARY.meaning
    assert rows["LOKET_MEMBERS_KEY"].value == "(hidden)"
    assert "hush" not in repr(settings)
    assert "LOKET_SHOP_DATABASE_URL" not in rows


def test_a_misspelt_own_setting_is_noticed(tmp_path: Path, library: list[Settings]) -> None:
    """`.env` may name the assistant's settings, and nothing that is nearly one."""
    (tmp_path / ".env").write_text("LOKET_MEMBERS_UL=x\n")
    with pytest.raises(ConfigurationError, match="LOKET_MEMBERS_URL"):
        load(tmp_path)


def test_it_prepares_with_the_settings(tmp_path: Path, library: list[Settings]) -> None:
    """What `loket run` and `loket chat` call before they start."""
    settings = load(tmp_path)
    extension.load().prepare(settings)
    assert library == [settings]


@pytest.mark.parametrize("name", ["port", "own", "Members", "1st", ""])
def test_a_setting_needs_a_free_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A framework's setting is not declared again."""
    monkeypatch.setattr(extension, "load", lambda: Extension((OwnSetting(name, "What."),)))
    with pytest.raises(ConfigurationError, match="declares a setting"):
        load(tmp_path)


def test_a_package_without_one_adds_nothing(package: Path) -> None:
    """Neither does one that is not there."""
    assert extension.load("counter") == Extension()
    assert extension.load("nowhere") == Extension()


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("EXTENSION = 3\n", "counter.extension must hold EXTENSION"),
        ("", "counter.extension must hold EXTENSION"),
        ("import a_module_that_is_not_there\n", "counter.extension cannot be imported"),
    ],
)
def test_one_that_is_wrong_says_so(package: Path, code: str, complaint: str) -> None:
    """A sentence with the module's name, not a traceback."""
    (package / "extension.py").write_text(code)
    with pytest.raises(ConfigurationError, match=complaint):
        extension.load("counter")


def test_a_package_that_fails_says_so(package: Path) -> None:
    """A fault of the package is not taken for its absence."""
    (package / "__init__.py").write_text("import a_module_that_is_not_there\n")
    with pytest.raises(ConfigurationError, match="counter cannot be imported"):
        extension.load("counter")
