"""`loket desk`: manages the users of the desk from the terminal."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Final

import click

from bot import clock, organisation
from bot.cli.opened_database import opened_database
from bot.desk.errors import Unusable
from bot.desk.login import accounts, one_time_links, password_hashes, password_policy
from bot.desk.login.accounts import LastSupervisor
from bot.errors import LoketError
from bot.settings import Settings
from bot.store.desk import agents
from bot.store.desk.agents import Account, LoginTaken

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_FAULTS: Final[dict[password_policy.Fault, str]] = {
    "short": f"A password has at least {password_policy.LEAST} characters.",
    "long": f"A password has at most {password_policy.MOST} characters.",
    "name": "This password is too much like the name or log-in name.",
    "common": "This password is easy to guess.",
}
_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input, one line."
)


@click.group()
def desk() -> None:
    """Manage who may log in at the desk (/desk)."""


@desk.command("add-user")
@click.argument("login")
@click.option("--name", help="As customers see it; the log-in name if left out.")
@click.option("--supervisor", is_flag=True, help="Sees all teams and figures, manages users.")
@click.option("--team", "teams", multiple=True, help="Id of a team; all teams if left out.")
@click.option("--oidc", is_flag=True, help="Logs in with the organisation's account only.")
@click.option("--invite", is_flag=True, help="Show a link to choose a password with.")
@_stdin
def add_user(
    login: str,
    name: str | None,
    teams: tuple[str, ...],
    *,
    supervisor: bool,
    oidc: bool,
    invite: bool,
    password_stdin: bool,
) -> None:
    """Add somebody: LOGIN is a short name or an e-mail address.

    Asks for a password, unless told otherwise. With --oidc LOGIN is what the provider's claim
    (LOKET_OIDC_LOGIN_CLAIM) says; that person is recognised at the first log-in.
    """
    if oidc + invite + password_stdin > 1:
        raise click.UsageError("Give one of --oidc, --invite and --password-stdin.")
    with opened_database() as (database, settings):
        _check_teams(settings, teams)
        try:
            kept = accounts.usable_login(login)
            shown = accounts.usable_name(login if name is None else name)
        except Unusable as error:
            raise LoketError(
                "A log-in name has 2 to 100 letters, digits and . _ @ + -; a name 1 to 80 signs."
            ) from error
        password_hash = None if oidc or invite else _ask(password_stdin, kept, shown)
        role: agents.Role = "supervisor" if supervisor else "agent"
        now = clock.now()
        try:
            with database.begin() as conn:
                agent = agents.add(conn, kept, shown, role, teams, now, password_hash=password_hash)
                account = agents.account(conn, agent.id)
        except LoginTaken as error:
            raise LoketError(f"There is a user {kept} already.") from error
    click.echo(f"Added {kept}, {role}.", err=True)
    if invite:
        click.echo(_link(settings, account, now))


@desk.command("list-users")
def list_users() -> None:
    """List everybody, by log-in name."""
    with opened_database() as (database, _), database.read() as conn:
        everyone = agents.everyone(conn)
    if not everyone:
        click.echo("Nobody yet. Add somebody with: loket desk add-user LOGIN --supervisor")
    for account in everyone:
        agent = account.agent
        teams = ",".join(agent.teams) or "all teams"
        click.echo(f"{agent.login:<24} {agent.role:<10} {teams:<20} {_state(account)}")


@desk.command("set-password")
@click.argument("login")
@_stdin
def set_password(login: str, *, password_stdin: bool) -> None:
    """Set somebody's password, and log them out everywhere."""
    with opened_database() as (database, _):
        with database.read() as conn:
            agent = _find(conn, login).agent
        password_hash = _ask(password_stdin, agent.login, agent.name)
        with database.begin() as conn:
            accounts.set_password(conn, agent.id, password_hash)
    click.echo(f"{agent.login} has another password.", err=True)


@desk.command()
@click.argument("login")
def invite(login: str) -> None:
    """Show a link with which somebody chooses a password; it works once."""
    with opened_database() as (database, settings), database.read() as conn:
        account = _find(conn, login)
    if not account.active:
        raise LoketError(f"{account.agent.login} may not log in; first: loket desk activate")
    click.echo(_link(settings, account, clock.now()))


@desk.command("setup-link")
def setup_link() -> None:
    """Show the link with which the first supervisor chooses a password.

    It works for an hour, and once: until there is a user. Whoever has it becomes supervisor.
    """
    with opened_database() as (database, settings), database.read() as conn:
        link = one_time_links.setup_link(conn, settings, clock.now())
    if link is None:
        raise LoketError("There are users already; for another: loket desk add-user, or invite.")
    click.echo(link)


@desk.command()
@click.argument("login")
def deactivate(login: str) -> None:
    """Log somebody out and let them in no more; what they did stays on record."""
    with opened_database() as (database, _), database.begin() as conn:
        agent = _find(conn, login).agent
        try:
            accounts.deactivate(conn, agent.id)
        except LastSupervisor as error:
            raise LoketError(
                f"{agent.login} is the only supervisor. Add another one first."
            ) from error
    click.echo(f"{agent.login} may not log in any more.", err=True)


@desk.command()
@click.argument("login")
def activate(login: str) -> None:
    """Let somebody log in again."""
    with opened_database() as (database, _), database.begin() as conn:
        agent = _find(conn, login).agent
        accounts.activate(conn, agent.id)
    click.echo(f"{agent.login} may log in again.", err=True)


def _find(conn: Connection, login: str) -> Account:
    account = agents.by_login(conn, login)
    if account is None:
        raise LoketError(f"There is no user {login}. `loket desk list-users` lists them.")
    return account


def _check_teams(settings: Settings, teams: tuple[str, ...]) -> None:
    known = [team.id for team in organisation.load(settings.root).teams] if teams else []
    for team in teams:
        if team not in known:
            raise LoketError(f"There is no team {team}. There are: {', '.join(known)}.")


def _ask(password_stdin: bool, login: str, name: str) -> str:  # noqa: FBT001 - one caller's flag
    """Reads a password and returns its hash; never from an argument, which other users see."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    if (fault := password_policy.fault(password, login, name)) is not None:
        raise LoketError(_FAULTS[fault])
    return password_hashes.hashed(password)


def _link(settings: Settings, account: Account, now: datetime) -> str:
    token = one_time_links.invitation_token(settings.secret, account, now)
    return f"{settings.public_url}/desk/invitation/{token}"


def _state(account: Account) -> str:
    if not account.active:
        return "may not log in"
    if account.oidc_subject is not None:
        return "organisation's account"
    return "password" if account.password_hash is not None else "not logged in yet"
