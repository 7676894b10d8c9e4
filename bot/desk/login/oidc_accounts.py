"""Finds or makes the account of a person whom the OpenID Connect provider vouches for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.catalogue import say
from bot.desk.login.oidc_person import OidcPerson
from bot.errors import Rejected
from bot.settings import Settings
from bot.store.desk import agents
from bot.store.desk.agents import Account, Agent, LoginTaken

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def admit(
    conn: Connection, person: OidcPerson, settings: Settings, teams: Sequence[str], now: datetime
) -> Agent:
    """The agent who logs in; makes or changes the account where the claims say so.

    An account made beforehand, without a password, is tied to the person whose log-in name it has
    at their first log-in. When a role claim is configured it decides each time: a person with a
    role gets an account of their own, one without is refused.

    Args:
        conn: a write transaction.
        person: the person whom the provider names.
        settings: say whether role and teams come from claims.
        teams: ids of the organisation's teams.
        now: the present.

    Raises:
        Rejected: 403, in Dutch; this person may not come in.
    """
    if settings.oidc_role_claim and person.role is None:
        raise Rejected(say("desk_access.oidc.no_role"), 403)
    account = agents.by_subject(conn, person.subject) or _made_before(conn, person)
    if account is None:
        account = _made_now(conn, person, now)
    if not account.active:
        raise Rejected(say("desk_access.oidc.inactive"), 403)
    known = None if person.teams is None else [team for team in person.teams if team in teams]
    agents.change(conn, account.agent.id, role=person.role, teams=known)
    agents.seen(conn, account.agent.id, now)
    return agents.get(conn, account.agent.id)


def _made_before(conn: Connection, person: OidcPerson) -> Account | None:
    account = agents.by_login(conn, person.login) if person.login else None
    # The owner of an account with a password proves it by that: another person may have the same
    # name at the provider.
    if account is None or account.password_hash is not None or account.oidc_subject is not None:
        return None
    agents.change(conn, account.agent.id, oidc_subject=person.subject)
    return account


def _made_now(conn: Connection, person: OidcPerson, now: datetime) -> Account:
    if person.role is None:
        if person.login:
            raise Rejected(say("desk_access.oidc.unknown_login", login=person.login), 403)
        why = "unverified" if person.unverified else "unknown"
        raise Rejected(say(f"desk_access.oidc.{why}"), 403)
    login = person.login or person.subject[-100:].lower()
    try:
        agent = agents.add(
            conn,
            login,
            person.name or login,
            person.role,
            (),
            now,
            oidc_subject=person.subject,
        )
    except LoginTaken as error:
        raise Rejected(say("desk_access.oidc.taken"), 403) from error
    return agents.account(conn, agent.id)
