"""The command line: help in plain words, one sentence for an error, exit codes one can use."""

from __future__ import annotations

import importlib
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import structlog
from click.testing import CliRunner

from bot.cli import commands
from bot.errors import ConfigurationError, LoketError
from bot.process.supervisor import Child
from bot.settings import Settings
from bot.web import app
from tests.support.webchat import free_port

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A project of one's own; logging is put back afterwards."""
    monkeypatch.setenv("LOKET_ROOT", str(tmp_path))
    monkeypatch.setenv("LOKET_LOG_FORMAT", "json")
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(False)
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def invoke(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(commands.main, arguments, prog_name="loket")
    return result.exit_code, result.stdout, result.stderr


def test_help_lists_every_command() -> None:
    """Those that live elsewhere too, without importing them."""
    code, out, _ = invoke("--help")
    assert code == 0
    for name in ("run", "web", "worker", "delivery", "train", "chat", "parse", "settings"):
        assert f"\n  {name} " in out


@pytest.mark.parametrize("command", ["run", "web", "worker", "delivery", "train", "settings"])
def test_every_command_explains_itself(command: str) -> None:
    """Its help begins with what it does."""
    code, out, _ = invoke(command, "--help")
    assert code == 0
    assert out.startswith(f"Usage: loket {command}")


def test_help_imports_no_framework() -> None:
    """`loket --help` answers at once: Rasa alone takes ten seconds to import."""
    code = (
        "import sys; from bot.cli.commands import main; main(['--help'], standalone_mode=False);"
        "print([m for m in ('rasa', 'tensorflow', 'sanic', 'sqlalchemy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_web_process_imports_no_model() -> None:
    """It takes messages in a second or two after its start, whatever the model is doing."""
    code = "import sys, bot.web; print([m for m in ('rasa', 'tensorflow') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_an_unknown_command_is_wrong_use() -> None:
    """Exit code 2, as everywhere."""
    assert invoke("fly")[0] == 2


@pytest.mark.parametrize(
    ("error", "code"),
    [(ConfigurationError("Port 8080 is in use."), 78), (LoketError("No."), 1)],
)
def test_an_error_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, error: LoketError, code: int
) -> None:
    """On standard error, with the error's own exit code and no traceback."""

    def serve(_: Settings) -> None:
        raise error

    monkeypatch.setattr(app, "serve", serve)
    assert invoke("web") == (code, "", f"loket: {error}\n")


def test_an_interrupt_is_no_failure_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C gives 130, as shells expect."""

    def serve(_: Settings) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "serve", serve)
    assert invoke("web") == (130, "", "")


def test_a_fault_of_ours_is_logged_without_personal_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 70, and a log line with the type and the places of what went wrong."""

    def serve(_: Settings) -> None:
        raise KeyError("0612345678")

    monkeypatch.setattr(app, "serve", serve)
    code, out, err = invoke("web")
    assert (code, out) == (70, "")
    logged = json.loads(err.splitlines()[0])
    assert logged["event"] == "command_failed"
    assert logged["exception"].startswith("KeyError\n")
    assert "test_commands.py" in logged["exception"]
    assert "0612345678" not in err


def test_options_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """`loket web --port` decides, and Loket's own address follows it."""
    seen: list[Settings] = []
    monkeypatch.setattr(app, "serve", seen.append)
    monkeypatch.setenv("LOKET_PORT", "9001")
    assert invoke("web", "--port", "9002", "--host", "127.0.0.1")[0] == 0
    assert (seen[0].port, seen[0].public_url) == (9002, "http://127.0.0.1:9002")


def test_a_wrong_setting_is_told_before_anything_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is named."""
    monkeypatch.setenv("LOKET_PORT", "eighty")
    code, _, err = invoke("web")
    assert code == 78
    assert "LOKET_PORT" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["run", "web", "worker", "delivery", "train", "chat"])
def test_a_text_that_cannot_be_said_is_told_before_anything_starts(
    command: str, tmp_path: Path
) -> None:
    """The assistant's own texts are looked at by each command that says them, and at training."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "texts.yml").write_text("chat.failed:\n", encoding="utf-8")
    code, _, err = invoke(command)
    assert code == 78
    assert err.startswith("loket: A text cannot be said.\ndata/texts.yml line 1: chat.failed is")


def test_settings_are_listed(tmp_path: Path) -> None:
    """As a table to read and as JSON to use."""
    code, out, _ = invoke("settings")
    assert code == 0
    assert "LOKET_DATABASE_URL\n  Database of conversations" in out
    values = json.loads(invoke("settings", "--json")[1])
    assert values["LOKET_ROOT"] == str(tmp_path)
    assert values["LOKET_SECRET"] == "(hidden)"


def test_a_port_in_use_is_told_before_a_model_is_trained() -> None:
    """The sentence names the port and the way out."""
    from bot.web.listen_socket import listen

    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        code, out, err = invoke("run", "--port", str(port))
    assert (code, out) == (78, "")
    assert f"Port {port} is in use" in err
    assert "LOKET_PORT=" in err


def test_a_worker_under_run_keeps_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same over restarts; one that was given is respected."""
    from bot.cli import run

    seen: list[str] = []

    class Started:
        def __init__(self, children: list[Child], *_: object) -> None:
            seen.extend(
                child.environment["LOKET_WORKER_NAME"]
                for child in children
                if child.name == "worker"
            )

        async def run(self, _: object) -> int:
            return 0

    monkeypatch.setattr(run, "Supervisor", Started)
    monkeypatch.setattr(run.safeguard_check, "check", lambda _: None)
    monkeypatch.setattr(run, "current_model", lambda _: None)
    monkeypatch.setattr(run, "_prepare_data", lambda _: None)
    monkeypatch.setenv("LOKET_PORT", str(free_port()))
    assert invoke("run")[::2] == (0, "loket: Loket has stopped.\n")
    monkeypatch.setenv("LOKET_WORKER_NAME", "balie")
    assert invoke("run")[0] == 0
    assert seen == [f"{socket.gethostname()}-1", "balie"]


def test_a_channel_that_is_not_there_is_wrong_use() -> None:
    """Exit code 2, and the sentence names those that are."""
    shutil.copy(ROOT / "credentials.yml", Path(os.environ["LOKET_ROOT"]))
    code, out, err = invoke("chat", "--channel", "fax")
    assert (code, out) == (2, "")
    assert "there is no fax in credentials.yml; choose from sms, telegram, webchat," in err


@pytest.mark.parametrize("command", ["chat", "parse"])
def test_what_talks_in_a_terminal_logs_only_trouble(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Unless a level was set, in the environment or in .env."""
    root = Path(os.environ["LOKET_ROOT"])
    shutil.copy(ROOT / "credentials.yml", root)
    seen: list[int] = []

    def stop(_: Settings) -> None:
        seen.append(logging.getLogger("bot").level)
        raise LoketError("Far enough.")

    monkeypatch.setattr(importlib.import_module(f"bot.cli.{command}"), "train_if_needed", stop)
    assert invoke(command) == (1, "", "loket: Far enough.\n")
    (root / ".env").write_text("LOKET_LOG_LEVEL=INFO\n")
    invoke(command)
    monkeypatch.setenv("LOKET_LOG_LEVEL", "ERROR")
    invoke(command)
    assert seen == [logging.WARNING, logging.INFO, logging.ERROR]


def test_commands_elsewhere_are_found() -> None:
    """`chat` and `parse` are imported when they are used."""
    context = click.Context(commands.main)
    for name in ("chat", "parse"):
        assert isinstance(commands.main.get_command(context, name), click.Command)
