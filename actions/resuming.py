"""How a task that was left unfinished is called when the customer is asked to go on with it."""

from __future__ import annotations

from actions import surroundings
from actions.talk import Talk


def title_of(task: str, talk: Talk) -> str:
    """The task's Dutch name, as it stands within a sentence: `retour aanmelden`.

    Args:
        task: the task's intent.
        talk: knows the designers' own titles.
    """
    label = surroundings.organisation().labels.get(task)
    title = label or (talk.topics[task]["title"] if task in talk.topics else task)
    return title[:1].lower() + title[1:]
