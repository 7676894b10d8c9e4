"""The agents: their names, roles and teams, and the accounts that they log in with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from sqlalchemy import or_, select, update

from bot.catalogue import say
from bot.errors import LoketError
from bot.store.sql.column_types import storable
from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import agents

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Row
    from sqlalchemy.sql import Select

Role = Literal["agent", "supervisor"]
#: `available`: gets conversations. `pause`: gets no new ones, answers those of the moment. `away`:
#: is not there, though a page of the desk may be open.
Presence = Literal["available", "pause", "away"]


class LoginTaken(LoketError):
    """There is an agent with this log-in name or OpenID subject already. Choose another."""


@dataclass(frozen=True, slots=True)
class Agent:
    """A person at the desk who answers customers.

    Attributes:
        id: the row.
        login: name to log in with, lower case; never shown to customers.
        name: as customers see it, such as `Samira`.
        role: `agent`, or `supervisor`: a supervisor sees all teams and the figures.
        teams: ids of the teams whose conversations this person gets; empty for all.
        presence: what the person says of being there.
        capacity: most conversations this person has at once; None: the desk's own limit, if any.
    """

    id: int
    login: str
    name: str
    role: Role
    teams: tuple[str, ...] = ()
    presence: Presence = "available"
    capacity: int | None = None

    def serves(self, team: str) -> bool:
        """Whether conversations of this team are this agent's work."""
        return not self.teams or team in self.teams


@dataclass(frozen=True, slots=True)
class Account:
    """An agent's account, only for code that checks passwords or manages accounts.

    Attributes:
        agent: the person.
        password_hash: argon2 hash, or None: no password set.
        oidc_subject: `sub` of the identity provider, or None.
        active: False for an agent who may not log in any more; their acts stay on record.
        created_at: when the account was made (UTC).
        last_seen_at: when the person last did something at the desk (UTC), or None.
    """

    agent: Agent
    password_hash: str | None
    oidc_subject: str | None
    active: bool
    created_at: datetime
    last_seen_at: datetime | None


_a = agents.c
#: The columns of `Agent`, in its order.
COLUMNS = (_a.id, _a.login, _a.name, _a.role, _a.teams, _a.presence, _a.capacity)
_ACCOUNT = (
    *COLUMNS,
    _a.password_hash,
    _a.oidc_subject,
    _a.active,
    _a.created_at,
    _a.last_seen_at,
)


def from_row(row: Row) -> Agent:
    """The agent of a row that begins with `COLUMNS`."""
    number, login, name, role, teams, presence, capacity = row[: len(COLUMNS)]
    return Agent(number, login, name, role, tuple(teams), presence, capacity)


def add(
    conn: Connection,
    login: str,
    name: str,
    role: Role,
    teams: Sequence[str],
    now: datetime,
    *,
    password_hash: str | None = None,
    oidc_subject: str | None = None,
) -> Agent:
    """Make an account.

    Args:
        conn: a write transaction.
        login: name to log in with; kept in lower case, without spaces around it.
        name: as customers see it.
        role: what the person may do.
        teams: ids of teams; empty for all.
        now: the present.
        password_hash: argon2 hash, for an agent who logs in with a password.
        oidc_subject: `sub` of the identity provider, for an agent who logs in there.

    Raises:
        LoginTaken: the log-in name or subject is in use, also by somebody inactive.
    """
    values = {
        "login": _login(login),
        "name": name.strip(),
        "role": role,
        "teams": list(teams),
        "password_hash": password_hash,
        "oidc_subject": oidc_subject,
        "active": True,
        "created_at": now,
    }
    number = insert_new(conn, agents, values)
    if number is None:
        raise LoginTaken(say("desk_access.login_taken"))
    return get(conn, int(number))


def get(conn: Connection, agent_id: int) -> Agent:
    """The agent with this id, active or not.

    Raises:
        LookupError: there is none.
    """
    return account(conn, agent_id).agent


def account(conn: Connection, agent_id: int) -> Account:
    """The account with this id.

    Raises:
        LookupError: there is none.
    """
    found = _one(conn, select(*_ACCOUNT).where(_a.id == agent_id))
    if found is None:
        raise LookupError(f"there is no agent {agent_id}")
    return found


def by_login(conn: Connection, login: str) -> Account | None:
    """The account with this log-in name, in any case; also an inactive one."""
    return _one(conn, select(*_ACCOUNT).where(_a.login == _login(login)))


def by_subject(conn: Connection, subject: str) -> Account | None:
    """The account of this `sub` of the identity provider; also an inactive one."""
    return _one(conn, select(*_ACCOUNT).where(_a.oidc_subject == subject))


def everyone(conn: Connection) -> tuple[Account, ...]:
    """All accounts by log-in name, inactive ones too."""
    return tuple(_account(row) for row in conn.execute(select(*_ACCOUNT).order_by(_a.login)))


def names(conn: Connection, ids: Collection[int]) -> dict[int, str]:
    """The names of these agents by id, as customers see them."""
    rows = conn.execute(select(_a.id, _a.name).where(_a.id.in_(ids))) if ids else ()
    return {row.id: row.name for row in rows}


def exist(conn: Connection) -> bool:
    """Whether anybody may log in; while nobody may, the start offers to make the first account."""
    return conn.execute(select(_a.id).where(_a.active).limit(1)).first() is not None


def change(
    conn: Connection,
    agent_id: int,
    *,
    name: str | None = None,
    role: Role | None = None,
    teams: Sequence[str] | None = None,
    active: bool | None = None,
    password_hash: str | None = None,
    oidc_subject: str | None = None,
) -> None:
    """Change the given fields of an account; the rest stays.

    Raises:
        LookupError: there is no such account.
    """
    given: dict[str, object] = {
        "name": name,
        "role": role,
        "teams": None if teams is None else list(teams),
        "active": active,
        "password_hash": password_hash,
        "oidc_subject": oidc_subject,
    }
    values = {key: value for key, value in given.items() if value is not None}
    if values and not update_row(conn, agent_id, **values):
        raise LookupError(f"there is no agent {agent_id}")


def seen(conn: Connection, agent_id: int, now: datetime) -> None:
    """Note that the person is at the desk; an earlier moment than the noted one changes nothing."""
    conn.execute(
        update(agents)
        .where(_a.id == agent_id, or_(_a.last_seen_at.is_(None), _a.last_seen_at < now))
        .values(last_seen_at=now)
    )


def online(conn: Connection, since: datetime) -> tuple[Agent, ...]:
    """The active agents who were seen since a moment, by name."""
    rows = conn.execute(
        select(*COLUMNS).where(_a.active, _a.last_seen_at >= since).order_by(_a.name, _a.id)
    )
    return tuple(from_row(row) for row in rows)


def _login(login: str) -> str:
    return storable(login.strip().lower())


def update_row(conn: Connection, agent_id: int, **values: object) -> bool:
    """Change columns of an account; False when there is none."""
    return bool(conn.execute(update(agents).where(_a.id == agent_id).values(**values)).rowcount)


def _one(conn: Connection, query: Select) -> Account | None:
    row = conn.execute(query).first()
    return None if row is None else _account(row)


def _account(row: Row) -> Account:
    return Account(from_row(row), *row[len(COLUMNS) :])
