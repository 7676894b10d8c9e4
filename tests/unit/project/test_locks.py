"""What is imported is declared, and what is declared is locked, for serving or for development."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SERVING, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"
OWN = {"actions", "bot", "channels", "rasa_plus", "loket"}
#: Come with Rasa at the version that fits it: its SDK for actions, and its hooks.
WITH_ANOTHER = {"rasa-sdk": "rasa", "pluggy": "rasa"}


def locked(name: str) -> dict[str, str]:
    """Versions by package."""
    text = (ROOT / name).read_text()
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==(\S+)", text, re.MULTILINE))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\s<>=!;\[(]", name)[0]).lower()


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {normal(line) for line in project["dependencies"]}


def imported() -> dict[str, set[str]]:
    """Top-level modules that the program imports, each with the files that do."""
    found: dict[str, set[str]] = {}
    files = [ROOT / "rasa_plus.py"]
    for folder in ("bot", "channels", "actions"):
        files += (ROOT / folder).rglob("*.py")
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            else:
                continue
            for name in names:
                top = name.partition(".")[0]
                if top not in sys.stdlib_module_names and top not in OWN:
                    found.setdefault(top, set()).add(path.relative_to(ROOT).as_posix())
    return found


def test_what_is_imported_is_declared() -> None:
    """A library that another one happens to bring may be gone after the next `make lock`."""
    distributions = packages_distributions()
    undeclared = {}
    for module, files in imported().items():
        names = {normal(name) for name in distributions.get(module, [module])}
        names = {WITH_ANOTHER.get(name, name) for name in names}
        if not names & declared():
            undeclared[module] = files
    assert not undeclared


def test_what_is_declared_is_locked_for_serving() -> None:
    """Each dependency of the wheel is in the lock that travels with it."""
    assert declared() <= locked(SERVING).keys()


def test_serving_installs_no_tool_of_development() -> None:
    """What the group `dev` asks for by itself is in the other lock, and only there."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    tools = {normal(line) for line in project["dependency-groups"]["dev"]}
    assert tools <= locked(DEVELOPMENT).keys()
    assert {"mypy", "playwright", "pytest", "ruff", "uv", "import-linter"} <= tools
    assert not (tools - declared()) & locked(SERVING).keys()


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
