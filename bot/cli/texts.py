"""`loket texts`: lists the framework's texts, and the file in which each one stands."""

from __future__ import annotations

import click

from bot import catalogue
from bot.ops import text_loading as own_texts
from bot.settings_loading import load_settings


@click.command()
@click.argument("word", required=False, default="")
@click.option("--changed", is_flag=True, help="Only what this assistant says in its own words.")
def texts(*, word: str, changed: bool) -> None:
    """List the framework's texts, with WORD those that hold it in key or text.

    To say one in other words, write its key with your text in data/texts.yml.
    """
    settings = load_settings()
    framework = catalogue.framework().entries
    sought = word.casefold()
    for key, entry in own_texts.load(settings.root).entries.items():
        own = framework[key] if entry is not framework[key] else None
        if (changed and own is None) or sought not in f"{key}\n{entry.text}".casefold():
            continue
        click.secho(key, bold=True, nl=False)
        click.echo(f"  ({entry.place})")
        click.echo(_indented(entry.text))
        if own is not None:
            click.echo(f"  framework ({own.place}):\n{_indented(own.text)}")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
