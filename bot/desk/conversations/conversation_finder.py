"""Finds conversations for an agent: by words, numbers, team and period, open and closed ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal

from bot.channel_profiles import ChannelProfiles
from bot.desk.conversations import search_terms
from bot.desk.conversations.visibility import Visibility
from bot.records.conversation import Conversation
from bot.records.handover_record import Handover
from bot.store.conversation import addresses, conversations
from bot.store.desk.agents import Agent
from bot.store.history import conversation_search
from bot.store.history.conversation_search import Found, Hit, Term

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

State = Literal["", "open", "closed"]

_EVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
#: Most conversations on a page of results.
MOST: Final = 50
#: Conversations of which it is looked up at once whether the agent may see them.
_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What an agent looks for.

    Attributes:
        asked: words and numbers; empty for all.
        team: id of the team that had it last; empty for any.
        state: whether it is with a person or in the queue (`open`), or not (`closed`); empty for
            both.
        since: nothing that was said before (aware), or None.
        until: nothing that was said from then on (aware), or None.
    """

    asked: str = ""
    team: str = ""
    state: State = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class FoundConversation:
    """One result.

    Attributes:
        conversation: the conversation.
        handover: its newest hand-over, or None.
        at: when what was found was said (UTC).
        text: the words in which it was found; empty where it was found by its number or period.
    """

    conversation: Conversation
    handover: Handover | None
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was found.

    Attributes:
        shown: the newest first.
        more: whether there are more than these.
        cut: whether older conversations were not looked at, as a word is too common.
    """

    shown: tuple[FoundConversation, ...] = ()
    more: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class ConversationFinder:
    """Finds conversations.

    Attributes:
        visibility: which ones an agent may see: others are not found.
        profiles: what each channel is.
    """

    visibility: Visibility
    profiles: ChannelProfiles

    def find(
        self, conn: Connection, query: SearchQuery, agent: Agent, now: datetime
    ) -> SearchResult:
        """The conversations that an agent may see and that fit, newest first.

        Args:
            conn: a transaction.
            query: what is looked for.
            agent: for whom.
            now: the present.
        """
        found = self._candidates(conn, query, now)
        kept: list[tuple[str, Hit, Handover | None]] = []
        for each in self._fitting(conn, found, query, agent):
            kept.append(each)
            if len(kept) > MOST:
                break
        shown = kept[:MOST]
        texts = conversation_search.texts(conn, [hit for _, hit, _ in shown if hit.row])
        talks = conversations.of(conn, [conversation_id for conversation_id, _, _ in shown])
        results = tuple(
            FoundConversation(talks[conversation_id], handover, hit.at, texts.get(hit, ""))
            for conversation_id, hit, handover in shown
        )
        return SearchResult(results, len(kept) > MOST, found.cut)

    def _candidates(self, conn: Connection, query: SearchQuery, now: datetime) -> Found:
        looked_for = search_terms.terms(query.asked)
        if not looked_for:
            return conversation_search.by_period(conn, query.since or _EVER, query.until or now)
        found = conversation_search.by_words(conn, looked_for)
        hits = {
            conversation_id: Hit(at, "inbox", 0)
            for conversation_id, at in self._by_number(conn, query.asked, looked_for).items()
        } | dict(found.hits)
        newest = sorted(hits.items(), key=lambda each: each[1].at, reverse=True)
        within = {name: hit for name, hit in newest if _is_within(hit.at, query)}
        return Found(within, found.cut)

    def _by_number(
        self, conn: Connection, asked: str, looked_for: Sequence[Term]
    ) -> Mapping[str, datetime]:
        numbers = search_terms.numbers(asked)
        if len(looked_for) != len(numbers):
            return {}  # words too: a number alone does not fit
        by_phone = [name for name, each in self.profiles.known.items() if each.address == "phone"]
        found = {}
        for channel in by_phone:
            for number in numbers:
                for spelled in (number, number.removeprefix("+")):
                    address = addresses.known(conn, channel, spelled)
                    talk = address and conversations.find(conn, channel, address)
                    if talk:
                        found[talk.id] = talk.last_inbound_at or talk.created_at
        return found

    def _fitting(
        self, conn: Connection, found: Found, query: SearchQuery, agent: Agent
    ) -> Iterator[tuple[str, Hit, Handover | None]]:
        ids: Sequence[str] = list(found.hits)
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            handovers = conversation_search.newest_handovers(conn, some)
            for conversation_id in some:
                handover = handovers.get(conversation_id)
                if self._fits(handover, query, agent):
                    yield conversation_id, found.hits[conversation_id], handover

    def _fits(self, handover: Handover | None, query: SearchQuery, agent: Agent) -> bool:
        if handover is None:
            return agent.role == "supervisor" and not query.team and query.state != "open"
        if not (agent.role == "supervisor" or self.visibility.may_read(agent, handover)):
            return False
        team = self.visibility.organisation.team(handover.team).id
        is_open = handover.closed_at is None
        return (not query.team or team == query.team) and (
            not query.state or is_open == (query.state == "open")
        )


def _is_within(at: datetime, query: SearchQuery) -> bool:
    return (query.since is None or at >= query.since) and (query.until is None or at < query.until)
