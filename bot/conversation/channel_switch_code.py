"""The one-time code of a channel switch: a conversation goes on on another channel. Pure.

`LOKET-7F3K-9QWM`: eight signs of Crockford's base32 (https://www.crockford.com/base32.html), which
leaves out what is mistaken for something else. The first is a digit from 2 on, so that no two Dutch
words are taken for a code: 38 bits, of which a sender may guess five an hour.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final, Literal

from bot.catalogue import say
from bot.messages import Choice, Inbound, Notice, Outbound, Owner, Text

#: How long a code can be used.
LASTS: Final = timedelta(minutes=15)
#: Wrong codes that one sender may send within `TRIES_WITHIN`; after them none is looked at.
MOST_TRIES: Final = 5
TRIES_WITHIN: Final = timedelta(hours=1)
#: Stands in place of an intent for a message that was a code.
JOINED: Final = "joined"
REFUSED: Final = "join_refused"

_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FIRST: Final = "23456789"
_REST: Final = 7
#: How many random bits a code is made of.
BITS: Final = 3 + 5 * _REST
#: A code as people type it: in any case, with other dashes or none, O for 0 and I or L for 1.
_CODE = re.compile(
    r"(?<![a-z0-9])loket{dash}([2-9][0-9a-z]{{3}}){dash}([0-9a-z]{{4}})(?![a-z0-9])".format(
        dash=r"[\s\u2010-\u2015-]*"
    ),
    re.IGNORECASE,
)
_MISTAKEN: Final = str.maketrans("OIL", "011")
#: A longer message is no code with a few words around it.
_MOST: Final = 200

#: Slots with wrong tries to prove an identity. They hold what was typed, so that they do not go
#: along; how often it failed does.
_REFUSED: Final = "refused_pairs"
_CHECKED: Final = "checked_slots"

#: Reasons for which a code does not work.
Refusal = Literal["unknown", "used", "expired", "too_often", "waiting"]
REASONS: Final = frozenset({"unknown", "used", "expired", "too_often", "waiting"})


def new_code(bits: int) -> str:
    """Makes a code, as it is shown.

    Args:
        bits: a random number of `BITS` bits.
    """
    rest = "".join(_SIGNS[(bits >> 5 * place) % 32] for place in range(_REST))
    signs = _FIRST[(bits >> 5 * _REST) % 8] + rest
    return f"LOKET-{signs[:4]}-{signs[4:]}"


def code_in(inbound: Inbound) -> str | None:
    """The code in a customer's message, as it is shown, or None: there is none."""
    return code_of(inbound.text) if inbound.payload is None else None


def code_of(text: str) -> str | None:
    """The code in what was typed, as it is shown, or None: there is none."""
    found = _CODE.search(text) if len(text) <= _MOST else None
    if found is None:
        return None
    signs = (found[1] + found[2]).upper().translate(_MISTAKEN)
    if any(sign not in _SIGNS for sign in signs):
        return None
    return f"LOKET-{signs[:4]}-{signs[4:]}"


def hashed(code: str, secret: str) -> str:
    """The keyed hash of a code: 64 hex digits, from which nobody guesses it without the secret."""
    return hmac.new(f"loket.join.{secret}".encode(), code.encode(), hashlib.sha256).hexdigest()


def refusal(why: Refusal) -> Text:
    """The message to a customer whose code does not work."""
    return Text(say(f"switch.refused.{why}"))


def directions(way: str) -> str:
    """Sentences in Dutch that say how, and how long, to go on on another channel.

    Args:
        way: what to do, as the channel says it (`channels.protocol.Reachable.directions`).
    """
    return f"{way} {say('switch.code_lasts')}"


def moved(name: str) -> Notice:
    """The message in the conversation that goes on elsewhere.

    Args:
        name: what the other channel is called, in Dutch.
    """
    return Notice(say("switch.moved", channel=name))


def welcome(name: str, owner: Owner) -> Notice:
    """The message on the channel where a conversation goes on.

    Args:
        name: what the channel is called that it comes from, in Dutch.
        owner: who answers from now on.
    """
    if owner == "queued":
        return Notice(say("switch.welcome_queued", channel=name))
    if owner == "human":
        return Notice(say("switch.welcome_human", channel=name), "to_human")
    return Notice(say("switch.welcome", channel=name))


def nothing_open() -> Text:
    """The question on the new channel when no question was open in the conversation."""
    return Text(say("switch.nothing_open"))


def said_again(shown: Iterable[Outbound]) -> tuple[Outbound, ...]:
    """The question that was open in a conversation, to ask it again where it goes on.

    Args:
        shown: what the customer was looking at, oldest first.
    """
    talk = [said for said in shown if isinstance(said, Choice | Text)]
    open_ones = [said for said in talk if not _CODE.search(said.text)]
    return tuple(open_ones[-1:]) or (nothing_open(),)


def without_proof(slots: Mapping[str, Any], personal: Collection[str]) -> dict[str, Any]:
    """Takes the slots that prove an identity out of a conversation's slots.

    They do not go along: a code can be talked out of somebody, and the person who sends it from
    another telephone has to prove his or her identity again.

    Args:
        slots: by name.
        personal: slots of the assistant that show or prove an identity.
    """
    left = {_REFUSED, *personal}
    kept = {name: value for name, value in slots.items() if name not in left}
    if kept.get(_CHECKED):
        kept[_CHECKED] = [name for name in kept[_CHECKED] if name not in left]
    return kept


def event_without_proof(event: Mapping[str, Any], personal: Collection[str]) -> dict[str, Any]:
    """Takes what proves an identity out of an event of Rasa's, in its JSON form.

    Args:
        event: the event.
        personal: as for `without_proof`.
    """
    if event.get("event") != "slot":
        return dict(event)
    left = {_REFUSED, *personal}
    if event.get("name") in left:
        return {**event, "value": None}
    if event.get("name") == _CHECKED:
        return {**event, "value": [name for name in event["value"] or () if name not in left]}
    return dict(event)
