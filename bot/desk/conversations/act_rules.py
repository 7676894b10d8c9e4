"""Checks what an agent typed, and whether an act is allowed; a refusal is a Dutch sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeVar, get_args

from bot.catalogue import say
from bot.conversation.routing import Team
from bot.desk.conversations.reply_limits import MAX_REPLY
from bot.desk.errors import Planned, Unread, Unusable
from bot.messages import Owner
from bot.records.handover_record import Resolution
from bot.store.conversation import attachments
from bot.store.desk import planned_replies
from bot.store.identity.private_number_requests import Asked
from bot.store.worker import inbox

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.records.attachment import FileRecord
    from bot.store.desk.agents import Agent

T = TypeVar("T", bound=str)

#: Most characters of an agreement: the customer's confirmation stays one short message.
MAX_SETTLED: Final = 600
#: Most characters of a browser's own id, as the column is wide.
_MAX_CLIENT_ID: Final = 64


def text(typed: str, what: Literal["answer", "note"]) -> str:
    """The text that was typed, without spaces around it.

    Args:
        typed: as it came from the page.
        what: what kind of text it is.

    Raises:
        Unusable: nothing visible, or more than `MAX_REPLY` characters.
    """
    kept = typed.strip()
    if not kept:
        raise Unusable(say(f"desk.refused.no_{what}"))
    if len(kept) > MAX_REPLY:
        over = len(kept) - MAX_REPLY
        raise Unusable(say("desk.refused.too_long", over=over, most=MAX_REPLY))
    return kept


def chosen_file(conn: Connection, name: str, conversation_id: str, agent: Agent) -> FileRecord:
    """The file that an agent chose for a conversation and has not sent yet.

    Raises:
        Unusable: there is none of that name (any more).
    """
    found = attachments.draft_of(conn, name, conversation_id, agent.id)
    if found is None:
        raise Unusable(say("desk_file.unsent_gone"))
    return found


def settled(typed: str, *, needed: bool = True) -> str:
    """The agreement that was typed, on one line.

    Args:
        typed: as it came from the page.
        needed: whether there must be one, as the customer reads it.

    Raises:
        Unusable: nothing where it is needed, or more than `MAX_SETTLED` characters.
    """
    kept = " ".join(typed.split())
    if not kept and needed:
        raise Unusable(say("desk.refused.nothing_settled"))
    if len(kept) > MAX_SETTLED:
        over = len(kept) - MAX_SETTLED
        raise Unusable(say("desk.refused.settled_too_long", over=over, most=MAX_SETTLED))
    return kept


def client_id(given: str) -> str:
    """A browser's own id of an answer.

    Raises:
        Unusable: empty, too long or no text: the page is broken, or somebody plays with it.
    """
    if not 0 < len(given) <= _MAX_CLIENT_ID or not given.isprintable():
        raise Unusable(say("desk.refused.client_id"))
    return given


def other_team(now: Team, wanted: str) -> None:
    """Checks that a conversation is passed on to another team than the one it is with.

    Raises:
        Unusable: it is with that team already.
    """
    if now.id == wanted:
        raise Unusable(say("desk.refused.same_team", team=now.name))


def read(conn: Connection, conversation_id: str, seen: int | None) -> None:
    """Checks that the agent has read all that the customer wrote, before a conversation is closed.

    Args:
        conn: a transaction.
        conversation_id: the conversation.
        seen: newest inbox id on the agent's page; None does not check.

    Raises:
        Unread: the customer wrote since.
    """
    if seen is not None and inbox.newest(conn, conversation_id) > seen:
        raise Unread(say("desk.refused.unread"))


def nothing_planned(conn: Connection, conversation_id: str) -> None:
    """Checks that no answer is to go out later, before a conversation is closed.

    Raises:
        Planned: one is.
    """
    if planned_replies.of(conn, conversation_id):
        raise Planned(say("desk.refused.planned"))


def over(owner: Owner) -> str:
    """A Dutch sentence that says why nothing can be done with a conversation any more."""
    if owner == "closed":
        return say("desk.refused.closed")
    if owner == "bot":
        return say("desk.refused.with_bot")
    return say("desk.refused.not_waiting")


def one_of(known: tuple[T, ...], given: str, refusal: str) -> T:
    """The one of some words that a form sent.

    Args:
        known: the words, as `typing.get_args` gives those of a `Literal`.
        given: what came in.
        refusal: key of the text that says what may be chosen.

    Raises:
        Unusable: it is none of them.
    """
    for each in known:
        if each == given:
            return each
    raise Unusable(say(refusal))


def resolution(given: str) -> Resolution:
    """What came of a conversation, of the words that an agent can choose.

    Raises:
        Unusable: it is none of them.
    """
    return one_of(get_args(Resolution), given, "desk.refused.resolution")


def private_kind(given: str) -> Asked:
    """The kind of private number that is asked for.

    Raises:
        Unusable: it is none that may be asked for.
    """
    return one_of(get_args(Asked), given, "desk.refused.number")
