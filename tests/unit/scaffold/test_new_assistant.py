"""`loket new` makes an assistant whose files are right, whatever it is called."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot import organisation, scaffold
from bot.cli import commands
from bot.core import safeguard_check
from bot.errors import ConfigurationError
from bot.knowledge import pages
from bot.scaffold import Names, create, files, render
from channels import registry

TODAY = date(2026, 11, 2)
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new assistant, with a name that YAML and Dutch make difficult."""
    folder = tmp_path_factory.mktemp("new") / "balie"
    create(folder, Names.of(folder, "Zorg & Co. 't Café", "zc"), TODAY)
    return folder


def invoke(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(commands.main, ["new", *arguments], prog_name="loket")
    return result.exit_code, result.stdout, result.stderr


def test_it_asks_nothing_and_says_how_to_go_on(tmp_path: Path) -> None:
    """The folder's name is enough; standard output holds the commands that follow."""
    folder = tmp_path / "mijn-balie"
    code, out, err = invoke(str(folder))
    assert (code, out) == (0, f"cd {folder}\nmake run\nmake test\n")
    assert "Mijn balie" in err
    code, out, _ = invoke(str(tmp_path / "mijn balie"))
    assert (code, out) == (0, f"cd '{tmp_path / 'mijn balie'}'\nmake run\nmake test\n")
    assert organisation.load(folder).name == "Mijn balie"
    assert 'prefix: "MB"' in (folder / "config.yml").read_text(encoding="utf-8")


def test_its_commands_find_the_loket_that_made_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a link that git ignores; without an environment there is none, and `make` says so."""
    environment = tmp_path / "environment"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin" / "loket").touch()
    monkeypatch.setattr(sys, "prefix", str(environment))
    assert invoke(str(tmp_path / "one"))[0] == 0
    assert (tmp_path / "one" / ".venv").resolve() == environment
    assert ".venv" in (tmp_path / "one" / ".gitignore").read_text().split()
    (environment / "bin" / "loket").unlink()
    assert invoke(str(tmp_path / "two"))[0] == 0
    done = subprocess.run(
        ["make", "test"], cwd=tmp_path / "two", capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "Loket is not installed here." in done.stderr


@pytest.mark.parametrize("what", ["folder", "file"])
def test_what_is_there_is_left_alone(tmp_path: Path, what: str) -> None:
    """One sentence, and nothing is written."""
    taken = tmp_path / "taken"
    if what == "folder":
        taken.mkdir()
        (taken / "brief.txt").write_text("hoi")
    else:
        taken.write_text("hoi")
    code, _, err = invoke(str(taken))
    assert code == 78
    assert "holds something already" in err
    assert sorted(path.name for path in tmp_path.rglob("*")) in (
        ["brief.txt", "taken"],
        ["taken"],
    )


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    """It may have been made for this."""
    assert invoke(str(tmp_path))[0] == 0
    assert (tmp_path / "domain.yml").is_file()


@pytest.mark.parametrize(
    ("option", "value"),
    [("--name", 'Jan "de" Wit'), ("--name", "{naam}"), ("--name", "-"), ("--prefix", "A1")],
)
def test_a_name_that_cannot_be_is_refused(tmp_path: Path, option: str, value: str) -> None:
    """With what it must be, and the option to give another."""
    folder = tmp_path / "balie"
    code, _, err = invoke(str(folder), option, value)
    assert code == 78
    assert f"Give another with {option}." in err
    assert not folder.exists()


# Reading a whole domain.yml takes a while.
@settings(max_examples=25)
@example("'t Hart & Co.", None)
@example("’s-Heerenberg", None)
@given(st.text(max_size=70), st.one_of(st.none(), st.text("aBz1-é", max_size=8)))
def test_whatever_is_accepted_makes_good_content(name: str, prefix: str | None) -> None:
    """YAML gives the name back, every placeholder is filled, and the prefix is all capitals."""
    try:
        names = Names.of(Path("balie"), name, prefix)
    except ConfigurationError:
        return
    values = names.values(TODAY)
    facts = render((scaffold.TEMPLATE / "data" / "organisation.yml").read_text("utf-8"), values)
    assert YAML(typ="safe").load(facts)["organisation"]["name"] == names.name
    domain = render((scaffold.TEMPLATE / "domain.yml").read_text("utf-8"), values)
    said = YAML(typ="safe").load(domain)["responses"]["utter_out_of_scope"][0]["text"]
    assert said.format() == f"Daar kan ik u niet bij helpen. Ik weet alleen iets van {names.name}."
    config = render((scaffold.TEMPLATE / "config.yml").read_text("utf-8"), values)
    assert YAML(typ="safe").load(config)["assistant_id"] == values["slug"]
    assert names.prefix.isalpha()
    assert names.prefix.isupper()


def test_a_folder_gives_its_name_in_words(tmp_path: Path) -> None:
    """What belongs to a name stays."""
    assert Names.of(tmp_path / "Gemeente 's-Gravenhage & Co").name == "Gemeente 's Gravenhage & Co"
    assert Names.of(tmp_path / "mijn_balie-2").name == "Mijn balie 2"


def test_no_placeholder_is_left(made: Path) -> None:
    """Each has its value, and each file its own name."""
    for path in made.rglob("*"):
        if path.is_file():
            assert "[[" not in path.read_text(encoding="utf-8"), path
            assert path.suffix != ".tmpl"
    assert (made / ".gitignore").is_file()
    assert os.access(made / ".ci" / "run", os.X_OK)
    assert len({target for _, target in files()}) == sum(path.is_file() for path in made.rglob("*"))


def test_its_content_is_right(made: Path) -> None:
    """Safeguards, organisation, channels and pages are read as Loket reads them."""
    safeguard_check.check(made)
    facts = organisation.load(made)
    assert facts.team_for("make_appointment", "asked").id == "balie"
    assert "webchat" in registry.previews(made)
    assert list(pages.read_all(made))


def test_its_code_is_in_good_style(made: Path) -> None:
    """By the rules of this repository, so that an owner begins with clean code."""
    # What an owner need not know of: arguments that rasa_sdk prescribes, an import at its use.
    for command in (("check", "--ignore", "ARG,PLC0415"), ("format", "--check")):
        done = subprocess.run(
            [
                Path(sys.executable).parent / "ruff",
                *command,
                "--config",
                ROOT / "pyproject.toml",
                made,
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_its_content_is_in_good_style(made: Path) -> None:
    """No YAML mistake that a designer would stumble over."""
    done = subprocess.run(
        [
            Path(sys.executable).parent / "yamllint",
            *("--strict", "--config-data", "{extends: default, rules: " + _YAML_RULES + "}", made),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


_YAML_RULES = (
    "{document-start: disable, line-length: disable, truthy: {check-keys: false}, comments: "
    "{min-spaces-from-content: 1}, comments-indentation: disable, indentation: {spaces: 2, "
    "indent-sequences: whatever}, braces: {max-spaces-inside: 1}}"
)
