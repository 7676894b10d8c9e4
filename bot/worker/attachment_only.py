"""Answers a message that brings something, such as a photo, and no words."""

from __future__ import annotations

from bot.conversation import built_in_messages
from bot.conversation.option_matching import on_the_table
from bot.messages import Attachment, Author, Outbound
from bot.records.inbox_message import InboxMessage
from bot.worker import queued_message
from bot.worker.conversation_state import ALBUM, ConversationState
from bot.worker.turn_outcome import TurnOutcome


def outcome(
    before: ConversationState, message: InboxMessage, attachment: Attachment, *, kept: bool
) -> TurnOutcome:
    """The outcome of such a message: what can be done instead, said once for an album.

    Args:
        before: the conversation before the turn.
        message: the customer's message.
        attachment: what came along in it.
        kept: whether a person who reads the conversation sees it.
    """
    reply: tuple[Outbound, ...]
    author: Author = "bot"
    if before.queued is not None:
        author, reply = "system", queued_message.unreadable(before.queued, attachment, kept=kept)
    else:
        offered = on_the_table(before.seen)
        reply = (built_in_messages.unreadable(attachment, offered, kept=kept),)
    said = before.conversation.last_outbound_at
    if before.album and before.queued is None:  # whatever the answer to it was
        return TurnOutcome(event=None, author=author)
    again = before.seen[-len(reply) :] == reply and said and message.received_at - said < ALBUM
    return TurnOutcome(() if again else reply, event=None, author=author)
