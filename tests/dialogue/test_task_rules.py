"""The examples of docs/task-rules.md are true: each is played with the trained assistant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.dialogue import Customer

pytestmark = pytest.mark.model

PAGE = Path(__file__).parents[2] / "docs/task-rules.md"
RULES = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
EXAMPLES = [
    pytest.param(example, id=f"{rule.splitlines()[0]} {number}")
    for rule in RULES
    for number, example in enumerate(re.findall(r"```gesprek\n(.*?)```", rule, re.DOTALL), 1)
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_true(example: str, customer: Customer) -> None:
    """Line by line; options count as words of the reply."""
    for line in example.splitlines():
        kind, words = line[0], line[2:]
        if kind == ">":
            customer.say(words)
            continue
        shown = "\n".join([customer.text, *(each.title for each in customer.options)])
        assert (words in shown) is (kind == "<"), f"{words!r} in: {shown}"


def test_each_rule_has_an_example() -> None:
    """Ten rules, in order, none without one."""
    assert [int(rule.split(".")[0]) for rule in RULES] == list(range(1, 11))
    assert all("```gesprek\n" in rule for rule in RULES)
