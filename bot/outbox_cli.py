"""`loket outbox`: what did not reach a customer, to see and to send again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import click

from bot.errors import LoketError
from bot.settings import Settings
from bot.store import doorbell
from bot.store.database import Database
from bot.store.undelivered import Undelivered, resend, undelivered

#: What an error means and what a person can do; the provider's own codes stand as they are.
_MEANINGS = {
    "opted_out": "the customer said STOP; nothing may be sent until they say START",
    "window_closed": "the customer wrote over 24 hours ago; send again when they write",
    "window_closed invited": "too late: the template was sent; send again when they write",
    "interrupted": "the worker stopped while sending; it may have arrived",
    "ambiguous": "no answer from the provider; it may have arrived",
    "gave_up": "the provider could not be reached for a day",
    "not_rendered": "a fault in Loket: it could not be put in the channel's form",
    "empty": "there was nothing to send",
}


@click.group(invoke_without_command=True)
@click.option("--show", is_flag=True, help="Show the texts too. They are personal data.")
@click.pass_context
def outbox(ctx: click.Context, *, show: bool) -> None:
    """List what did not reach a customer, oldest first.

    `failed` is the provider's last word, `dead` is Loket's; `queued` and `sending` are still tried.
    """
    if ctx.invoked_subcommand is not None:
        return
    with _database() as (database, _), database.read() as conn:
        found = undelivered(conn)
    if not found:
        click.echo("Everything was delivered, or is on its way for the first time.")
        return
    now = datetime.now(UTC)
    for item in found:
        click.echo(_line(item, now))
        if show:
            click.echo(f"      {item.message.text}")
    click.echo("Send again with: loket outbox resend ID... (or --all)")


@outbox.command("resend")
@click.argument("ids", nargs=-1, type=click.IntRange(1))
@click.option("--all", "everything", is_flag=True, help="All that is dead or failed.")
def resend_(ids: tuple[int, ...], *, everything: bool) -> None:
    """Send messages again, by the ids that `loket outbox` shows.

    What may have arrived may arrive twice: that is for you to judge.
    """
    if bool(ids) == everything:
        raise click.UsageError("Give ids, or --all.")
    with _database() as (database, settings):
        with database.begin() as conn:
            queued = resend(conn, None if everything else ids, datetime.now(UTC))
        bell = doorbell.of(settings.database_url, settings.var_dir)
        bell.ring("outbox")
        bell.close()
    if missing := sorted(set(ids) - set(queued)):
        numbers = ", ".join(map(str, missing))
        raise LoketError(f"Not dead or failed, so not sent again: {numbers}.")
    click.echo(f"{len(queued)} queued; the worker sends them.")


@contextmanager
def _database() -> Iterator[tuple[Database, Settings]]:
    settings = Settings.load()
    database = Database(settings.database_url)
    try:
        database.upgrade()
        yield database, settings
    finally:
        database.dispose()


def _line(item: Undelivered, now: datetime) -> str:
    meaning = _MEANINGS.get(item.error) or _MEANINGS.get(item.error.split(" ")[0], "")
    age = _age(now - item.queued_at)
    said = f"{item.error}: {meaning}" if meaning else item.error
    return (
        f"{item.id:>5}  {item.channel:<9} {item.status:<8} {age:>5}  "
        f"tries {item.attempts}  conversation {item.conversation_id}  {said}"
    )


def _age(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} m"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"
