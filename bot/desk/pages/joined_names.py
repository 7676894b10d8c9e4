"""Names for conversations of one customer that were joined, of which no two are the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.catalogue import say
from bot.desk import dutch_labels
from bot.desk.conversations.desk_context import DeskContext
from bot.store.conversation import conversations
from bot.store.history.linked_conversations import Part

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def names(
    conn: Connection, desk: DeskContext, read: Sequence[Part], now: datetime
) -> Mapping[str, str]:
    """The name of each, by id.

    A channel's name, with the moment at which the customer first wrote where several are of that
    channel, and numbered where that moment is the same too.

    Args:
        conn: a transaction.
        desk: the desk's rules.
        read: the conversations that the agent may read with those that they go on from, as
            `joined_history.parts` gives them.
        now: the present.
    """
    ids = [part.conversation_id for part in read]
    found = sorted(
        conversations.of(conn, ids).values(), key=lambda each: (each.created_at, each.id)
    )
    zone = desk.organisation.timezone
    named = {each.id: desk.profiles[each.channel].label for each in found}
    shared = _shared(named)
    named |= {
        each.id: say(
            "desk_join.one_of_channel",
            channel=named[each.id],
            moment=dutch_labels.moment(each.created_at, now, zone),
        )
        for each in found
        if named[each.id] in shared
    }
    shared, seen = _shared(named), Counter[str]()
    for each, name in list(named.items()):
        seen[name] += 1
        if name in shared:
            named[each] = f"{name} ({seen[name]})"
    return named


def _shared(named: Mapping[str, str]) -> set[str]:
    return {name for name, count in Counter(named.values()).items() if count > 1}
