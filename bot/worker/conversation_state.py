"""The conversation state: reads all that a decision about a turn needs, in one go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import SQLAlchemyError

from bot.conversation import bursts
from bot.conversation.callback import Form
from bot.conversation.queueing import Expectation, Offer
from bot.core.interface import Assistant
from bot.desk.conversations.expected_wait import expectation
from bot.messages import Notice, Outbound
from bot.organisation import Organisation
from bot.records.conversation import Conversation
from bot.records.handover_record import Handover
from bot.records.inbox_message import InboxMessage
from bot.records.outbox_message import OutboxMessage
from bot.store.conversation import conversations, ratings
from bot.store.conversation.ratings import Rating
from bot.store.delivery import outbox_queries
from bot.store.handover import callbacks, handovers
from bot.store.sql.outages import is_outage
from bot.store.worker import inbox
from bot.worker import private_number_notice
from bot.worker.worker_config import WorkerConfig

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: The photos of an album may be longer on their way than a burst is waited for: a customer who
#: sends the next one this soon needs no second answer.
ALBUM: Final = timedelta(seconds=10)
#: How many of the messages since a hand-over are looked at.
_SAID: Final = 40


@dataclass(frozen=True, slots=True)
class Queued:
    """The place in the queue of a conversation that waits for a person, and what goes with it.

    Attributes:
        handover: the open hand-over.
        said: the messages to the customer since, oldest first.
        expected: the wait that the customer may expect now.
        offer: the choices that the customer has.
        form: the call-back form, or None: it is not being filled in.
        request: the call-back request that is left already, or None.
    """

    handover: Handover
    said: tuple[OutboxMessage, ...]
    expected: Expectation
    offer: Offer
    form: Form | None
    request: Form | None

    @property
    def last_said(self) -> tuple[OutboxMessage, ...]:
        """The messages of the newest turn that said something."""
        newest = self.said[-1].inbox_id if self.said else None
        return tuple(each for each in self.said if each.inbox_id == newest)


@dataclass(frozen=True, slots=True)
class ConversationState:
    """A conversation before a turn.

    Attributes:
        conversation: as it stands.
        shown: the messages that the customer was looking at when the message was sent; messages
            that came unasked after that are not what it answers.
        queued: its place in the queue, or None: it does not wait there.
        last: its newest hand-over, or None.
        rated: the score given for the person in this session, or None.
        private: the notice about a private number that was taken out, or None.
        album: whether the customer sent a picture just before this one.
        memory: what the assistant remembers of a conversation that is the bot's, for its next turn;
            None when there is no assistant, or it fails at it.
    """

    conversation: Conversation
    shown: tuple[OutboxMessage, ...]
    queued: Queued | None
    last: Handover | None
    rated: Rating | None
    private: Notice | None = None
    album: bool = False
    memory: object = None

    @property
    def seen(self) -> tuple[Outbound, ...]:
        """The contents of `shown`, without their rows."""
        return tuple(said.message for said in self.shown)


def read_state(
    conn: Connection,
    conversation_id: str,
    message: InboxMessage,
    config: WorkerConfig,
    now: datetime,
) -> ConversationState:
    """Reads the conversation state before a turn, without what the assistant remembers.

    Args:
        conn: a transaction.
        conversation_id: the conversation.
        message: the customer's message that is to be answered.
        config: the worker's configuration.
        now: the present.
    """
    conversation = conversations.get(conn, conversation_id)
    shown = tuple(
        said
        for said in outbox_queries.last_turn(conn, conversation_id)
        if said.inbox_id is not None or said.created_at <= message.received_at
    )
    handover = handovers.newest(conn, conversation_id) if conversation.owner != "bot" else None
    return ConversationState(
        conversation=conversation,
        shown=shown,
        queued=_queued(conn, conversation, handover, config, now),
        last=handover,
        rated=ratings.given(conn, conversation_id, conversation.session, "human"),
        private=private_number_notice.due(conn, conversation, message, now),
        album=_is_of_album(conn, conversation, message),
    )


def _is_of_album(conn: Connection, conversation: Conversation, message: InboxMessage) -> bool:
    if message.inbound.attachment not in bursts.PICTURES or message.inbound.text:
        return False
    before = inbox.before(conn, conversation.id, min((*message.earlier, message.id)))
    return (
        before is not None
        and before.inbound.attachment in bursts.PICTURES
        and message.received_at - before.received_at < ALBUM
    )


def with_memory(
    conn: Connection, state: ConversationState, assistant: Assistant | None
) -> ConversationState:
    """The state with what the assistant remembers of the conversation.

    Args:
        conn: the transaction in which the state was read.
        state: as it was read.
        assistant: the loaded model, or None.
    """
    return replace(state, memory=_memory(conn, state.conversation, assistant))


def _memory(conn: Connection, conversation: Conversation, assistant: Assistant | None) -> object:
    if assistant is None or conversation.owner != "bot":
        return None
    try:
        return assistant.recall(conn, conversation.id)
    except Exception as error:
        if isinstance(error, SQLAlchemyError) and is_outage(error):
            raise
        return None  # the assistant meets it again when it is asked, and a person gets the message


def offer_of(handover: Handover, organisation: Organisation, *, call_back: bool) -> Offer:
    """The choices that a customer has while waiting.

    Args:
        handover: the open hand-over.
        organisation: its teams' topics are the subjects offered.
        call_back: whether the call-back form can be filled in.
    """
    if handover.topic or handover.urgent:
        return Offer({}, call_back)
    # The default team's come last: they go there anyway. What is urgent is nothing to tick off.
    teams = sorted(organisation.teams, key=lambda team: team.default)
    named = [each for team in teams for each in team.topics if each not in organisation.urgent]
    offered = [each for each in named if organisation.topics.of(each).offered]
    labels = organisation.labels
    return Offer({topic: labels[topic] for topic in offered if topic in labels}, call_back)


def open_request(conn: Connection, handover: Handover) -> Form | None:
    """The newest call-back request of a hand-over that nobody settled yet, or None."""
    for each in reversed(callbacks.of(conn, handover.conversation_id)):
        if each.done_at is None and each.created_at >= handover.created_at:
            return Form("confirm", each.name, each.contact, each.moment, each.question)
    return None


def _queued(
    conn: Connection,
    conversation: Conversation,
    handover: Handover | None,
    config: WorkerConfig,
    now: datetime,
) -> Queued | None:
    if conversation.owner != "queued" or handover is None or handover.closed_at is not None:
        return None
    form = Form.from_json(handover.form) if handover.form else None
    request = open_request(conn, handover)
    return Queued(
        handover=handover,
        said=outbox_queries.said_since(conn, conversation.id, handover.created_at, _SAID),
        expected=expectation(conn, handover, config.organisation, now, own_desk=config.own_desk),
        offer=offer_of(handover, config.organisation, call_back=request is None),
        form=form,
        request=request,
    )
