"""Links for choosing a password once: the first supervisor's, and an invited person's.

A link holds its purpose and when it was made, signed with the installation's secret. It works once
because its use ends its purpose: then there is a user, or another password.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from itsdangerous import BadData, URLSafeSerializer

from bot.settings import Settings
from bot.store.desk import agents
from bot.store.desk.agents import Account

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: How long the link of the first start works.
SETUP_LASTS: Final = timedelta(hours=1)
#: How long an invitation works: over a weekend.
INVITATION_LASTS: Final = timedelta(days=3)
#: Longer strings are no link of ours and are not looked at.
_MAX_TOKEN = 512


@dataclass(frozen=True, slots=True)
class Invitation:
    """The contents of an invitation's token.

    Attributes:
        agent_id: whose password may be chosen.
        state: `state_of` the account when it was made; when it differs, the link has been used.
    """

    agent_id: int
    state: str


def setup_token(secret: str, now: datetime) -> str:
    """A token for the first supervisor. URL-safe."""
    return _sign(secret, "setup", [_seconds(now)])


def setup_link(conn: Connection, settings: Settings, now: datetime) -> str | None:
    """The link where the first supervisor chooses a password; None when there is a user already.

    Whoever has it can become supervisor: only the person who runs Loket may see it, no log.
    """
    if agents.exist(conn):
        return None
    return f"{settings.public_url}/desk/setup/{setup_token(settings.secret, now)}"


def is_setup(secret: str, token: str, now: datetime) -> bool:
    """Whether this is a token of `setup_token` that still works, if there is nobody yet."""
    match _read(secret, "setup", token):
        case [int(made)]:
            return _fresh(made, SETUP_LASTS, now)
    return False


def invitation_token(secret: str, account: Account, now: datetime) -> str:
    """A token with which the owner of an account chooses a password. URL-safe."""
    return _sign(secret, "invitation", [account.agent.id, state_of(account), _seconds(now)])


def invitation(secret: str, token: str, now: datetime) -> Invitation | None:
    """The invitation in a token of `invitation_token`; None when it is forged or too old."""
    match _read(secret, "invitation", token):
        case [int(agent_id), str(state), int(made)] if _fresh(made, INVITATION_LASTS, now):
            return Invitation(agent_id, state)
    return None


def state_of(account: Account) -> str:
    """A hash that changes when an account's password, subject or access does; it reveals none."""
    proof = (account.password_hash, account.oidc_subject)
    material = f"{account.agent.id}|{account.active}|{proof}"
    return hashlib.sha256(material.encode()).hexdigest()[:16]


def _sign(secret: str, kind: str, value: list[Any]) -> str:
    return str(_serializer(secret, kind).dumps(value))


def _read(secret: str, kind: str, token: str) -> Any:
    if len(token) > _MAX_TOKEN or not token.isascii():
        return None
    try:
        return _serializer(secret, kind).loads(token)
    except BadData:
        return None


def _serializer(secret: str, kind: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret,
        salt=f"loket.desk.{kind}",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )


def _fresh(made: int, lasts: timedelta, now: datetime) -> bool:
    return now - lasts < datetime.fromtimestamp(made, UTC) <= now + timedelta(minutes=5)


def _seconds(now: datetime) -> int:
    return int(now.timestamp())
