"""The task about invoices: what is open, how to pay, and a person when a customer cannot pay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action

from actions.backends import invoices, shop
from actions.verification import ORDER, verified_order
from bot.dialogue import formatting, runtime
from bot.dialogue.choice_patterns import says
from bot.dialogue.questions import Accepted, Answers, Question, ToPerson
from bot.dialogue.replies import Replies
from bot.dialogue.task import Events, Step, TaskForm
from bot.dialogue.turn_message import TurnMessage
from bot.topics.topic import Topic

_PLAN = (
    r"betalings?\s?regeling|in termijnen|gespreid|uitstel|kan (het |dit |de \w+ )?niet betalen|"
    r"niet in (een|één|1) keer"
)
_MAIL = r"\b(mail\w*|gemaild|per e-?mail|toe ?(ge)?(sturen|zenden|stuur\w*|zonden)|opsturen)\b"
_PAID = r"\b(al|reeds|allang) (betaald|overgemaakt|voldaan)|heb (\w+ )*betaald\b"
#: How a question begins: "heb ik al betaald?" asks, "ik heb al betaald" tells.
_ASKS = r"^\W*(heb|is|was|hebben|weet|kunt|kun) (ik|je|jullie|u|we|de|het|mijn|m'n|er)\b"
ABOUT = Question("payment_question")


class InvoicePaymentForm(TaskForm):
    """Asks which order; a request to pay later, or for a copy, goes to a person after the proof."""

    topic = Topic(
        "invoice_payment",
        "Factuur en betaling",
        team="retour_betaling",
        slots={"payment_question": "Vraag over betaling"},
        values={
            "payment_question": {
                "paid": "zegt al betaald te hebben",
                "plan": "wil een betalingsregeling",
                "copy": "wil de factuur per e-mail",
            }
        },
    )
    proof = ORDER

    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """No question of its own; what the customer wants with the invoice is only read."""
        return (ABOUT,) if answers["payment_question"] else ()

    def infer(self, message: TurnMessage, answers: Answers) -> None:
        """Reads whether it is about paying later or about money already paid."""
        if tapped := message.entity("payment_question"):
            answers.give("payment_question", str(tapped.value))
        elif says(_PLAN, message.typed):
            answers.give("payment_question", "plan")
        elif message.started and says(_MAIL, message.typed):
            answers.give("payment_question", "copy")
        elif (message.intent == "already_paid" and not says(_ASKS, message.typed)) or (
            says(_PAID, message.typed) and not says(_ASKS, message.typed)
        ):
            answers.give("payment_question", "paid")

    async def check(self, question: Question, value: Any, answers: Answers) -> Step:
        """Hands over a request to pay later, as debts are for a person, and one for a copy."""
        if value == "copy":
            return ToPerson("asked", "utter_invoice_by_mail")
        return ToPerson("sensitive") if value == "plan" else Accepted(value)


class ActionInvoicePayment(Action):
    """Tells whether an invoice is open or paid, and how to pay."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_invoice_payment"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says the amount, whether it is open or paid, and how to pay."""
        number = verified_order(tracker)
        invoice = await shop.query(invoices.of_order, number)
        replies = Replies(dispatcher, domain)
        if invoice is None:
            replies.say("utter_invoice_none", order=number)
            return []
        standing = invoice.standing(runtime.today())
        unpaid = standing in {"open", "overdue"}
        claims = tracker.get_slot("payment_question") == "paid" and unpaid
        replies.say(
            "utter_invoice_claimed_paid" if claims else f"utter_invoice_{standing}",
            order=number,
            number=invoice.number,
            amount=formatting.euros(invoice.amount_cents),
            due=formatting.day(invoice.due_on),
            paid=formatting.day(invoice.paid_on) if invoice.paid_on else "",
        )
        return []
