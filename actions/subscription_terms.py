"""What a change of a subscription costs and from when it counts, as the pages say it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from actions import shop_rules
from actions.backends import contracts, subscriptions
from actions.backends.contracts import Contract
from actions.backends.subscriptions import PLANS, Subscription
from bot.dialogue import formatting
from bot.dialogue.questions import Answers


def outcome(
    change: str, answers: Answers, current: Subscription, contract: Contract | None, today: date
) -> tuple[str, dict[str, Any]]:
    """The end of the name of a text, and the values that it says.

    Args:
        change: `pause`, `stop` or `plan`.
        answers: what the customer chose.
        current: the subscription as it is.
        contract: of energy; None for a box.
        today: the day it is.
    """
    if change == "pause":
        weeks = answers["pause_weeks"]
        back = formatting.day(today + timedelta(weeks=int(weeks)))
        return change, {"weeks": weeks, "day": back}
    starts = contracts.first_of_next_month(today)
    ends = today + subscriptions.NOTICE if change == "stop" else starts - timedelta(days=1)
    values = {"day": formatting.day(ends if change == "stop" else starts)}
    if change == "plan":
        values["plan"] = PLANS[current.kind][answers["subscription_plan"]].lower()
    if current.kind == "box" or contract is None:
        return change, values
    if (fee := contract.fee(ends, today)) and contract.fixed_until is not None:
        values |= {"fee": formatting.euros(fee), "fixed": formatting.day(contract.fixed_until)}
        return f"{change}_fee", values
    return f"{change}_energy", values


def fixed_until(plan: str, today: date) -> date | None:
    """The last day of a price that is fixed from the next month on; None when it is not fixed."""
    if plan != "fixed":
        return None
    starts, years = contracts.first_of_next_month(today), shop_rules.number("fixed_years")
    return contracts.next_year(starts, years) - timedelta(days=1)
