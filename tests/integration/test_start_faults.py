"""What is away or cannot be written when a command starts is one sentence and exit code 78."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import commands
from tests.support.webchat import ROOT, free_port

AWAY = "postgresql://loket:geheim@127.0.0.1:1/loket"
#: Commands that can do nothing without the database, with what each must be given.
NEED = {
    "run": (),
    "web": (),
    "worker": (),
    "delivery": (),
    "chat": (),
    "desk": ("list-users",),
    "outbox": (),
    "disclosures": ("x",),
    "transcript": ("x",),
    "backup": ("copy.tar",),
}
#: Those that need none; `doctor` tells of it among the rest.
NEED_NONE = {"train", "settings", "new", "test", "rules", "texts", "parse", "webhook", "doctor"}


def loket(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {key: value for key, value in os.environ.items() if not key.startswith("LOKET_")}
    given |= {
        "LOKET_ROOT": str(ROOT),
        "LOKET_VAR_DIR": str(folder / "var"),
        "PYTHONPATH": str(ROOT),
    }
    given |= {"LOKET_PORT": str(free_port()), **environment}
    command = [sys.executable, "-m", "bot.cli", *arguments]
    return subprocess.run(
        command, env=given, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def test_no_command_is_forgotten() -> None:
    """A new one is put on one of the two lists, and so is tried."""
    known = set(commands.main.list_commands(None))  # type: ignore[arg-type]
    assert known == NEED.keys() | NEED_NONE


@pytest.mark.parametrize("command", NEED)
def test_a_database_that_is_away_is_one_sentence(tmp_path: Path, command: str) -> None:
    """With what the driver says, what to look at, and no password."""
    done = loket(tmp_path, command, *NEED[command], LOKET_DATABASE_URL=AWAY)
    assert done.returncode == 78, done.stderr
    (line,) = [each for each in done.stderr.splitlines() if each.startswith("loket: ")]
    assert line.startswith("loket: The database cannot be reached: ")
    assert "LOKET_DATABASE_URL" in line
    assert "Traceback" not in done.stderr
    assert "geheim" not in done.stderr


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    """As a restore that went wrong leaves."""
    (tmp_path / "loket.db").write_text("no database\n" * 1000)
    url = f"sqlite:///{tmp_path / 'loket.db'}"
    done = loket(tmp_path, "outbox", LOKET_DATABASE_URL=url)
    assert (done.returncode, "is damaged" in done.stderr) == (78, True), done.stderr


@pytest.mark.parametrize("command", ["run", "train"])
def test_a_models_folder_that_cannot_be_written_is_found_at_once(
    tmp_path: Path, command: str
) -> None:
    """Before the database is made, and before a training that would be for nothing."""
    (tmp_path / "file").write_text("")
    models = str(tmp_path / "file" / "models")
    done = loket(tmp_path, command, LOKET_MODELS_DIR=models)
    assert done.returncode == 78, done.stderr
    assert f"No model can be written in {models}" in done.stderr
    assert "LOKET_MODELS_DIR" in done.stderr
    assert not (tmp_path / "var" / "loket.db").exists()
