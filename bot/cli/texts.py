"""`loket texts`: lists the framework's texts, and the file in which each one stands."""

from __future__ import annotations

import json
import re
from typing import Final

import click

from bot import catalogue
from bot.catalogue import Entry
from bot.ops import text_loading as own_texts
from bot.settings_loading import load_settings

#: First parts of the keys of texts that only people of the organisation read.
_INSIDE: Final = re.compile(r"(?:desk|desk_\w+|terminal)\.")
_FORMAL: Final = re.compile(r"\b(?:u|uw|uzelf)\b", re.IGNORECASE)


@click.command()
@click.argument("word", required=False, default="")
@click.option("--changed", is_flag=True, help="Only what this assistant says in its own words.")
@click.option("--customers", is_flag=True, help="Only what customers read; nothing of the desk.")
@click.option("--formal", is_flag=True, help="Only what addresses a customer formally.")
@click.option("--copy", is_flag=True, help="As lines to copy into data/texts.yml.")
def texts(*, word: str, changed: bool, customers: bool, formal: bool, copy: bool) -> None:
    """List the framework's texts, with WORD those that hold it in key or text.

    To say one in other words, write its key with your text in data/texts.yml. What an assistant
    that says "je" has to write anew: loket texts --customers --formal --copy
    """
    settings = load_settings()
    framework = catalogue.framework().entries
    sought = word.casefold()
    for key, entry in own_texts.load(settings.root).entries.items():
        own = framework[key] if entry is not framework[key] else None
        if (changed and own is None) or sought not in f"{key}\n{entry.text}".casefold():
            continue
        if (customers and _INSIDE.match(key)) or (formal and not _FORMAL.search(entry.text)):
            continue
        if copy:
            _copied(entry, overridden=own is not None)
            continue
        click.secho(key, bold=True, nl=False)
        click.echo(f"  ({entry.place})")
        click.echo(_indented(entry.text))
        if own is not None:
            click.echo(f"  framework ({own.place}):\n{_indented(own.text)}")


def _copied(entry: Entry, *, overridden: bool) -> None:
    """A line of YAML, and above it where this assistant has it already."""
    if overridden:
        click.echo(f"# yours: {entry.place}")
    click.echo(f"{entry.key}: {json.dumps(entry.text, ensure_ascii=False)}")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
