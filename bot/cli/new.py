"""`loket new`: makes a new assistant that runs and passes its tests at once."""

from __future__ import annotations

import contextlib
import shlex
import sys
from pathlib import Path

import click

from bot import clock
from bot.scaffold import Names, create


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", help="Name of the organisation; by default the folder's.")
@click.option("--prefix", help="Letters in front of the numbers it gives out; by default initials.")
def new(folder: Path, name: str | None, prefix: str | None) -> None:
    """Make a new assistant in FOLDER: three topics, the four safeguards, tests.

    It uses the Loket that made it: FOLDER/.venv is a link to its environment.
    """
    names = Names.of(folder, name, prefix)
    made = create(folder, names, clock.now().date())
    _link(folder)
    click.echo(f"loket: {folder} holds an assistant for {names.name}, {len(made)} files.", err=True)
    click.echo("loket: To talk to it and to test it:", err=True)
    click.echo(f"cd {shlex.quote(str(folder))}\nmake run\nmake test")


def _link(folder: Path) -> None:
    """Links the assistant to this Loket's environment; git ignores the link."""
    environment = Path(sys.prefix)
    if (environment / "bin" / "loket").is_file():
        with contextlib.suppress(FileExistsError):
            (folder / ".venv").symlink_to(environment)
