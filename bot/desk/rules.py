"""What an agent types and what stands in the way of an act, with the sentence that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from bot.conversation.routing import Team
from bot.desk.errors import Unread, Unusable
from bot.desk.limits import MAX_REPLY
from bot.messages import Owner
from bot.store import inbox
from bot.store.number_asks import Asked

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Most characters of what was agreed: the customer's confirmation stays one short message.
MAX_SETTLED: Final = 600
#: Most characters of a browser's own id, as the column is wide.
_MAX_CLIENT_ID: Final = 64
NOT_WAITING: Final = "Dit gesprek wacht niet op een medewerker."
#: Note on a conversation whose customer could not be told that it was closed.
UNCONFIRMED: Final = "De klant kreeg geen bevestiging: het kanaal liet geen bericht toe."


def text(typed: str, what: str) -> str:
    """What was typed, without spaces around it.

    Args:
        typed: as it came from the page.
        what: its Dutch name, a neuter noun for the sentence: `antwoord`, `notitie`.

    Raises:
        Unusable: nothing visible, or more than `MAX_REPLY` characters.
    """
    kept = typed.strip()
    if not kept:
        raise Unusable(f"Typ eerst een {what}.")
    if len(kept) > MAX_REPLY:
        over = len(kept) - MAX_REPLY
        raise Unusable(f"Dit is {over} tekens te lang. Het mogen er {MAX_REPLY} zijn.")
    return kept


def settled(typed: str) -> str:
    """What was agreed, on one line.

    Raises:
        Unusable: nothing, or more than `MAX_SETTLED` characters.
    """
    kept = " ".join(typed.split())
    if not kept:
        raise Unusable("Schrijf kort op wat er is afgesproken. De klant krijgt dat te lezen.")
    if len(kept) > MAX_SETTLED:
        over = len(kept) - MAX_SETTLED
        raise Unusable(f"De afspraak is {over} tekens te lang. Het mogen er {MAX_SETTLED} zijn.")
    return kept


def client_id(given: str) -> str:
    """A browser's own id of an answer.

    Raises:
        Unusable: empty, too long or no text: the page is broken, or somebody plays with it.
    """
    if not 0 < len(given) <= _MAX_CLIENT_ID or not given.isprintable():
        raise Unusable("Dit antwoord heeft geen geldig kenmerk. Laad de pagina opnieuw.")
    return given


def other_team(now: Team, wanted: str) -> None:
    """A conversation goes to another team than it is with.

    Raises:
        Unusable: it is with that team already.
    """
    if now.id == wanted:
        raise Unusable(f"Dit gesprek staat al bij {now.name}.")


def read(conn: Connection, conversation_id: str, seen: int | None) -> None:
    """Nothing is closed that the agent has not read.

    Args:
        conn: a transaction.
        conversation_id: the conversation.
        seen: newest inbox id on the agent's page; None does not check.

    Raises:
        Unread: the customer wrote since.
    """
    if seen is not None and inbox.newest(conn, conversation_id) > seen:
        raise Unread("De klant schreef net nog iets. Lees dat eerst.")


def over(owner: Owner) -> str:
    """Why nothing can be done with a conversation any more."""
    if owner == "closed":
        return "Dit gesprek is al afgesloten."
    if owner == "bot":
        return "Dit gesprek is terug bij de AI-assistent."
    return NOT_WAITING


def private_kind(given: str) -> Asked:
    """The kind of private number that is asked for.

    Raises:
        Unusable: it is none that may be asked for.
    """
    kinds: tuple[Asked, ...] = get_args(Asked)
    for kind in kinds:
        if kind == given:
            return kind
    raise Unusable("U kunt alleen een rekeningnummer (IBAN) of een BSN vragen.")
