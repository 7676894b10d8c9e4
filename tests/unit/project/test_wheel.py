"""The wheel holds the framework and what it needs, and nothing of this folder's assistant."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.install import __main__ as installer

ROOT = Path(__file__).parents[3]
PACKAGES = ("bot", "channels")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as `make wheel` builds it."""
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [ROOT / "scripts" / "wheel.sh", folder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


@pytest.fixture(scope="module")
def held(wheel: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(wheel) as archive:
        yield archive


def in_the_tree() -> set[str]:
    """The files of the framework, as the wheel names them."""
    files = {path for name in PACKAGES for path in (ROOT / name).rglob("*") if path.is_file()}
    kept = {path for path in files if "__pycache__" not in path.parts}
    return {path.relative_to(ROOT).as_posix() for path in kept} | {"rasa_plus.py"}


def test_every_file_of_the_framework_is_in_it(held: zipfile.ZipFile) -> None:
    """Code, static files, templates, migrations; byte for byte, and no file more."""
    packed = {name for name in held.namelist() if ".dist-info/" not in name}
    assert packed == in_the_tree()
    for name in packed:
        assert held.read(name) == (ROOT / name).read_bytes(), name


def test_no_assistant_is_in_it(held: zipfile.ZipFile) -> None:
    """An installed `actions` would stand beside everybody's own."""
    assert {name.split("/")[0] for name in held.namelist() if ".dist-info/" not in name} == {
        *PACKAGES,
        "rasa_plus.py",
    }


def test_the_lock_in_it_is_the_lock(held: zipfile.ZipFile) -> None:
    """With hashes, and with the two packages that are installed first."""
    lock = held.read(installer.LOCK).decode()
    assert lock == (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for name in ("setuptools", "wheel"):
        lines = installer.locked(lock, name).splitlines()
        assert lines[0].startswith(f"{name}==")
        assert all("--hash=sha256:" in line for line in lines[1:])
        assert len(lines) > 1


def test_the_lock_holds_what_loket_depends_on() -> None:
    """Every dependency of `pyproject.toml` is locked, so that nothing is resolved elsewhere."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for dependency in project["dependencies"]:
        name = dependency.split("=")[0].split(">")[0].split("<")[0].lower().replace(".", "-")
        assert f"\n{name}==" in f"\n{lock}", name


def test_it_is_started_from_within_the_wheel(wheel: Path) -> None:
    """By the one documented command, with the standard library alone."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", f"{wheel}/bot/install", "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "folder of the environment" in done.stdout


def test_a_folder_in_use_is_left_alone(
    wheel: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands there stays; the sentence says what to do."""
    (tmp_path / "letter.txt").write_text("hoi")
    monkeypatch.setattr(installer, "_wheel", lambda: wheel)
    assert installer.main([str(tmp_path)]) == 1
    assert "Choose a new folder." in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
