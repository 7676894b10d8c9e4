"""Who is asking: an order number and the postcode that goes with it, before anything personal."""

from __future__ import annotations

from typing import Any

from actions.answers import Accepted, Answers, Question, Refused, ToPerson
from actions.backends import orders, shop
from bot.dutch.postcode import parse as parse_postcode

ORDER_NUMBER = Question("order_number", sure=True)
POSTCODE = Question("postcode", parse=parse_postcode, sure=True)
#: Wrong combinations before a person takes over.
MAX_TRIES = 3
FAILED = ToPerson("verification_failed", "utter_verification_failed")


def is_verified(answers: Answers) -> bool:
    """Whether the order asked about is the one whose postcode was right."""
    number = answers["order_number"]
    return number is not None and number == answers["verified_order"]


def questions(answers: Answers) -> tuple[Question, ...]:
    """What has to be asked: nothing twice in a session for the same order."""
    return (ORDER_NUMBER,) if is_verified(answers) else (ORDER_NUMBER, POSTCODE)


def asks(question: Question) -> bool:
    """Whether a question is one of these two."""
    return question is ORDER_NUMBER or question is POSTCODE


def is_blocked(answers: Answers) -> bool:
    """Whether there were too many wrong tries: from then on only a person looks orders up."""
    tries = int(answers["verification_attempts"] or 0)
    return tries >= MAX_TRIES and not is_verified(answers)


async def check(question: Question, value: str, answers: Answers) -> Accepted | Refused | ToPerson:
    """Checks an answer to one of these questions; the postcode together with the order number.

    The refusal does not tell which of the two is wrong, so that nobody learns which order numbers
    exist.
    """
    if question is ORDER_NUMBER:
        return Accepted(value)
    answers["tried_postcode"] = None
    number = str(answers["order_number"])
    if await shop.query(orders.belongs, number, value):
        answers["verified_order"] = number
        answers["verification_attempts"] = 0
        return Accepted(value)
    tries = int(answers["verification_attempts"] or 0) + 1
    if tries >= MAX_TRIES:
        answers["verification_attempts"] = tries
        return FAILED
    answers["verification_attempts"] = tries
    answers["tried_postcode"] = value
    return Refused("utter_refusal_verification", {"given_number": number, "given_postcode": value})


def verified_order(tracker: Any) -> str:
    """The order that an action may show or change.

    Args:
        tracker: rasa-sdk's tracker.

    Raises:
        PermissionError: who is asking is not verified; a rule or story calls the action too early.
    """
    number = tracker.get_slot("order_number")
    if number is None or number != tracker.get_slot("verified_order"):
        raise PermissionError("this action needs a verified order")
    return str(number)
