"""What a change of a subscription costs and from when it counts, as the pages say it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from actions import shop_rules
from actions.backends import contracts, subscriptions
from actions.backends.contracts import Contract
from actions.backends.subscriptions import PLANS, Kind
from bot.dialogue import formatting
from bot.dialogue.questions import Answers


def outcome(change: str, answers: Answers, kind: Kind, today: date) -> tuple[str, dict[str, Any]]:
    """The end of the name of a text, and the values that it says.

    Args:
        change: `pause`, `stop` or `plan`.
        answers: what the customer chose, and of energy what `note_fee` noted.
        kind: of the subscription.
        today: the day it is.
    """
    if change == "pause":
        weeks = answers["pause_weeks"]
        back = formatting.day(today + timedelta(weeks=int(weeks)))
        return change, {"weeks": weeks, "day": back}
    values = {"day": formatting.day(_last_day(today) if change == "stop" else _first_day(today))}
    if change == "plan":
        values["plan"] = PLANS[kind][answers["subscription_plan"]].lower()
    if kind == "box":
        return change, values
    noted = answers["subscription_fee"] or {}
    if noted.get("cents"):
        fixed = formatting.day(date.fromisoformat(noted["fixed"]))
        return f"{change}_fee", {**values, "fee": formatting.euros(noted["cents"]), "fixed": fixed}
    return f"{change}_energy", values


def note_fee(change: str, answers: Answers, contract: Contract | None, today: date) -> None:
    """Notes what leaving a contract costs, with the summary that says it.

    A turn that is run again after the contract was changed says the same.
    """
    what = f"{change} {answers['subscription_plan']} {today.isoformat()}"
    if (answers["subscription_fee"] or {}).get("of") == what:
        return
    noted: dict[str, Any] = {"of": what}
    if contract is not None and contract.fixed_until is not None:
        ends = _last_day(today) if change == "stop" else _first_day(today) - timedelta(days=1)
        noted |= {"cents": contract.fee(ends, today), "fixed": contract.fixed_until.isoformat()}
    answers["subscription_fee"] = noted


def _last_day(today: date) -> date:
    return today + subscriptions.NOTICE


def _first_day(today: date) -> date:
    return contracts.first_of_next_month(today)


def fixed_until(plan: str, today: date) -> date | None:
    """The last day of a price that is fixed from the next month on; None when it is not fixed."""
    if plan != "fixed":
        return None
    starts, years = contracts.first_of_next_month(today), shop_rules.number("fixed_years")
    return contracts.next_year(starts, years) - timedelta(days=1)
