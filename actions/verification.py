"""Who is asking: an order number and the postcode that goes with it, before anything personal.

A postcode is only ever tried with the order number that it was given with or after, so that no
pair is tried that the customer did not mean; a pair that was refused is not tried again.
"""

from __future__ import annotations

from typing import Any

from actions import surroundings, wording
from actions.answers import Accepted, Answers, Prompt, Question, Refused, Stopped, ToPerson
from actions.backends import orders, shop
from actions.options import button
from bot.dutch.postcode import parse as parse_postcode

ORDER_NUMBER = Question("order_number", sure=True)
POSTCODE = Question("postcode", parse=parse_postcode, sure=True)
#: Wrong combinations before a person takes over.
MAX_TRIES = 3
FAILED = ToPerson("verification_failed", "utter_verification_failed")


def is_verified(answers: Answers) -> bool:
    """Whether the order asked about is one whose postcode was right."""
    return answers["order_number"] in verified(answers)


def verified(answers: Answers) -> tuple[str, ...]:
    """The orders whose postcode was right in this session, the newest last."""
    return tuple(answers["verified_orders"] or ())


def questions(answers: Answers) -> tuple[Question, ...]:
    """What has to be asked: nothing twice in a session for the same order."""
    return (ORDER_NUMBER,) if is_verified(answers) else (ORDER_NUMBER, POSTCODE)


def asks(question: Question) -> bool:
    """Whether a question is one of these two."""
    return question is ORDER_NUMBER or question is POSTCODE


def prompt(question: Question, task: str, answers: Answers) -> Prompt:
    """How to ask one of these two: a postcode that was refused beside another number is offered.

    Args:
        question: the question.
        task: the form's task, which a tap goes to.
        answers: the answers so far.
    """
    number = answers["order_number"]
    refused = _refused(answers)
    if question is ORDER_NUMBER or not refused or refused[-1][0] == number:
        return Prompt()
    earlier = dict.fromkeys(code for _, code in reversed(refused) if (number, code) not in refused)
    choices = tuple(button(code, task, postcode=code) for code in list(earlier)[:2])
    return Prompt("utter_question_postcode_for", {"given_number": number}, choices)


def is_blocked(answers: Answers) -> bool:
    """Whether there were too many wrong tries: from then on only a person looks orders up."""
    return _tries(answers) >= MAX_TRIES and not is_verified(answers)


async def check(
    question: Question, value: str, answers: Answers
) -> Accepted | Refused | Stopped | ToPerson:
    """Checks an answer to one of these questions; the postcode together with the order number.

    The refusal does not tell which of the two is wrong, so that nobody learns which order numbers
    exist; nor does how long it takes.

    Raises:
        SQLAlchemyError: a database cannot be reached; the turn is handed to a person then.
    """
    if question is ORDER_NUMBER:
        return Accepted(value)
    number = str(answers["order_number"])
    said = {"given_number": number, "given_postcode": value}
    if (number, value) in _refused(answers):
        return Refused("utter_refusal_verification_same", said)
    proofs, proof = await surroundings.proofs(), (answers.conversation, number, value)
    if wait := await proofs.begin(*proof, surroundings.now()):
        # Where the customer may take it up later, without typing it again.
        answers["noted_order"], answers["noted_postcode"] = number, value
        return Stopped("utter_verification_later", {"when": wording.wait(wait)})
    if await shop.query(orders.belongs, number, value):
        await proofs.proved(*proof, surroundings.now())
        _succeed(number, answers)
        return Accepted(value)
    return _fail(number, value, answers)


def _succeed(number: str, answers: Answers) -> None:
    """Notes the order; of the wrong tries only those about this order are forgiven."""
    others = [pair for pair in _refused(answers) if pair[0] != number]
    forgiven = len(_refused(answers)) - len(others)
    answers["refused_pairs"] = [list(pair) for pair in others]
    answers["verification_attempts"] = max(0, _tries(answers) - forgiven)
    earlier = [each for each in verified(answers) if each != number]
    answers["verified_orders"] = [*earlier, number]


def _fail(number: str, value: str, answers: Answers) -> Refused | ToPerson:
    answers["refused_pairs"] = [*map(list, _refused(answers)), [number, value]]
    answers["verification_attempts"] = tries = _tries(answers) + 1
    if tries >= MAX_TRIES:
        return FAILED
    last = "_last" if tries == MAX_TRIES - 1 else ""
    said = {"given_number": number, "given_postcode": value}
    return Refused(f"utter_refusal_verification{last}", said)


def _refused(answers: Answers) -> tuple[tuple[str, str], ...]:
    """The pairs that were refused in this session, oldest first."""
    return tuple((str(number), str(code)) for number, code in answers["refused_pairs"] or ())


def _tries(answers: Answers) -> int:
    return int(answers["verification_attempts"] or 0)


def verified_order(tracker: Any) -> str:
    """The order that an action may show or change.

    Args:
        tracker: rasa-sdk's tracker.

    Raises:
        PermissionError: who is asking is not verified; a rule or story calls the action too early.
    """
    number = tracker.get_slot("order_number")
    if number is None or number not in (tracker.get_slot("verified_orders") or ()):
        raise PermissionError("this action needs a verified order")
    return str(number)
