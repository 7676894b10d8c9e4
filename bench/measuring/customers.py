"""What the customers of a bench say: whole tasks, the same for whichever system answers."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from itertools import chain, cycle, islice

from sqlalchemy.engine import Connection

from bot.messages import Inbound
from bot.store.worker import inbox

#: One visit: two look-ups with a verification, opening hours, a question that is out of scope, and
#: thanks. Ten messages.
VISIT = (
    "hoi",
    "waar is mijn pakket?",
    "PP-100234",
    "1234 AB",
    "hoe laat zijn jullie morgen open",
    "hoeveel moet ik nog betalen",
    "kan ik mijn wachtwoord opnieuw instellen",
    "wat kost een olifant op dinsdag",
    "hoe laat zijn jullie zaterdag open",
    "dank u wel",
)
#: The same by somebody who is known by now: nobody asks for the order number again.
RETURN = (*VISIT[:2], "zijn jullie met kerst open", "ik wil een factuur ontvangen", *VISIT[4:])


def messages(count: int) -> list[str]:
    """The first `count` messages of a customer who goes on and on."""
    return list(islice(chain(VISIT, cycle(RETURN)), count))


def fill(conn: Connection, name: str, customers: int, each: int = len(VISIT)) -> int:
    """Puts everything that customers will ever say into the inbox, at once.

    Args:
        conn: a write transaction.
        name: makes their addresses; customers of a name that was used before come back.
        customers: how many.
        each: messages of each customer.

    Returns:
        How many messages wait.
    """
    for number in range(customers):
        for text in messages(each):
            inbound = Inbound("webchat", f"{name}-{number}", uuid.uuid4().hex, text)
            inbox.accept(conn, inbound, datetime.now(UTC))
    return customers * each


def left(conn: Connection) -> bool:
    """Whether any message still waits for its answer."""
    return bool(conn.exec_driver_sql("select 1 from inbox where done_at is null limit 1").first())


def check_nobody_gave_up(conn: Connection) -> None:
    """Checks that the bot kept every conversation.

    Raises:
        SystemExit: it called a person; from then on a turn costs next to nothing.
    """
    query = "select count(*) from conversations where owner <> 'bot'"
    given_away = conn.exec_driver_sql(query).scalar_one()
    if given_away:
        raise SystemExit(f"{given_away} conversations went to a person; the turns do not compare.")
