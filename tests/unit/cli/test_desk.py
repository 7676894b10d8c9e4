"""`loket desk`: accounts from the command line."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import commands
from bot.desk.login import one_time_links, password_hashes, sessions
from bot.settings_loading import load_settings
from bot.store.desk import agents
from bot.store.desk.agents import Account
from bot.store.sql.database import Database

ROOT = Path(__file__).parents[3]
SECRET = "a secret for tests that is long enough"
PASSWORD = "paarse fietsen op dinsdag"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A project of one's own with the example's teams; hashing is made cheap."""
    (tmp_path / "data").mkdir()
    shutil.copy(ROOT / "data/organisation.yml", tmp_path / "data")
    monkeypatch.setenv("LOKET_ROOT", str(tmp_path))
    monkeypatch.setenv("LOKET_SECRET", SECRET)
    monkeypatch.setattr(password_hashes, "hashed", lambda password: f"hash of {password}")
    database = Database(load_settings().database_url)
    database.upgrade()
    yield database
    database.dispose()


def desk(*arguments: str, typed: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(commands.main, ["desk", *arguments], input=typed, prog_name="loket")
    return result.exit_code, result.stdout, result.stderr


def account(store: Database, login: str) -> Account:
    with store.read() as conn:
        found = agents.by_login(conn, login)
    assert found
    return found


def test_a_password_is_asked_twice_and_never_shown(store: Database) -> None:
    """It is no argument, which other users of the machine could read."""
    code, out, err = desk("add-user", "Samira", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert (code, out) == (0, "")
    assert PASSWORD not in err
    found = account(store, "samira")
    assert found.password_hash == f"hash of {PASSWORD}"
    assert (found.agent.role, found.agent.teams, found.agent.name) == ("agent", (), "Samira")


def test_a_script_gives_the_password_on_standard_input(store: Database) -> None:
    """With a role and teams; the line's end is no part of it."""
    more = ("--name", "Sanne", "--supervisor", "--team", "bezorging", "--password-stdin")
    code, _, _ = desk("add-user", "sanne@voorbeeld.example", *more, typed=f"{PASSWORD}\r\n")
    assert code == 0
    found = account(store, "sanne@voorbeeld.example")
    assert found.password_hash == f"hash of {PASSWORD}"
    assert (found.agent.role, found.agent.teams) == ("supervisor", ("bezorging",))


@pytest.mark.parametrize(
    ("arguments", "typed", "words"),
    [
        (("samira", "--team", "niets"), "", "There is no team niets. There are: algemeen"),
        (("s", "--password-stdin"), PASSWORD, "2 to 100"),
        (("a b", "--password-stdin"), PASSWORD, "2 to 100"),
        (("samira", "--name", " ", "--password-stdin"), PASSWORD, "a name 1 to 80"),
        (("samira", "--password-stdin"), "kort", "at least 12"),
        (("samira", "--password-stdin"), "", "at least 12"),
        (("samira", "--password-stdin"), "samira123456", "too much like"),
        (("samira", "--password-stdin"), "Welkom123456", "easy to guess"),
        (("taken", "--password-stdin"), PASSWORD, "There is a user taken already."),
        (("samira", "--oidc", "--invite"), "", "Give one of"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(
    store: Database, arguments: tuple[str, ...], typed: str, words: str
) -> None:
    """Nothing is made then."""
    with store.begin() as conn:
        agents.add(conn, "taken", "Taken", "agent", (), datetime.now(UTC))
    code, out, err = desk("add-user", *arguments, typed=typed)
    assert code != 0
    assert words in err + out
    with store.read() as conn:
        assert len(agents.everyone(conn)) == 1


def test_an_invitation_is_one_line(store: Database) -> None:
    """On standard output, so that it can be passed on."""
    code, out, _ = desk("add-user", "samira", "--invite")
    assert code == 0
    address, _, token = out.strip().rpartition("/")
    assert address.endswith("/desk/invitation")
    found = one_time_links.invitation(SECRET, token, datetime.now(UTC))
    assert found == one_time_links.Invitation(
        account(store, "samira").agent.id, found.state if found else ""
    )
    assert desk("invite", "samira")[0] == 0


def test_another_password_ends_sessions(store: Database) -> None:
    """Who forgot it is let in again, and nobody else stays."""
    desk("add-user", "samira", "--oidc")
    now = datetime.now(UTC)
    number = account(store, "samira").agent.id
    with store.begin() as conn:
        token = sessions.start(conn, number, now)
    assert desk("set-password", "samira", "--password-stdin", typed=PASSWORD)[0] == 0
    found = account(store, "samira")
    assert found.password_hash == f"hash of {PASSWORD}"
    with store.read() as conn:
        assert sessions.find(conn, token, now) is None


def test_who_left_is_kept_out_but_not_the_last_supervisor(store: Database) -> None:
    """Somebody must be able to manage the desk."""
    desk("add-user", "sanne", "--supervisor", "--oidc")
    desk("add-user", "samira", "--oidc")
    code, _, err = desk("deactivate", "sanne")
    assert (code, "only supervisor" in err) == (1, True)
    assert desk("deactivate", "samira")[0] == 0
    assert not account(store, "samira").active
    assert "may not log in" in desk("list-users")[1]
    assert desk("invite", "samira")[0] == 1
    assert desk("activate", "samira")[0] == 0
    assert account(store, "samira").active
    assert "There is no user niemand" in desk("deactivate", "niemand")[2]


def test_an_empty_desk_says_how_to_begin(store: Database) -> None:
    """Instead of an empty list."""
    assert "loket desk add-user" in desk("list-users")[1]


def is_link(text: str) -> bool:
    found = re.search(r"http://127\.0\.0\.1:8080/desk/setup/(\S+)", text)
    return found is not None and one_time_links.is_setup(SECRET, found[1], datetime.now(UTC))


def test_there_is_a_link_until_somebody_is_there(store: Database) -> None:
    """Alone on standard output; an account that may not log in is nobody."""
    code, out, err = desk("setup-link")
    assert (code, err, is_link(out)) == (0, "", True)
    assert out.count("\n") == 1
    desk("add-user", "samira", "--oidc")
    code, out, err = desk("setup-link")
    assert (code, out) == (1, "")
    assert "There are users already" in err
    desk("deactivate", "samira")
    assert is_link(desk("setup-link")[1])


#: What `loket run` says once web answers.
GREETS = """
import asyncio
from bot.cli import run
from bot.settings_loading import load_settings

async def answers():
    return True

asyncio.run(run._say_where(load_settings(), answers))
"""


def greeting(stderr: int) -> None:
    subprocess.run([sys.executable, "-c", GREETS], stderr=stderr, check=True, timeout=60)


def test_the_link_is_shown_on_a_terminal(store: Database) -> None:
    """To who started Loket by hand."""
    ours, theirs = pty.openpty()
    try:
        greeting(theirs)
        said = os.read(ours, 65536).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    assert is_link(said)
    assert "Within an hour" in said


def test_the_link_never_goes_where_logs_are_kept(store: Database, tmp_path: Path) -> None:
    """Who reads logs must not become supervisor; the command that shows it is named."""
    with (tmp_path / "log").open("w") as log:
        greeting(log.fileno())
    said = (tmp_path / "log").read_text()
    assert "/desk/setup" not in said
    assert "For the first user's link: loket desk setup-link" in said
    desk("add-user", "samira", "--oidc")
    with (tmp_path / "log").open("w") as log:
        greeting(log.fileno())
    assert "Agents log in at http://127.0.0.1:8080/desk\n" in (tmp_path / "log").read_text()
