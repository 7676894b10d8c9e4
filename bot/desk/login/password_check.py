"""Checks a log-in name and password, slower for who guesses, without telling which names exist."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

import structlog

from bot.desk.login import password_hashes
from bot.desk.login.known_devices import KnownDevices, login_key
from bot.signing_key import keyed_hash
from bot.store.desk import agents, login_attempts
from bot.store.desk.agents import Agent
from bot.store.desk.login_attempts import LoginAttempt

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.desk.login.auth import Access

log = structlog.get_logger(__name__)
T = TypeVar("T")

#: Each hash takes 64 MiB: this many at once, the rest waits.
_THREADS: Final = ThreadPoolExecutor(2, "loket-argon2")
#: A log-in name or password that is longer is nobody's.
_MOST = 200


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who tries to log in.

    Attributes:
        address: the network address, as `bot.http.rate_limit.address_key` has it.
        devices: the cookie of the devices that are known, or empty.
    """

    address: str
    devices: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of an attempt.

    Attributes:
        agent: who it is; None for any reason why not.
        wait: how long the password was not looked at because of earlier ones.
    """

    agent: Agent | None
    wait: timedelta = timedelta()


async def check(access: Access, login: str, password: str, visitor: Visitor) -> Checked:
    """The agent of this log-in name and password.

    Each attempt counts before its password is looked at, so a thousand at once are judged as in a
    row; a right one is taken back. Takes as long for a name that does not exist, and counts alike.
    """
    now = access.now()
    if max(len(login), len(password)) > _MOST:
        login = password = ""
    account = await access.database.query(agents.by_login, login)
    known = account.password_hash if account else None
    attempt = _attempt(access.settings.secret, login, known, visitor)
    verdict = await access.database.run(login_attempts.begin, attempt, now)
    for alarm in verdict.alarms:
        # Of one visitor it may be somebody who forgot; of a name from many it is an attack.
        tell = log.error if alarm.scope == "login" else log.warning
        tell("desk_login_guessing", scope=alarm.scope, key=alarm.key, failures=alarm.failures)
    if verdict.wait:
        return Checked(None, verdict.wait)
    right = await on_thread(partial(password_hashes.matches, known, password))
    fresh = None
    if right and known and password_hashes.outdated(known):
        fresh = await on_thread(partial(password_hashes.hashed, password))
    proven = known if right else None
    agent = await access.database.run(_settle, login, proven, fresh, attempt, now)
    if account is not None and agent is None:
        log.warning("desk_login_refused", agent=account.agent.id)
    return Checked(agent)


async def on_thread(work: Callable[[], T]) -> T:
    """Runs a function that hashes passwords on a thread, two at once, beside all other work."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work)


def _attempt(secret: str, login: str, password_hash: str | None, visitor: Visitor) -> LoginAttempt:
    key = login_key(secret, login, password_hash)
    device = KnownDevices(secret).device(visitor.devices, key)
    where = ("address", visitor.address) if device is None else ("device", device)
    return LoginAttempt(key, keyed_hash(secret, "desk.visitor", key, *where), device is not None)


def _settle(
    conn: Connection,
    login: str,
    proven: str | None,
    fresh: str | None,
    attempt: LoginAttempt,
    now: datetime,
) -> Agent | None:
    """Judges with the account as it is now: it may have been changed meanwhile."""
    account = agents.by_login(conn, login)
    if account is None or not account.active:
        return None
    if proven is None or proven != account.password_hash:
        return None
    login_attempts.proved(conn, attempt, now)
    agents.seen(conn, account.agent.id, now)
    if fresh is not None:
        agents.change(conn, account.agent.id, password_hash=fresh)
    return account.agent
