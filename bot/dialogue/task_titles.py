"""How a task that was left unfinished is called when the customer is asked to go on with it."""

from __future__ import annotations

from bot.dialogue import runtime
from bot.dialogue.replies import Replies


def title_of(task: str, replies: Replies) -> str:
    """The task's Dutch name, as it stands within a sentence: `lidmaatschap verlengen`.

    Args:
        task: the task's intent.
        replies: knows the designers' own titles.
    """
    label = runtime.organisation().labels.get(task)
    title = label or (replies.topics[task]["title"] if task in replies.topics else task)
    return title[:1].lower() + title[1:]
