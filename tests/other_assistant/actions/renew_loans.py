"""Keeping what was borrowed for longer: all of it, after a yes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action

from actions.backends import loans, office
from actions.verification import CARD, proved_card
from bot.dialogue import formatting, runtime
from bot.dialogue.questions import Answers, Prompt, Question, Stopped
from bot.dialogue.replies import Replies
from bot.dialogue.task import CONFIRM, Events, TaskForm
from bot.topics.topic import Topic


class RenewLoansForm(TaskForm):
    """Asks whose loans, and whether to renew them."""

    topic = Topic("renew_loans", "Verlengen", team="uitleen")
    proof = CARD

    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """Only whether it is right."""
        return (CONFIRM,)

    async def prepare(self, answers: Answers) -> Stopped | None:
        """Stops when there is nothing to renew."""
        found = await office.query(loans.of_card, answers[CARD.claim.slot])
        answers.facts["loans"] = found
        return None if found else Stopped("utter_renew_none")

    async def prompt(self, question: Question, answers: Answers) -> Prompt:
        """What is borrowed, and until when it may stay."""
        found = answers.facts["loans"]
        said = {
            "count": "één boek" if len(found) == 1 else f"{len(found)} boeken",
            "titles": ", ".join(loan.title for loan in found),
            "day": formatting.day(loans.renewed_until(runtime.today())),
        }
        return Prompt("utter_confirm_renew_loans", said)


class ActionRenewLoans(Action):
    """Renews the loans of the card that was proved."""

    def name(self) -> str:
        """Name in rules."""
        return "action_renew_loans"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Renews them and says until when."""
        until = loans.renewed_until(runtime.today())
        await office.change(loans.renew, proved_card(tracker), until)
        Replies(dispatcher, domain).say("utter_renewed", day=formatting.day(until))
        return []
