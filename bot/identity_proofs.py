"""Limits proofs of identity: whether an answer may be looked at, and the alarm when many fail.

Code that checks a customer's proof asks `begin` first and reports a right one with `proved`; what a
claim and an answer are is the caller's business (docs/decisions/0069-guessing-at-an-identity.md).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.settings import Settings
from bot.signing_key import keyed_hash
from bot.store.conversation import conversations
from bot.store.identity import identity_attempts, network_origins, site_customers
from bot.store.identity.identity_attempts import ProofAttempt
from bot.store.identity.identity_limits import ProofLimits
from bot.store.identity.tallies import Verdict
from bot.store.sql.database import Database

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = structlog.get_logger(__name__)


def network_origin(secret: str, address: str) -> str:
    """The hashed origin of a network address; pass IPv6 addresses of one /64 as one."""
    return keyed_hash(secret, "origin", "network", address)


def limits(settings: Settings) -> ProofLimits:
    """The limits of an installation."""
    return ProofLimits.of(
        settings.proof_failures,
        settings.proof_failures_per_origin,
        settings.proof_failures_per_hour,
    )


class Proofs:
    """Counts attempts to prove an identity in Loket's database."""

    def __init__(self, database: Database, secret: str, limits: ProofLimits) -> None:
        """Takes the database, the secret and the limits.

        Args:
            database: Loket's, migrated.
            secret: the installation's; claims, answers and origins are kept hashed with it.
            limits: how often a proof may fail.
        """
        self._database = database
        self._secret = secret
        self._limits = limits

    async def begin(
        self, conversation_id: str, claim: str, answer: str, now: datetime
    ) -> timedelta:
        """Counts an attempt before anybody looks at the answer.

        Args:
            conversation_id: where it is made.
            claim: what the customer says is his or hers.
            answer: what is to prove it.
            now: the present.

        Returns:
            How long the attempt has to wait; zero: look at the answer now.

        Raises:
            SQLAlchemyError: the database cannot be reached; do not look at the answer.
        """
        where = (conversation_id, claim, answer, now)
        verdict = await self._database.run(self._begin, *where)
        for alarm in verdict.alarms:
            log.error(
                "identity_guessing",
                scope=alarm.scope,
                key=alarm.key,
                failures=alarm.failures,
                conversation=conversation_id,
            )
        if verdict.wait:
            seconds = round(verdict.wait.total_seconds())
            log.warning("identity_attempt_refused", conversation=conversation_id, wait=seconds)
        return verdict.wait

    async def proved(self, conversation_id: str, claim: str, answer: str, now: datetime) -> None:
        """Notes that an attempt was right: it counts as a failure no more. Others stay counted."""
        key = self._key(conversation_id, claim, answer)
        await self._database.run(identity_attempts.proved, key, self._limits, now)

    async def vouched(self, conversation_id: str, slot: str, now: datetime) -> tuple[str, ...]:
        """The claims that need no proof: the website where the customer logged in vouches for them.

        Args:
            conversation_id: where they are asked about.
            slot: where a proof keeps such a claim.
            now: the present.

        Returns:
            The one that is meant now last; none for a customer whom no website knows.

        Raises:
            SQLAlchemyError: the database cannot be reached.
        """
        return await self._database.query(site_customers.proved, conversation_id, slot, now)

    def _begin(
        self, conn: Connection, conversation_id: str, claim: str, answer: str, now: datetime
    ) -> Verdict:
        attempt = ProofAttempt(
            self._key(conversation_id, claim, answer),
            keyed_hash(self._secret, "claim", claim),
            self._origin(conn, conversation_id),
        )
        return identity_attempts.begin(conn, attempt, self._limits, now)

    def _key(self, conversation_id: str, claim: str, answer: str) -> str:
        return keyed_hash(self._secret, "attempt", conversation_id, claim, answer)

    def _origin(self, conn: Connection, conversation_id: str) -> str:
        noted = network_origins.of(conn, conversation_id)
        if noted is not None:
            return noted
        try:
            conversation = conversations.get(conn, conversation_id)
        except LookupError:  # a tool of Rasa's talks to the assistant without a conversation
            return keyed_hash(self._secret, "origin", "none", conversation_id)
        where = (conversation.channel, conversation.address)
        return keyed_hash(self._secret, "origin", *where)
