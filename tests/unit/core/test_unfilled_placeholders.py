"""Placeholders that nothing can fill are told before a customer meets them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.content_lines import ContentLines
from bot.core.form_rules import FormTask
from bot.core.given_values import CodeValues, of_module
from bot.core.unfilled_placeholders import problems

RULES = [{"rule": "greet", "steps": [{"intent": "greet"}, {"action": "utter_greet"}]}]
FORM = FormTask("table", "table_form", ("people",))
DOMAIN = """\
slots:
  utter_sum: {}
responses:
  utter_other:
    - text: "{day}"
  utter_sum:
    - text: "Klopt het zo?"
      buttons:
        - {title: "Ja, {naam}", payload: /affirm}
  utter_alias: *other
"""
LINES = ContentLines(DOMAIN)


def domain(**responses: str) -> dict[str, Any]:
    held = {name: [{"text": text}] for name, text in responses.items()}
    return {"slots": {"people": {}}, "responses": held}


def told(code: CodeValues, **responses: str) -> list[str]:
    """What is wrong with what code says."""
    return list(problems(domain(**responses), [FORM], RULES, code, LINES))


def test_a_name_that_is_no_slot() -> None:
    """In what a rule says and in a form's question, each once, with the way out."""
    made = domain(
        utter_greet="Hallo {nmae}, met {people}!",
        utter_ask_people="Met hoeveel, {wie}?",
        utter_refusal_people="Dat kan niet op {dag}; van {min_value} tot {max_value}.",
    )
    found = list(problems(made, [FORM], [*RULES, *RULES]))
    assert [each.split(" ")[1] for each in found] == [
        "utter_greet",
        "utter_ask_people",
        "utter_refusal_people",
    ]
    assert "{nmae}" in found[0]
    assert "add the slot nmae" in found[0]


@pytest.mark.parametrize(
    "code",
    [
        'replies.say("utter_sum", [], day=1, part=2)',
        'replies.say(x and "utter_sum" or "utter_other", day=1, part=2)',
        'Prompt("utter_sum", {"day": 1, "part": 2})',
        'Prompt("utter_sum", {"day": 1} | {"part": 2})',
        'Prompt(refusal="utter_sum", refusal_values={"day": 1, "part": 2})',
        'def f():\n    x = {"day": 1}\n    x["part"] = 2\n    return Stopped("utter_sum", x)',
        (
            "def f():\n    said = dict(day=1)\n    said.update(part=2)\n"
            '    return RefusedAnswer("utter_sum", said)'
        ),
        (
            'def g(x):\n    return {"day": x, "part": x} if x else {}\n'
            'def f():\n    return Prompt("utter_sum", {**g(1)})'
        ),
        (
            'class A:\n    async def g(self):\n        return {"day": 1, "part": 2}\n'
            '    async def f(self):\n        return Prompt("utter_sum", await self.g())'
        ),
    ],
)
def test_the_names_that_code_gives_are_read(code: str) -> None:
    """A summary with a misspelt one is refused, with the line and what was likely meant."""
    values = of_module(code) + of_module('other = {"pat": 1}')
    assert told(values, utter_sum="Op {day}, {part}, met {people}.") == []
    (problem,) = told(values, utter_sum="Op {day}, {pat}.")
    assert problem.startswith("domain.yml line 6: utter_sum says {pat}, and the code that says it")
    assert "it gives: day, part" in problem
    assert 'Is "{part}" meant?' in problem


@pytest.mark.parametrize(
    "code",
    [
        'Prompt("utter_sum", made_elsewhere())\nx = {"day": 1}',
        'def f(said):\n    said["x"] = 1\n    return Prompt("utter_sum", said)\nx = {"day": 1}',
        'def f():\n    said = {}\n    fill(said)\n    return Prompt("utter_sum", said)\nday: str',
        'replies.say("utter_sum", **values)\nTitle(day=1)',
        'NAME = "utter_sum"\nsay(NAME)\nx = {"day": 1}',
        'x = {f"{part}y": 1}\npart = "da"',
    ],
)
def test_names_that_cannot_be_read_may_be_any_of_the_code(code: str) -> None:
    """Nobody is refused for code that is written otherwise; a name that is nowhere is."""
    assert told(of_module(code), utter_sum="Op {day}.") == []
    (problem,) = told(of_module(code), utter_sum="Op {daag}.")
    assert "nor code that gives a value of that name" in problem


@pytest.mark.parametrize("name", ["utter_question_x", "utter_refusal_x_again", "utter_edit_x"])
def test_what_the_engine_says_may_have_any_name_of_the_code(name: str) -> None:
    """A `prompt` gives the values of questions, and who knows by which way."""
    values = of_module(f'Prompt("{name}", {{}})\nx = {{"day": 1}}')
    assert told(values, **{name: "{day}"}) == []
    assert told(values, **{name: "{daag}"}) != []


def test_the_line_is_that_of_the_part() -> None:
    """A button's title has its own line; an alias has no other."""
    assert LINES.place("responses", "utter_sum", "{naam}") == "domain.yml line 9"
    assert LINES.place("responses", "utter_alias", "{day}") == "domain.yml line 10"
    assert LINES.place("responses", "utter_new") == "domain.yml"
    assert LINES.place("slots", "utter_sum") == "domain.yml line 2"


def test_braces_around_what_is_no_name() -> None:
    """Rasa would say the whole text unfilled; what a button sends is JSON, and nobody reads it."""
    values = of_module('replies.say("utter_sum", day=1)')
    (problem,) = told(values, utter_sum="Op {de dag}, {{niet}}.")
    assert "{de dag}, which cannot be a name" in problem
    made = {"responses": {"utter_sum": [{"buttons": [{"payload": '/inform{"a": "b"}'}]}]}}
    assert list(problems(made, [], [], values)) == []
