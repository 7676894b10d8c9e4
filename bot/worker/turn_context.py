"""The turn context: conversation, message, disclosure, configuration and time of one turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.messages import Notice
from bot.records.conversation import Conversation
from bot.records.inbox_message import InboxMessage
from bot.worker.worker_config import WorkerConfig


@dataclass(frozen=True, slots=True)
class TurnContext:
    """All that holds for one turn of one conversation.

    A turn is decided without a lock and written under one, with the model's time in between: the
    commit puts the conversation as it then stands, and the time, in the place of these.

    Attributes:
        conversation: as it stands.
        message: the customer's message that is to be answered.
        notice: the disclosure to use when one is due and the turn brings none.
        config: the worker's configuration.
        now: the present, aware.
    """

    conversation: Conversation
    message: InboxMessage
    notice: Notice
    config: WorkerConfig
    now: datetime
