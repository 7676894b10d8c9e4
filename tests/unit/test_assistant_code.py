"""The code of the assistant in the folder is what runs, whatever else can be imported."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import assistant_code, extension
from bot.errors import ConfigurationError
from bot.settings_loading import load_settings

ROOT = Path(__file__).parents[2]
EXTENSION = """
from bot.extension import Extension, OwnSetting
EXTENSION = Extension((OwnSetting("{name}", "Whose it is.", "{name}"),))
"""


def assistant(folder: Path, name: str) -> Path:
    """An assistant with a setting of its own."""
    (folder / "actions").mkdir(parents=True)
    (folder / "config.yml").write_text("language: nl\n")
    (folder / "actions" / "__init__.py").write_text("")
    (folder / "actions" / "extension.py").write_text(EXTENSION.format(name=name))
    return folder


def loket(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs a command there; another assistant's code is the first that Python would find."""
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.usefixtures("no_assistant")
def test_the_assistants_own_code_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when another's comes first on the path."""
    monkeypatch.syspath_prepend(assistant(tmp_path / "other", "other"))
    mine = assistant(tmp_path / "mine", "mine")
    assert load_settings({}, mine).own == {"mine": "mine"}
    assert importlib.import_module("actions").__path__[0] == str(mine / "actions")


@pytest.mark.usefixtures("no_assistant")
def test_an_assistant_without_code_borrows_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another's is not run in its place."""
    monkeypatch.syspath_prepend(assistant(tmp_path / "other", "other"))
    (tmp_path / "config.yml").write_text("language: nl\n")
    assert load_settings({}, tmp_path).own == {}
    assert extension.load() == extension.Extension()
    assert not assistant_code.is_there()


@pytest.mark.usefixtures("no_assistant")
def test_two_assistants_in_one_process_are_refused(tmp_path: Path) -> None:
    """The sentence names both and says what to do; the same one twice is no matter."""
    mine, other = assistant(tmp_path / "mine", "mine"), assistant(tmp_path / "other", "other")
    load_settings({}, mine)
    load_settings({}, mine)
    with pytest.raises(ConfigurationError, match="LOKET_ROOT") as refused:
        load_settings({}, other)
    assert str(mine / "actions") in str(refused.value)
    assert str(other) in str(refused.value)


@pytest.mark.usefixtures("no_assistant")
def test_a_folder_of_an_assistant_hides_nothing_of_the_framework(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An own folder `channels` takes no part in finding the framework's."""
    mine = assistant(tmp_path / "mine", "mine")
    (mine / "channels").mkdir()
    (mine / "channels" / "__init__.py").write_text("raise ImportError('hidden')")
    for name in [each for each in sys.modules if each.split(".")[0] == "channels"]:
        monkeypatch.delitem(sys.modules, name)
    load_settings({}, mine)
    assert importlib.import_module("channels.capabilities")


@pytest.mark.parametrize("by", ["folder", "setting"])
def test_every_command_works_from_the_assistants_folder(tmp_path: Path, by: str) -> None:
    """From the folder itself, and from elsewhere by `LOKET_ROOT`."""
    mine, other = assistant(tmp_path / "mine", "mine"), assistant(tmp_path / "other", "other")
    where, env = (mine, {}) if by == "folder" else (other, {"LOKET_ROOT": str(mine)})
    done = loket(where, "settings", "--json", **env)
    assert done.returncode == 0, done.stderr
    values = json.loads(done.stdout)
    assert values["LOKET_MINE"] == "mine"
    assert "LOKET_OTHER" not in values
    assert "LOKET_SHOP_DATABASE_URL" not in values
