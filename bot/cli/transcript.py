"""`loket transcript`: writes a conversation as its customer would read it."""

from __future__ import annotations

import asyncio
from typing import Final

import click
from sqlalchemy.engine import Connection

from bot import clock
from bot.cli.opened_database import opened_database
from bot.errors import LoketError
from bot.ops.text_loading import use as use_texts
from bot.settings import Settings
from bot.store.history.linked_conversations import Part, parts
from bot.store.sql.database import Database
from bot.transcripts import text_export
from bot.transcripts.message_reader import messages, named
from channels import registry

_LEAST_DIGITS: Final = 6


@click.command()
@click.argument("conversation")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="Text to read, or one JSON object a message, each on a line.",
)
def transcript(conversation: str, form: str) -> None:
    """Write the transcript of CONVERSATION to standard output.

    CONVERSATION is its id, or the first six or more digits of it; log lines and the desk show it.
    What was said on another channel before the talk went on here is in it too.
    """
    with opened_database() as (database, settings):
        use_texts(settings.root)
        asyncio.run(_write(database, settings, conversation, form))


async def _write(database: Database, settings: Settings, beginning: str, form: str) -> None:
    read = await database.query(_find, beginning.strip().lower())
    channels = registry.profiles(settings.root)
    said = messages(database, read, channels, settings.public_url)
    pieces = text_export.json_lines(said) if form == "json" else text_export.text(said, clock.now())
    async for piece in pieces:
        # The terminal's own line ends; a file for Windows is what customers get.
        click.echo(piece.replace("\r\n", "\n"), nl=False)


def _find(conn: Connection, beginning: str) -> tuple[Part, ...]:
    digits = len(beginning) >= _LEAST_DIGITS and set(beginning) <= set("0123456789abcdef")
    try:
        if digits:
            return parts(conn, named(conn, beginning))
    except LookupError:
        pass
    raise LoketError(
        f"There is no conversation {beginning!r}, or there are several. Give its whole id: 32 "
        "digits and letters, as in the log and on the desk."
    )
