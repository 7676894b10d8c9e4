"""Checks a log-in name and password, with a lock-out, and without telling which names exist."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

import structlog

from bot.desk.login import password_hashes
from bot.store.desk import agent_logins, agents
from bot.store.desk.agents import Account, Agent

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.desk.login.auth import Access

log = structlog.get_logger(__name__)
T = TypeVar("T")

#: Wrong passwords in a row after which an account is locked, and for how long.
TRIES: Final = 5
LOCKED: Final = timedelta(minutes=15)
#: Each hash takes 64 MiB: this many at once, the rest waits.
_THREADS: Final = ThreadPoolExecutor(2, "loket-argon2")
#: A log-in name or password that is longer is nobody's.
_MOST = 200


async def check(access: Access, login: str, password: str) -> Agent | None:
    """The agent of this log-in name and password; None for any reason why not.

    A wrong password counts and at last locks the account; while it is locked not even the right
    one works, and no try counts. Takes as long for a name that does not exist.
    """
    now = access.now()
    if max(len(login), len(password)) > _MOST:
        login = password = ""
    account = await access.database.query(agents.by_login, login)
    known = account.password_hash if account else None
    right = await on_thread(partial(password_hashes.matches, known, password))
    fresh = None
    if right and known and password_hashes.outdated(known):
        fresh = await on_thread(partial(password_hashes.hashed, password))
    agent = await access.database.run(_settle, login, known if right else None, fresh, now)
    if account is not None and agent is None:
        log.warning("desk_login_refused", agent=account.agent.id)
    return agent


async def on_thread(work: Callable[[], T]) -> T:
    """Runs a function that hashes passwords on a thread, two at once, beside all other work."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work)


def _settle(
    conn: Connection, login: str, proven: str | None, fresh: str | None, now: datetime
) -> Agent | None:
    """Judges with the account as it is now: many tries may have been made at once."""
    account = agents.by_login(conn, login)
    if account is None or not account.active or locked(account, now):
        return None
    if proven is None or proven != account.password_hash:
        if account.password_hash is not None:
            agent_logins.failed(conn, account.agent.id, now, TRIES, LOCKED)
        return None
    agent_logins.succeeded(conn, account.agent.id, now)
    if fresh is not None:
        agents.change(conn, account.agent.id, password_hash=fresh)
    return account.agent


def locked(account: Account, now: datetime) -> bool:
    """Whether an account is locked now: no password is tried."""
    return account.locked_until is not None and account.locked_until > now
