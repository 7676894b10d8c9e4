"""The `loket` command.

Each subcommand imports what it needs when it runs: `loket --help` and `loket web` load neither Rasa
nor TensorFlow.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NoReturn

import click
import structlog

from bot.assistant_folder import find_root
from bot.env_file import NAME, EnvFile
from bot.errors import LoketError
from bot.logs import logging_setup
from bot.settings import Settings
from bot.settings_listing import describe
from bot.settings_loading import load_settings

#: Commands that live in modules of their own: where, and what `loket --help` says of them.
_ELSEWHERE = {
    "backup": ("bot.cli.backup:backup", "Copy the database and the key while Loket runs."),
    "chat": ("bot.cli.chat:chat", "Talk to the bot in this terminal, or in JSON lines."),
    "desk": ("bot.cli.desk:desk", "Manage who may log in at the desk."),
    "outbox": ("bot.cli.outbox:outbox", "List what did not reach customers, and send it again."),
    "disclosures": (
        "bot.cli.disclosures:disclosures",
        "Show who was told that an AI answers, and whether it arrived.",
    ),
    "transcript": ("bot.cli.transcript:transcript", "Write a conversation's transcript."),
    "doctor": ("bot.cli.doctor:doctor", "Check Loket and every channel, and say what to do."),
    "webhook": ("bot.cli.doctor:webhook", "Tell providers where Loket is."),
    "new": ("bot.cli.new:new", "Make an assistant of your own in a new folder."),
    "test": ("bot.cli.story_tests:test", "Play the stories in tests/stories."),
    "rules": ("bot.cli.rules:rules", "Show the rules that are made for the tasks of actions/."),
    "texts": ("bot.cli.texts:texts", "List what Loket says itself, and where each text stands."),
    "parse": ("bot.cli.parse:parse", "Show how sentences are understood: one a line in, JSON out."),
}
_INTERRUPTED = 128 + signal.SIGINT


class _Commands(click.Group):
    """Finds the commands that live elsewhere, and turns Loket's errors into exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *_ELSEWHERE]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        module, _, name = _ELSEWHERE[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        # click would import every command to ask for its help.
        rows = [(name, command.get_short_help_str(80)) for name, command in self.commands.items()]
        rows += [(name, text) for name, (_, text) in _ELSEWHERE.items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        # Until a command has its settings, only warnings and errors are logged; never on standard
        # output.
        logging_setup.configure("WARNING")
        try:
            return super().invoke(ctx)
        except LoketError as error:
            _refuse(ctx, error)
        except KeyboardInterrupt:
            ctx.exit(_INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - the last place that can say it without personal data
            if (fault := _of_the_database(error)) is not None:
                _refuse(ctx, fault)
            structlog.get_logger(__name__).exception("command_failed")
            click.echo("loket: this should not happen; the log line above says what.", err=True)
            ctx.exit(os.EX_SOFTWARE)


def _refuse(ctx: click.Context, error: LoketError) -> NoReturn:
    """Ends a command with the error's sentence; one about a setting of `.env` names the line."""
    sentence = str(error)
    with suppress(LoketError):  # there is no assistant here, or no readable file
        file = EnvFile.read(find_root(os.environ, None).resolve() / NAME)
        sentence = file.located(sentence, os.environ)
    click.echo(f"loket: {sentence}", err=True)
    ctx.exit(error.exit_code)


def _of_the_database(error: Exception) -> LoketError | None:
    if "sqlalchemy" not in sys.modules:
        return None
    from bot.cli import database_faults  # noqa: PLC0415 - not every command needs a database

    return database_faults.told(error)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="loket", message="loket %(version)s")
def main() -> None:
    """Loket: a messaging bot that knows when to fetch a person.

    Settings come from the environment and from a file .env; `loket settings` lists them. Logs and
    messages go to standard error. Exit codes: 0 done, 2 wrong use, 69 no model, 70 a fault in
    Loket, 78 wrong setting or content, 130 interrupted.
    """


def _settings(otherwise: Mapping[str, str] | None = None, **given: object) -> Settings:
    """Settings with the options of the command line over the environment.

    Sets up logging, and has this process say the assistant's texts.
    """
    extra = {f"LOKET_{key.upper()}": str(value) for key, value in given.items() if value}
    settings = load_settings({**os.environ, **extra}, otherwise=otherwise)
    logging_setup.configure(settings.log_level, settings.log_format)
    from bot.ops import text_loading  # noqa: PLC0415 - reads the catalogue, which not every command needs

    text_loading.use(settings.root)
    return settings


_port = click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")
_host = click.option("--host", help="Address to listen on, such as 0.0.0.0.")


@main.command()
@_port
@_host
def run(port: int | None, host: str | None) -> None:
    """Start everything: database, model, web, worker and delivery.

    Creates the database and sample data, trains a model if there is none for the present content,
    and keeps `loket web`, `loket worker` and `loket delivery` running until Ctrl-C.
    """
    # No process id in the name: a worker that starts again must find the messages it had claimed.
    name = f"{socket.gethostname()}-1"
    settings = _settings({"LOKET_WORKER_NAME": name}, port=port, host=host)
    from bot.cli.run import run as run_all  # noqa: PLC0415

    sys.exit(run_all(settings))


@main.command()
@_port
@_host
def web(port: int | None, host: str | None) -> None:
    """Take messages in; serve the chat and the desk (no model needed)."""
    settings = _settings(port=port, host=host)
    from bot.web.app import serve  # noqa: PLC0415

    serve(settings)


@main.command()
@click.option("--name", help="Name of this worker, unique among workers.")
def worker(name: str | None) -> None:
    """Answer messages with the trained model."""
    settings = _settings(worker_name=name)
    from bot.worker.process import serve  # noqa: PLC0415

    serve(settings)


@main.command()
def delivery() -> None:
    """Hand answers to the channels' providers, and to Chatwoot (no model needed)."""
    settings = _settings()
    from bot.delivery.process import serve  # noqa: PLC0415

    serve(settings)


@main.command()
@click.option("--force", is_flag=True, help="Train even if the content did not change.")
@click.option("--quiet", is_flag=True, help="Do not write the model's path to standard output.")
def train(*, force: bool, quiet: bool) -> None:
    """Train a model on config.yml, domain.yml and data/.

    Does nothing when the model of the present content is there already. Writes the path of the
    model to standard output.
    """
    settings = _settings()
    from bot.ops.progress import Progress  # noqa: PLC0415
    from bot.ops.train import ensure_model  # noqa: PLC0415

    with Progress("Training") as progress:
        model = ensure_model(settings, force=force, listener=progress)
    if not quiet:
        click.echo(model)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def settings(*, as_json: bool) -> None:
    """List every setting with its meaning, default and present value."""
    rows = describe(load_settings())
    if as_json:
        click.echo(json.dumps({row.env: row.value for row in rows}, indent=2))
        return
    for row in rows:
        click.secho(row.env, bold=True)
        click.echo(f"  {row.meaning}")
        click.echo(f"  default: {row.default}")
        click.echo(f"  now:     {row.value or '(none)'}")


if __name__ == "__main__":
    main(prog_name="loket")
