"""The rules of the shop in `data/shop_rules.yml`, as the forms keep to them.

Pages and texts state the same rules in words; a test holds all three together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from bot.dutch.calendar import MONTHS
from bot.errors import ConfigurationError

FILE: Final = Path(__file__).parents[1] / "data" / "shop_rules.yml"
_EUROS: Final = re.compile(r"€ (\d+),(\d\d)")


def number(rule: str) -> int:
    """The whole number of a rule: days, weeks, years, a factor."""
    return int(_value(rule))


def numbers(rule: str) -> tuple[int, ...]:
    """The whole numbers that a rule allows."""
    return tuple(int(each) for each in _value(rule))


def cents(rule: str) -> int:
    """The amount of a rule, written as `€ 1,50`, in euro cents.

    Raises:
        ConfigurationError: it is written otherwise.
    """
    found = _EUROS.fullmatch(str(_value(rule)))
    if found is None:
        raise ConfigurationError(f"{FILE}: {rule} must be an amount such as € 1,50")
    return int(found[1]) * 100 + int(found[2])


def day(rule: str, year: int) -> date:
    """The day of a rule, written as `31 januari`, in a year.

    Raises:
        ConfigurationError: it is written otherwise.
    """
    words = str(_value(rule)).split()
    try:
        return date(year, MONTHS.index(words[1]) + 1, int(words[0]))
    except (IndexError, ValueError) as error:
        raise ConfigurationError(f"{FILE}: {rule} must be a day such as 31 januari") from error


def _value(rule: str) -> Any:
    try:
        return read()[rule]["value"]
    except KeyError as error:
        raise ConfigurationError(f"{FILE}: there is no rule {rule} with a value") from error


@cache
def read() -> Mapping[str, Mapping[str, Any]]:
    """All rules by name, as they stand in the file."""
    loaded = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
    rules: Mapping[str, Mapping[str, Any]] = loaded["shop_rules"]
    return rules
