"""The shop's proof of identity: an order number and the postcode that goes with it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from actions.backends import orders, shop
from bot.dialogue.identity_proof import Proof
from bot.dialogue.questions import Question
from bot.dutch import postcode


class OrderProof(Proof):
    """Proves an order by the postcode to which it was sent."""

    claim = Question(
        "order_number", sure=True, one_by_one=True, names=("bestelnummer", "ordernummer")
    )
    answer = Question("postcode", parse=postcode.parse, amend=postcode.amend, sure=True)
    proved_slot = "verified_orders"
    noted_claim = "noted_order"
    noted_answer = "noted_postcode"
    labels = MappingProxyType({"order_number": "Bestelnummer", "postcode": "Postcode"})
    beside = ("house_number",)

    async def is_right(self, claim: str, answer: str) -> bool:
        """Whether the order was sent to that postcode.

        Raises:
            SQLAlchemyError: the shop's database cannot be reached.
        """
        return bool(await shop.query(orders.belongs, claim, answer))


#: The proof that every personal task of the shop asks for.
ORDER = OrderProof()


def verified_order(tracker: Any) -> str:
    """The order that an action may show or change.

    Args:
        tracker: rasa-sdk's tracker.

    Raises:
        PermissionError: nothing was proved; a rule or story calls the action too early.
    """
    return ORDER.proved_claim(tracker)
