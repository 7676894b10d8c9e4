"""What a page states, a text says and a form does is one rule, in data/shop_rules.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from actions import shop_rules
from bot.errors import ConfigurationError
from tests.support.form_driver import domain

ROOT = Path(__file__).parents[3]
RULES = shop_rules.read()
#: How a page may write a number.
WORDS = {"één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "tien": 10}


def said(rule: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Where a rule is stated, the whole text there, and the words that state it."""
    for page, words in (rule.get("pages") or {}).items():
        path = ROOT / "data" / "knowledge" / f"{page}.md"
        yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"), words
    for name, words in (rule.get("texts") or {}).items():
        yield f"domain.yml: {name}", str(domain()["responses"][name][0]["text"]), words


def numbers(words: str) -> set[int]:
    """The whole numbers in words, written in figures or letters."""
    found = re.findall(r"\d+(?:,\d+)?|[^\W\d]+", words.casefold())
    return {int(each) if each.isdigit() else WORDS.get(each, -1) for each in found} - {-1}


@pytest.mark.parametrize("name", sorted(RULES))
def test_page_text_and_form_say_the_same(name: str) -> None:
    """The words stand there, and hold the value that the forms reckon with: no other number."""
    rule = RULES[name]
    value = rule["value"]
    for where, text, words in said(rule):
        assert words in text, f"{where} does not say “{words}” (data/shop_rules.yml: {name})"
        if isinstance(value, str):
            assert value in words, f"{name}: {value} is not what {where} says"
        else:
            wanted = set(value) if isinstance(value, list) else {value}
            assert wanted <= numbers(words), f"{name}: {value} is not what {where} says"


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_says_how_it_is_written(name: str) -> None:
    """`written` is the value in letters, and stands in every page and text."""
    rule = RULES[name]
    if written := rule.get("written"):
        assert WORDS[written] == rule["value"]
        assert all(re.search(rf"\b{written}\b", words) for _, _, words in said(rule))


def test_what_pages_state_about_notice_is_one_number() -> None:
    """A page that states another one is found, whoever wrote it."""
    for name, pattern in {
        "notice_days": r"opzegtermijn is (\d+) dagen",
        "return_days": r"terugsturen tot (\d+) dagen na",
        "delivery_days_ahead": r"bewaren uw pakket hoogstens (\d+) dagen",
        "damage_hours": r"schade binnen (\d+) uur",
    }.items():
        pages = [
            path.read_text(encoding="utf-8") for path in (ROOT / "data/knowledge").glob("*.md")
        ]
        stated = {int(each) for page in pages for each in re.findall(pattern, page)}
        assert stated == {shop_rules.number(name)}, name


def test_a_rule_is_read_in_its_own_form() -> None:
    """Amounts in cents, days in a year."""
    assert shop_rules.cents("evening_fee") == 150
    assert shop_rules.numbers("pause_weeks") == (4, 8)
    assert shop_rules.day("december_return_until", 2027) == date(2027, 1, 31)


@pytest.mark.parametrize("read", [shop_rules.cents, lambda name: shop_rules.day(name, 2026)])
def test_a_rule_of_another_form_is_told_by_name(read: Any) -> None:
    """A designer who writes 1.50 reads what it should have been."""
    with pytest.raises(ConfigurationError, match="return_days"):
        read("return_days")
    with pytest.raises(ConfigurationError, match="nothing"):
        read("nothing")
