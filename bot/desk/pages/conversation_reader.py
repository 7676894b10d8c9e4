"""Reads one conversation from the store for the page that shows it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.catalogue import say
from bot.desk import dutch_labels
from bot.desk.conversations import one_case, work_lists
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.errors import Forbidden
from bot.desk.pages import (
    call_back_rows,
    conversation_view,
    handover_view,
    joined_names,
    joined_view,
    site_customer_view,
)
from bot.desk.pages.call_back_rows import CallbackRow
from bot.desk.pages.conversation_page import ConversationPage, ConversationPart
from bot.desk.pages.earlier_contacts import earlier
from bot.records.conversation import Conversation
from bot.records.handover_record import Handover
from bot.store.conversation import addresses, conversations, ratings
from bot.store.desk import agents, last_messages, viewers
from bot.store.desk.agents import Agent
from bot.store.handover import callbacks, handovers
from bot.store.history import conversation_history, joined_history, linked_conversations
from bot.store.history.history_page import Place
from bot.store.history.joined_history import JoinedPlace
from bot.store.history.linked_conversations import Part, parts
from bot.store.identity import private_number_requests

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Messages on a page; older ones on demand.
PAGE: Final = 60
#: A page that was not heard of for so long is closed: each tells every 20 seconds that it is open.
_LOOKS: Final = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class ConversationReader:
    """Reads conversations for the pages.

    Attributes:
        desk: the desk's rules.
    """

    desk: DeskContext

    @property
    def teams(self) -> Mapping[str, str]:
        """Names of the teams by id."""
        return {team.id: team.name for team in self.desk.organisation.teams}

    def talk(
        self, conn: Connection, conversation_id: str, agent: Agent, now: datetime
    ) -> ConversationPage:
        """The page of a conversation, for an agent.

        Raises:
            Forbidden: it is not for this person, or there is none.
            Unknown: there is none, for a supervisor.
        """
        self.desk.visibility.check_sees(conn, agent, conversation_id)
        conversation = conversations.get(conn, conversation_id)
        handover = handovers.newest(conn, conversation_id)
        zone = self.desk.organisation.timezone
        own, channel = conversation.address, self.desk.profiles[conversation.channel]
        known = (own, addresses.latest(conn, conversation.channel, own))
        name = last_messages.names(conn, [conversation_id]).get(conversation_id, "")
        number = work_lists.number(handover) if handover else ""
        handed = (
            handover_view.view(conn, self.desk, handover, conversation, agent, name, now)
            if handover
            else handover_view.none()
        )
        group = self.desk.visibility.group(conn, agent, conversation_id)
        read = joined_history.parts(conn, group) if len(group) > 1 else ()
        named = joined_names.names(conn, self.desk, read, now) if read else {}
        return ConversationPage(
            id=conversation.id,
            who=dutch_labels.customer(channel, *known, name=name, number=number),
            phone=dutch_labels.phone(channel, *known),
            callback=self._callback(conn, conversation_id, agent, now),
            viewers=viewers.names(conn, conversation_id, agent.id, now - _LOOKS),
            channel=conversation.channel,
            channel_name=named.get(conversation_id, channel.label),
            channel_tone=channel.tone,
            owner=conversation.owner,
            left=dutch_labels.moment(conversation.left_at, now, zone)
            if conversation.left_at
            else "",
            wiped=dutch_labels.moment(conversation.wiped_at, now, zone)
            if conversation.wiped_at
            else "",
            window=self.desk.reach.window(conn, conversation, now),
            closing_tells=self._closing_tells(conn, conversation, handover, named, now),
            ask_minutes=int(private_number_requests.LASTS.total_seconds() // 60),
            client_id=secrets.token_urlsafe(16),
            site=site_customer_view.view(conn, conversation_id),
            first=dutch_labels.moment(conversation.created_at, now, zone),
            scores=_scores(conn, conversation),
            earlier=earlier(conn, conversation_id, self.desk.organisation, now),
            joined=joined_view.view(conn, self.desk, group, named, agent, now),
            piece=self._joined(conn, read, named, None, now)
            if read
            else self._piece(conn, conversation_id, Place(conversation_id), now),
            **handed,
        )

    def went_on(self, conn: Connection, conversation_id: str, agent: Agent) -> str | None:
        """The conversation to read in place of this one, whose customer goes on elsewhere.

        None where it goes on here, or where the other one is not for this person.
        """
        to = linked_conversations.went_on(conn, conversation_id)
        if to is None or handovers.find_open(conn, conversation_id) is not None:
            return None
        return to if self.desk.visibility.may_see(conn, agent, to) else None

    def answered_at(self, conn: Connection, conversation_id: str, agent: Agent) -> str:
        """The conversation in which the agent answers this one's customer.

        Of those that were joined and that the agent has, it is the one where the customer wrote
        last; this one where that holds for none.
        """
        group = self.desk.visibility.group(conn, agent, conversation_id)
        return joined_view.answered_at(conn, group, agent) if len(group) > 1 else conversation_id

    def older(
        self,
        conn: Connection,
        talk_id: str,
        place: Place | JoinedPlace,
        agent: Agent,
        now: datetime,
    ) -> ConversationPart:
        """The messages before a place in a conversation, or in one that it goes on from.

        With a `JoinedPlace`, of all that were joined to it and that the agent may read.

        Raises:
            Forbidden: it is not for this person, or the place belongs to another conversation.
            Unknown: there is no such conversation, for a supervisor.
        """
        self.desk.visibility.check_sees(conn, agent, talk_id)
        if isinstance(place, JoinedPlace):
            group = self.desk.visibility.group(conn, agent, talk_id)
            read = joined_history.parts(conn, group)
            named = joined_names.names(conn, self.desk, read, now)
            return self._joined(conn, read, named, place, now)
        if all(part.conversation_id != place.conversation_id for part in parts(conn, talk_id)):
            raise Forbidden(say("desk.refused.other_place"))
        return self._piece(conn, talk_id, place, now)

    def _closing_tells(
        self,
        conn: Connection,
        conversation: Conversation,
        handover: Handover | None,
        named: Mapping[str, str],
        now: datetime,
    ) -> str:
        if handover is None or handover.closed_at is not None:
            return ""
        told = one_case.told_at(conn, self.desk, conversation, handover, now)
        if told is None:
            return ""
        return named.get(told.id, self.desk.profiles[told.channel].label)

    def _piece(
        self, conn: Connection, talk_id: str, place: Place, now: datetime
    ) -> ConversationPart:
        organisation = self.desk.organisation
        page = conversation_history.page(conn, talk_id, place, PAGE)
        name = conversations.get(conn, place.conversation_id).channel
        channel = self.desk.profiles[name]
        lines = conversation_view.lines(page, channel, self.teams, now, organisation.timezone)
        return ConversationPart(
            lines=lines,
            earlier=str(page.before) if page.before else "",
            heading=""
            if place.conversation_id == talk_id
            else say("desk.earlier_channel", channel=channel.label),
            key=place.conversation_id,
        )

    def _joined(
        self,
        conn: Connection,
        read: Sequence[Part],
        named: Mapping[str, str],
        place: JoinedPlace | None,
        now: datetime,
    ) -> ConversationPart:
        profiles = {part.conversation_id: self.desk.profiles[part.channel] for part in read}
        found = joined_history.page(conn, read, place, PAGE)
        pages = (
            (each, profiles[each.conversation_id], named[each.conversation_id])
            for each in found.pages
        )
        zone = self.desk.organisation.timezone
        return ConversationPart(
            lines=conversation_view.joined_lines(pages, self.teams, now, zone),
            earlier=str(found.before) if found.before else "",
            heading="",
            key="",
        )

    def _callback(
        self, conn: Connection, conversation_id: str, agent: Agent, now: datetime
    ) -> CallbackRow | None:
        asked = callbacks.of(conn, conversation_id)
        if not asked or asked[-1].done_at is not None:
            return None
        whose = asked[-1].claimed_by
        names = agents.names(conn, [whose] if whose else [])
        return call_back_rows.row(asked[-1], self.desk.organisation, names, agent, now)


def _scores(conn: Connection, conversation: Conversation) -> str:
    found: Sequence[tuple[str, int]] = ratings.of(conn, conversation.id)
    return ", ".join(say(f"desk.score_by_{of}", score=score) for of, score in found[-4:])
