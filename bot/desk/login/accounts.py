"""Changes to accounts, by supervisors and on the command line. Each is one transaction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from bot.catalogue import say
from bot.desk.errors import DeskError, Unknown, Unusable
from bot.store.desk import agents, desk_sessions, workload
from bot.store.desk.agents import Account, Agent, Role

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: A log-in name: letters, digits and the other signs that an e-mail address may have.
_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}", re.ASCII)
_MOST_NAME = 80


class LastSupervisor(DeskError):
    """The act would leave nobody who manages the accounts. Make somebody else supervisor first."""


def usable_login(login: str) -> str:
    """A log-in name as it is kept: lower case, no spaces around it.

    Raises:
        Unusable: too short or long, or with other signs than those of an e-mail address.
    """
    kept = login.strip().lower()
    if not _LOGIN.fullmatch(kept):
        raise Unusable(say("desk_access.login_form"))
    return kept


def usable_name(name: str) -> str:
    """A person's name as customers see it.

    Raises:
        Unusable: empty, too long, or with signs that are no text.
    """
    kept = " ".join(name.split())
    if not kept or len(kept) > _MOST_NAME or not kept.isprintable():
        raise Unusable(say("desk_access.name_form", most=_MOST_NAME))
    return kept


def account(conn: Connection, agent_id: int) -> Account:
    """The account with this id.

    Raises:
        Unknown: there is none.
    """
    try:
        return agents.account(conn, agent_id)
    except LookupError as error:
        raise Unknown(say("desk_access.users.unknown")) from error


def set_up(
    conn: Connection, login: str, name: str, password_hash: str, now: datetime
) -> Agent | None:
    """Makes the first supervisor; None when somebody was there first."""
    _one_at_a_time(conn)
    if agents.exist(conn):
        return None
    return agents.add(conn, login, name, "supervisor", (), now, password_hash=password_hash)


def set_password(conn: Connection, agent_id: int, password_hash: str) -> None:
    """Keeps a new password, and ends every session that was begun with the old one."""
    agents.change(conn, agent_id, password_hash=password_hash)
    desk_sessions.end_all(conn, agent_id)


def edit(
    conn: Connection,
    agent_id: int,
    name: str,
    role: Role,
    teams: Sequence[str],
    capacity: int | None = None,
) -> Account:
    """Changes a person's name, role, teams and limit; takes effect with their next request.

    Args:
        conn: a write transaction.
        agent_id: the person.
        name: as customers see it.
        role: what the person may do.
        teams: ids of teams; empty for all.
        capacity: most conversations at once; None: the desk's own limit.

    Raises:
        LastSupervisor: nobody would manage the accounts any more.
        Unknown: there is no such account.
    """
    _one_at_a_time(conn)
    found = account(conn, agent_id)
    if role != "supervisor":
        _not_the_last(conn, found)
    agents.change(conn, agent_id, name=name, role=role, teams=teams)
    workload.set_capacity(conn, agent_id, capacity)
    return agents.account(conn, agent_id)


def deactivate(conn: Connection, agent_id: int) -> Account:
    """Logs somebody out everywhere, for good; what they did stays on record.

    Raises:
        LastSupervisor: nobody would manage the accounts any more.
        Unknown: there is no such account.
    """
    _one_at_a_time(conn)
    found = account(conn, agent_id)
    _not_the_last(conn, found)
    agents.change(conn, agent_id, active=False)
    desk_sessions.end_all(conn, agent_id)
    return found


def activate(conn: Connection, agent_id: int) -> Account:
    """Lets somebody in again.

    Raises:
        Unknown: there is no such account.
    """
    found = account(conn, agent_id)
    agents.change(conn, agent_id, active=True)
    return found


def _one_at_a_time(conn: Connection) -> None:
    """Waits until nobody else changes the accounts: what is counted after it stays so."""
    if conn.dialect.name == "postgresql":  # SQLite has one writer anyway
        conn.exec_driver_sql("lock table agents in share row exclusive mode")


def _not_the_last(conn: Connection, account: Account) -> None:
    others = (
        other
        for other in agents.everyone(conn)
        if other.active and other.agent.role == "supervisor" and other.agent.id != account.agent.id
    )
    if account.active and account.agent.role == "supervisor" and next(others, None) is None:
        raise LastSupervisor(say("desk_access.users.last_supervisor", name=account.agent.name))
