"""`loket disclosures`: lists when a customer was told that an AI answers, and if it arrived."""

from __future__ import annotations

from datetime import datetime

import click

from bot.cli.opened_database import opened_database
from bot.errors import LoketError
from bot.store.conversation import disclosures as records
from bot.store.conversation.disclosures import Disclosure


@click.command()
@click.argument("conversation")
@click.option("--show", is_flag=True, help="Show the words too.")
def disclosures(conversation: str, *, show: bool) -> None:
    """List the disclosures of CONVERSATION (its whole id), oldest first.

    `offered` waits to be sent, `sent` was taken by the provider or the browser, `delivered` and
    `read` are what the channel tells, `failed` and `dead` did not arrive, as far as is known. The
    record outlives the conversation.
    """
    with opened_database() as (database, _), database.read() as conn:
        found = records.of(conn, conversation.strip().lower())
    if not found:
        raise LoketError(f"No disclosure is on record for conversation {conversation!r}.")
    for each in found:
        click.echo(_line(each))
        if show:
            click.echo(f"      {each.text}")


def _line(each: Disclosure) -> str:
    times = (
        ("offered", each.at),
        ("sent", each.sent_at),
        ("delivered", each.delivered_at),
        ("read", each.read_at),
        ("failed", each.failed_at),
    )
    when = ", ".join(f"{word} {_moment(at)}" for word, at in times if at is not None)
    return f"{each.status:<9} {each.channel:<9} version {each.version:<8} {when}"


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S UTC")
