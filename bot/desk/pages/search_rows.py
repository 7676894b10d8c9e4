"""The conversations that were found, as the page shows them; read together, however many."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from bot.catalogue import say
from bot.desk import dutch_labels
from bot.desk.conversations import search_terms, work_lists
from bot.desk.conversations.conversation_finder import FoundConversation
from bot.desk.conversations.desk_context import DeskContext
from bot.store.conversation import addresses, customer_links
from bot.store.desk import agents, last_messages

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Characters of a message that are shown, around the first word that was looked for.
_BEFORE, _SHOWN = 50, 170
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A stretch of a message; `marked` when it is what was looked for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A conversation that was found.

    Attributes:
        id: the conversation's.
        who: what tells the customer apart, as in a list: a name, a number, or else the topic.
        channel: the channel's name.
        topic: what it is about.
        team: name of the team, or empty.
        standing: whether it waits, who has it, or when it was closed.
        at: when what was found was said (ISO 8601, UTC).
        moment: the same in words.
        joined: whether it was joined to another one of the same customer.
        pieces: the message in which it was found; empty where it was found otherwise.
    """

    id: str
    who: str
    channel: str
    topic: str
    team: str
    standing: str
    at: str
    moment: str
    joined: bool
    pieces: tuple[TextPiece, ...]


def rows(
    conn: Connection,
    desk: DeskContext,
    found: Sequence[FoundConversation],
    asked: str,
    now: datetime,
) -> tuple[ResultRow, ...]:
    """What was found, in the same order.

    Args:
        conn: a transaction.
        desk: the desk's rules and organisation.
        found: the conversations.
        asked: what was looked for; its words are marked.
        now: the present.
    """
    looked_for = search_terms.terms(asked)
    words = {spelled[-1] for term in looked_for for spelled in term.spellings}
    ids = [each.conversation.id for each in found]
    having = {each.handover.agent_id for each in found if each.handover}
    known = _Known(
        last_messages.names(conn, ids),
        addresses.latest_of(
            conn, [(each.conversation.channel, each.conversation.address) for each in found]
        ),
        agents.names(conn, [each for each in having if each is not None]),
        customer_links.joined(conn, ids),
    )
    return tuple(_row(desk, each, words, known, now) for each in found)


@dataclass(frozen=True, slots=True)
class _Known:
    names: Mapping[str, str]
    addresses: Mapping[tuple[str, str], str]
    agents: Mapping[int, str]
    joined: Mapping[str, str]


def _row(
    desk: DeskContext, found: FoundConversation, words: set[str], known: _Known, now: datetime
) -> ResultRow:
    organisation, talk = desk.organisation, found.conversation
    channel, handover = desk.profiles[talk.channel], found.handover
    label = organisation.labels.get(handover.topic, "") if handover else ""
    topic = label or say("desk.no_topic")
    place = (talk.channel, talk.address)
    spelled = (talk.address, known.addresses.get(place, talk.address))
    phone = dutch_labels.phone(channel, *spelled)
    number = work_lists.number(handover) if handover else ""
    return ResultRow(
        id=talk.id,
        who=known.names.get(talk.id) or number or phone or topic,
        channel=channel.label,
        topic=topic,
        team=organisation.team(handover.team).name if handover else "",
        standing=_standing(desk, found, known, now),
        at=found.at.isoformat(),
        moment=dutch_labels.moment(found.at, now, organisation.timezone),
        joined=talk.id in known.joined,
        pieces=pieces(found.text, words),
    )


def _standing(desk: DeskContext, found: FoundConversation, known: _Known, now: datetime) -> str:
    handover = found.handover
    if handover is None:
        return say("desk_search.bot")
    if handover.closed_at is not None:
        moment = dutch_labels.moment(handover.closed_at, now, desk.organisation.timezone)
        return say("desk_search.closed_on", moment=moment)
    if handover.taken_at is None:
        return say("desk_search.waits")
    name = known.agents.get(handover.agent_id or 0) or say("desk_search.colleague")
    return say("desk_search.with", name=name)


def pieces(text: str, words: set[str]) -> tuple[TextPiece, ...]:
    """A message cut short around the first word that was looked for, with those words marked.

    Args:
        text: the message.
        words: beginnings of words, as `search_terms.words` gives them.
    """
    line = " ".join(text.split())
    marks = [
        match.span()
        for match in _WORD.finditer(line)
        if any("".join(search_terms.words(match[0])).startswith(word) for word in words)
    ]
    first = marks[0][0] if marks else 0
    start = line.rfind(" ", 0, max(0, first - _BEFORE)) + 1 if first > _BEFORE else 0
    end = min(len(line), start + _SHOWN)
    found, place = [TextPiece("… ", False)] if start else [], start
    for begin, finish in marks:
        if finish > end:
            break
        found += [TextPiece(line[place:begin], False), TextPiece(line[begin:finish], True)]
        place = finish
    found.append(TextPiece(line[place:end] + ("…" if end < len(line) else ""), False))
    return tuple(each for each in found if each.text)
