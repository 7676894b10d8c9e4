"""What of a customer's identity is proved in a conversation: one rule for all of the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.store.handover import handovers
from bot.store.identity import site_customers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class ProvenIdentity:
    """The numbers (of orders, say) that a conversation is about.

    Attributes:
        proved: those that are proved to be the customer's own.
        unproved: those that the customer asked about without that proof.
    """

    proved: tuple[str, ...] = ()
    unproved: tuple[str, ...] = ()


def of(summary: Mapping[str, Any], vouched: Iterable[str] = ()) -> ProvenIdentity:
    """What counts: the proofs of a hand-over, and what the website last vouched for.

    Args:
        summary: of the newest hand-over. A proof of an earlier one counts no more: somebody else
            may be writing since.
        vouched: as `vouched` gives it.
    """
    proved = tuple(dict.fromkeys(map(str, (*(summary.get("proved") or ()), *vouched))))
    asked = map(str, summary.get("unproved") or ())
    return ProvenIdentity(proved, tuple(each for each in asked if each not in proved))


def vouched(conn: Connection, conversation_id: str) -> tuple[str, ...]:
    """The numbers that the website last said to be those of a conversation's customer."""
    told = site_customers.of(conn, conversation_id)
    return told.customer.numbers if told else ()


def shared(conn: Connection, one: str, other: str) -> tuple[str, ...]:
    """The numbers that are proved in both of two conversations."""
    both = set(_in(conn, other).proved)
    return tuple(each for each in _in(conn, one).proved if each in both)


def _in(conn: Connection, conversation_id: str) -> ProvenIdentity:
    newest = handovers.newest(conn, conversation_id)
    return of(newest.summary if newest else {}, vouched(conn, conversation_id))
