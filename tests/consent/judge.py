"""Says whether a row that changed may have: who agreed to it, and to what.

What is a plain yes, and what a summary says, is told here anew, so that a mistake in the dialogue's
own rule is no excuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from actions.backends.subscriptions import PLANS
from actions.backends.tables import METADATA
from actions.change_subscription import KIND_NAMES
from actions.return_item import REASON_NAMES
from bot.dialogue import formatting
from tests.consent.office import Changes, Office

_AGREES: Final = frozenset(
    """ja jazeker jawel oke oké ok klopt prima akkoord graag goed doe ga zeg op stop stoppen
    opzeggen \U0001f44d""".split()
)
_ADDS_NOTHING: Final = frozenset(
    """hoor mooi fijn super top bedankt dat is hmm maar door dan dank u wel zo het gewoon verder hem
    die de mijn""".split()
)
_ENDS: Final = frozenset("zeg op stop stoppen opzeggen".split())
#: Rows that go along with another and hold nothing that the customer says.
_BESIDE: Final = frozenset({"moved_deliveries", "energy_contracts"})


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary that stands as the last words above the customer's message.

    Attributes:
        response: its name.
        text: as it was shown.
        order: the order that it is about.
    """

    response: str
    text: str
    order: str


def says_yes(text: str) -> bool:
    """Whether words say yes and nothing else, or a tap does."""
    if text.startswith("/"):
        return text == "/affirm"
    if re.search(r"\b(?:ja|oké|oke|ok|prima|goed) maar\b", text.casefold()):
        return False
    # A letter that is held down says the same: "jaaa", "bedankttt".
    short = re.sub(r"(\w)\1{2,}", r"\1", text.casefold())
    words = re.findall(r"\w+|\U0001f44d|\?", short)
    return bool(_AGREES.intersection(words)) and _AGREES.union(_ADDS_NOTHING).issuperset(words)


def _ends(text: str) -> bool:
    return not _ENDS.isdisjoint(text.casefold().split())


def fault(text: str, summary: Summary | None, found: Changes, office: Office) -> str:
    """What is wrong with a change; empty: nothing.

    Args:
        text: the message to which the rows changed.
        summary: the one that stood directly above it, or None.
        found: the changes.
        office: the shop.
    """
    if summary is None:
        return "no summary stood above the message"
    if not says_yes(text) or (_ends(text) and "_stop" not in summary.response):
        return "the message was no plain yes"
    for table, (new, old) in found.items():
        if table in _BESIDE:
            continue
        if len(new) != 1 or len(old) > 1:
            return f"{len(new)} rows of {table} changed"
        row, before = _columns(table, *new), _columns(table, *old)
        if not _is_its_own(table, row, summary.order, office):
            return f"the row of {table} is of another order than the summary"
        changes = {name for name, value in row.items() if value != before.get(name)}
        if missing := [
            each for each in _shown(table, row, changes, office) if each not in summary.text
        ]:
            return f"the summary did not say {missing[0]}"
    return ""


def _columns(table: str, *rows: tuple[Any, ...]) -> dict[str, Any]:
    """The values of a row by column; none where there is no row."""
    names = [column.name for column in METADATA.tables[table].columns]
    return dict(zip(names, rows[0], strict=True)) if rows else {}


def _is_its_own(table: str, row: dict[str, Any], order: str, office: Office) -> bool:
    if "order_number" in row:
        return bool(row["order_number"] == order)
    return bool(row["customer_id"] == office.customer(order))


def _shown(table: str, row: dict[str, Any], changes: set[str], office: Office) -> Iterator[str]:
    """What a summary has to say of a row that it announces.

    Args:
        table: its name.
        row: as it is now.
        changes: the columns that are other than before.
        office: the shop.
    """
    if table == "deliveries":
        yield row["order_number"]
        yield from (str(row[name]) for name in changes - {"planned_on", "status"})
        if "planned_on" in changes:
            yield formatting.day(_day(row["planned_on"]))
    elif table == "returns":
        yield office.article(row["order_number"], row["line"])
        yield REASON_NAMES[row["reason"]]
    elif table == "meter_readings":
        read = (row[name] for name in ("high", "low"))
        yield from (formatting.whole(each) for each in read if each is not None)
    elif table == "subscriptions":
        yield KIND_NAMES[row["kind"]]
        ends = changes & {"paused_until", "ends_on"}
        yield from (formatting.day(_day(row[name])) for name in ends if row[name])
        if "plan" in changes:
            yield PLANS[row["kind"]][row["plan"]].lower()
    else:
        yield f"anything of {table}"


def _day(value: str) -> date:
    return date.fromisoformat(value)
