"""`loket outbox`: shows messages that did not, or may not have, arrived, and acts on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from bot import clock
from bot.cli.opened_database import opened_database
from bot.errors import LoketError
from bot.store.delivery.dead_letter_decisions import arrived, dismiss, resend, resend_outage
from bot.store.delivery.dead_letters import DeadLetter, failed_deliveries
from bot.store.notify import notifier

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: What an error means and what a person can do; the provider's own codes stand as they are.
_MEANINGS = {
    "opted_out": "the customer said STOP; nothing may be sent until they say START",
    "window_closed": "the customer wrote too long ago for this channel; send again when they write",
    "window_closed invited": "too late: the template was sent; send again when they write",
    "interrupted": "the worker stopped while sending; it may have arrived",
    "ambiguous": "no answer from the provider; it may have arrived",
    "undisclosed": "the notice that an AI answers could not be delivered before it",
    "gave_up": "the provider could not be reached for a day",
    "not_rendered": "a fault in Loket: it could not be put in the channel's form",
    "empty": "there was nothing to send",
}


@click.group(invoke_without_command=True)
@click.option("--show", is_flag=True, help="Show the texts too. They are personal data.")
@click.pass_context
def outbox(ctx: click.Context, *, show: bool) -> None:
    """List what did not reach a customer, oldest first.

    `failed` is the provider's last word, `dead` is Loket's; `unsure` may have arrived, and you
    decide; `queued` and `sending` are still tried.
    """
    if ctx.invoked_subcommand is not None:
        return
    with opened_database() as (database, _), database.read() as conn:
        found = failed_deliveries(conn)
    if not found:
        click.echo("Everything was delivered, or is on its way for the first time.")
        return
    now = clock.now()
    for item in found:
        click.echo(_line(item, now))
        if show:
            click.echo(f"      {item.message.text}")
    if any(item.unsure for item in found):
        click.echo("Of what is unsure: loket outbox arrived ID..., dismiss ID..., or resend ID...")
        click.echo("A whole outage: loket outbox resend --unsure --channel NAME --since TIME")
    click.echo("Send again with: loket outbox resend ID... (or --all)")


_moment = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"])


@outbox.command("resend")
@click.argument("ids", nargs=-1, type=click.IntRange(1))
@click.option("--all", "everything", is_flag=True, help="All that is dead, failed or unsure.")
@click.option("--unsure", "outage", is_flag=True, help="What became unsure in an outage.")
@click.option("--channel", help="With --unsure: name of a channel of credentials.yml.")
@click.option("--since", type=_moment, help="With --unsure: from this time on (local).")
@click.option("--until", type=_moment, help="With --unsure: up to this time; now if left out.")
def resend_(
    ids: tuple[int, ...],
    *,
    everything: bool,
    outage: bool,
    channel: str | None,
    since: datetime | None,
    until: datetime | None,
) -> None:
    """Send messages again, by the ids that `loket outbox` shows.

    What may have arrived may arrive twice: that is for you to judge. With --unsure, messages are
    left alone where something else reached the customer since, or a person has the conversation.
    """
    if [bool(ids), everything, outage].count(True) != 1:
        raise click.UsageError("Give ids, or --all, or --unsure with --channel and --since.")
    if outage and (channel is None or since is None):
        raise click.UsageError("--unsure needs --channel and --since.")
    now = clock.now()
    skipped: tuple[int, ...] = ()
    with opened_database() as (database, settings):
        with database.begin() as conn:
            if channel is not None and since is not None:
                span = (since.astimezone(UTC), until.astimezone(UTC) if until else now)
                resent = resend_outage(conn, channel, *span, now)
                queued, skipped = resent.queued, resent.skipped
            else:
                queued = resend(conn, None if everything else ids, now)
        wakeups = notifier.of(settings.database_url, settings.var_dir)
        wakeups.ring("outbox")
        wakeups.close()
    if missing := sorted(set(ids) - set(queued)):
        raise LoketError(f"Not dead or failed, so not sent again: {_numbers(missing)}.")
    click.echo(f"{len(queued)} queued; the worker sends them.")
    if skipped:
        click.echo(
            f"Left alone, because the conversation went on since: {_numbers(skipped)}. Look at"
            " each, then resend or dismiss it."
        )


@outbox.command("arrived")
@click.argument("ids", nargs=-1, type=click.IntRange(1), required=True)
def arrived_(ids: tuple[int, ...]) -> None:
    """Note that messages that are unsure did arrive."""
    _decide(arrived, ids, "noted as arrived")


@outbox.command("dismiss")
@click.argument("ids", nargs=-1, type=click.IntRange(1), required=True)
def dismiss_(ids: tuple[int, ...]) -> None:
    """Take messages that are unsure off the list; they count as not delivered."""
    _decide(dismiss, ids, "dismissed")


def _decide(
    act: Callable[[Connection, Iterable[int], datetime], tuple[int, ...]],
    ids: tuple[int, ...],
    word: str,
) -> None:
    with opened_database() as (database, _), database.begin() as conn:
        settled = act(conn, ids, clock.now())
    if missing := sorted(set(ids) - set(settled)):
        raise LoketError(f"Not unsure, so left as it is: {_numbers(missing)}.")
    click.echo(f"{len(settled)} {word}.")


def _numbers(ids: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(ids)))


def _line(item: DeadLetter, now: datetime) -> str:
    meaning = _MEANINGS.get(item.error) or _MEANINGS.get(item.error.split(" ")[0], "")
    age = _age(now - item.queued_at)
    status = "unsure" if item.unsure else item.status
    said = f"{item.error}: {meaning}" if meaning else item.error
    return (
        f"{item.id:>5}  {item.channel:<9} {status:<8} {age:>5}  "
        f"tries {item.attempts}  conversation {item.conversation_id}  {said}"
    )


def _age(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} m"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"
