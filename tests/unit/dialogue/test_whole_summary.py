"""A summary with a name that has no value is no summary: a yes to it carries nothing out."""

from __future__ import annotations

from typing import Any
from unittest.mock import MagicMock

import pytest

from bot.dialogue.asking import SHOWN, Asker
from bot.dialogue.questions import CONFIRM, Answers, Prompt, Question
from bot.dialogue.replies import Replies
from bot.dialogue.turn_message import TurnMessage

DOMAIN = {"responses": {"utter_sum": [{"text": "{day}, {part}"}, {"text": "Op {day}."}]}}
NOTHING_SAID = TurnMessage(None, 0.0, "", (), started=False, resumed=False, left=None)


class Form:
    """As much of a task as asking takes, without declaring one."""

    proof = None

    def __init__(self, response: str, values: dict[str, Any]) -> None:
        self._summary = Prompt(response, values)

    async def prompt(self, question: Question, answers: Answers) -> Prompt:
        """The summary."""
        assert (question, answers) != (None, None)
        return self._summary


@pytest.mark.parametrize(
    ("response", "values", "slots", "counts"),
    [
        ("utter_sum", {"day": "vrijdag", "part": "middag"}, {}, True),
        ("utter_sum", {"day": "vrijdag"}, {"part": "middag"}, True),
        ("utter_sum", {"day": "vrijdag"}, {}, False),
        ("utter_sum", {"day": "vrijdag", "part": None}, {"part": "middag"}, False),
        ("utter_other", {"day": "vrijdag", "part": "middag"}, {}, False),
    ],
    ids=["all given", "one is a slot", "one is missing", "one is empty", "no such response"],
)
async def test_only_a_whole_summary_counts_as_shown(
    response: str, values: dict[str, Any], slots: dict[str, Any], counts: bool
) -> None:
    """In whichever of its variants: which one is said is chosen later."""
    answers, replies = Answers(slots), Replies(MagicMock(), DOMAIN)
    form: Any = Form(response, values)
    # The one place that shows a summary.
    await Asker(form, NOTHING_SAID, answers, replies).ask(CONFIRM, None)
    assert (answers[SHOWN] is not None) is counts
