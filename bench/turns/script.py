"""What the customers of the bench say: whole tasks, the same for both systems."""

from __future__ import annotations

from itertools import chain, cycle, islice

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
