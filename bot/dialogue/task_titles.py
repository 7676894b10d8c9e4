"""The names by which the bot asks a customer to go on with a task that was left unfinished."""

from __future__ import annotations

from bot.dialogue import runtime
from bot.dialogue.replies import Replies


def title_of(task: str, replies: Replies) -> str:
    """The task's Dutch name, as it stands within a sentence: `boek reserveren`.

    Args:
        task: the task's intent.
        replies: knows the designers' own titles.
    """
    declared = runtime.topics().of(task).title
    title = declared or (replies.topics[task]["title"] if task in replies.topics else task)
    return title[:1].lower() + title[1:]
