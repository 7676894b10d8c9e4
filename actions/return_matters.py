"""What customers ask about returns besides a new one: their money, their codes, and warranty."""

from __future__ import annotations

from typing import Final

from actions import shop_rules
from actions.backends import contracts, deliveries, orders, returns, shop
from bot.dialogue import formatting, runtime
from bot.dialogue.buttons import button, person
from bot.dialogue.choice_patterns import first, says
from bot.dialogue.questions import Stopped

#: Names of the matters for who reads the summary.
NAMES: Final = {
    "refund": "geld van een retour niet ontvangen",
    "codes": "welke retourcode hoort waarbij",
    "warranty": "beroep op garantie",
    "replacement": "nieuw exemplaar van een kapot of verkeerd artikel",
}
_MATTERS: Final = (
    (
        "codes",
        (
            r"\bretour(codes|labels|nummers)\b"
            r"|\b(welke|twee|drie|vier|meer(dere)?|verschillende|tweede|\d+) (\w+ )?"
            r"(retour ?)?(code|label|nummer)s?\b"
        ),
    ),
    ("warranty", r"\b\w*garantie\b|\brepar(atie|eren)\b|\bgerepareerd\b"),
    (
        "refund",
        (
            r"\b(nog|wanneer|waar|nooit|hoe ?lang)\b.*(\bgeld\b|terug ?(beta|gestort)|restitutie)"
            r"|\b(geld|bedrag|terugbetaling|restitutie|terugbetaald|teruggestort)\b.*"
            r"\b(nog|nooit|niet|niks|niets|nergens|wanneer|waar)\b"
            r"|\bterug ?(gestuurd|gezonden|gebracht)\b.*\b(nog|nooit|niks|niets|geen)\b.*"
            r"\b(terug|geld|gestort|gehoord|gekregen|ontvangen|teruggestort)\b"
        ),
    ),
)
#: Who wants the money back still has to send the article back.
_WANTS_BACK: Final = r"\b(wil|wou|graag|zou|mag|kan)\b(?!.*\bnog\b)"


#: Asks for the same article once more, in place of one that came broken.
_REPLACES: Final = (
    r"\b(?:nieuwe?|zelfde|goede|vervangende?) (?:artikel|exemplaar|eentje|product)\b"
    r"|\b(?:een|n) (?:nieuwe|goeie|goede)\b(?! (?:maat|kleur|dag|reden))"
    r"|\bvervang\w*|\b(?:om)?ruilen\b|\bgeruild\b|\bomwissel\w*|\bopnieuw (?:op)?sturen\b"
)


def asks_replacement(text: str) -> bool:
    """Whether words ask for the same article once more: "nieuw artikel", "kan ik hem ruilen"."""
    return says(_REPLACES, text)


def matter(text: str) -> str | None:
    """What a message asks about returns besides a new one, or None."""
    found = first(_MATTERS, text)
    return None if found == "refund" and says(_WANTS_BACK, text) else found


async def answer(asked: str, number: str) -> Stopped:
    """The answer to such a question, with a person who can do the rest.

    Args:
        asked: a key of `NAMES`.
        number: the verified order.

    Raises:
        SQLAlchemyError: the shop's database cannot be reached.
    """
    delivery = await shop.query(deliveries.get, number)
    if asked == "warranty":
        bought = delivery.delivered_on if delivery else None
        if bought is None:
            return Stopped("utter_return_not_delivered", {"order": number}, (person(),))
        until = contracts.next_year(bought, shop_rules.number("warranty_years"))
        over = until < runtime.today()
        values = {"order": number, "day": formatting.day(bought), "until": formatting.day(until)}
        return Stopped("utter_warranty_over" if over else "utter_warranty", values, (person(),))
    known = await shop.query(returns.of_order, number)
    if not known:
        cancelled = delivery is not None and delivery.status == "cancelled"
        response = "utter_refund_cancelled" if cancelled else "utter_refund_none"
        again = () if cancelled else (button("Artikel terugsturen", "return_item"),)
        return Stopped(response, {"order": number}, (*again, person()))
    order = await shop.query(orders.get, number)
    names = {each.line: each.name for each in order.articles} if order else {}
    if asked == "codes":
        codes = "\n".join(f"{names.get(each.line, '')}: {each.label}" for each in known)
        return Stopped("utter_return_codes", {"order": number, "codes": codes}, (person(),))
    newest = max(known, key=lambda each: each.registered_on)
    values = {"label": newest.label, "day": formatting.day(newest.registered_on)}
    return Stopped("utter_refund_expected", values, (person(),))
