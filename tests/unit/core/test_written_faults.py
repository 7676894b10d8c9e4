"""What is misspelt or misplaced in domain.yml and data/ is told with its line and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core import content_lines
from bot.core.content_lines import ContentLines
from bot.core.data_faults import problems as data_problems
from bot.core.domain_faults import problems as domain_problems
from bot.core.lost_names import of_pages
from bot.core.lost_names import problems as lost_problems

ROOT = Path(__file__).parents[3]
PLACES = (ROOT, *(ROOT / "tests" / each for each in ("other_assistant", "assistants/table")))
DOMAIN = """\
intents:
  - greet
  - book: {use_entities: []}
entities: [size]
slots:
  size:
    type: float
    min_value: 1
    max_value: 8
    mappings:
      - type: from_entity
        entity: size
        not_intent: greet
        conditions: [{active_loop: table_form, requested_slot: size}]
forms:
  table_form: {required_slots: [size]}
actions: [action_cook]
responses:
  utter_greet: [{text: Hallo}]
"""
RULES = """\
version: "3.1"
rules:
  - rule: hello
    condition:
      - active_loop: table_form
      - slot_was_set:
          - size: 3
    steps:
      - or:
          - intent: greet
          - intent: book
            entities: [size]
      - action: utter_greet
      - action: action_listen
  - rule: cook
    steps:
      - intent: book
      - action: action_cook
      - active_loop: null
nlu:
  - intent: greet
    examples: |
      - hallo

      - dag
"""
FILE = "data/all.yml"


def names(domain: str = DOMAIN, rules: str = RULES) -> list[str]:
    """The names that stand for nothing."""
    sections = {
        "intents": ["greet", "book"],
        "entities": ["size"],
        "slots": {"size": {}},
        "forms": {"table_form": {}},
        "actions": ["action_cook"],
        "responses": {"utter_greet": []},
    }
    return list(lost_problems(sections, ["action_cook"], ContentLines(domain, {FILE: rules})))


@pytest.mark.parametrize(
    ("right", "wrong", "line", "meant"),
    [
        ("entity: size", "entity: siz", 12, "size"),
        ("not_intent: greet", "not_intent: great", 13, "greet"),
        ("active_loop: table_form", "active_loop: tabel_form", 14, "table_form"),
        ("requested_slot: size", "requested_slot: sise", 14, "size"),
        ("actions: [action_cook]", "actions: [action_cock]", 17, "action_cook"),
    ],
)
def test_names_in_the_domain(right: str, wrong: str, line: int, meant: str) -> None:
    """Of mappings, whose questions nothing would answer, and of actions that no code has."""
    assert right in DOMAIN
    (told,) = names(domain=DOMAIN.replace(right, wrong))
    assert told.startswith(f"domain.yml line {line}: ")
    assert f'Is "{meant}" meant?' in told


@pytest.mark.parametrize(
    ("right", "wrong", "line", "meant"),
    [
        ("active_loop: table_form", "active_loop: tabel_form", 5, "table_form"),
        ("- size: 3", "- sise: 3", 7, "size"),
        ("- intent: greet\n          ", "- intent: gret\n          ", 10, "greet"),
        ("entities: [size]", "entities: [sise]", 12, "size"),
        ("action: utter_greet", "action: utter_gret", 13, "utter_greet"),
        ("action: action_cook", "action: action_cock", 18, "action_cook"),
        ("- intent: greet\n    examples", "- intent: gret\n    examples", 21, "greet"),
    ],
)
def test_names_in_rules_and_examples(right: str, wrong: str, line: int, meant: str) -> None:
    """A rule with one never holds, or breaks off before a customer."""
    assert right in RULES
    (told,) = names(rules=RULES.replace(right, wrong))
    assert told.startswith(f"{FILE} line {line}: there is no ")
    assert f'Is "{meant}" meant?' in told


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ("rules:\n", "rule:\n", 2, 'Is "rules" meant?'),
        ("nlu:\n", "intents:\n", 20, 'Is "nlu" meant?'),
        ("    steps:\n      - or", "    stepps:\n      - or", 8, 'Is "steps" meant?'),
        ("- action: utter", "- actoin: utter", 13, 'Is "action" meant?'),
        ("- rule: cook", "- condition: []", 15, "an entry of rules begins with `rule:`"),
        ("    examples: |", "    exmples: |", 22, 'Is "examples" meant?'),
        ("    examples: |", "    examples:", 22, "needs a `|` behind it"),
        ("      - dag", "      dag", 25, "an example does not begin with `- `"),
    ],
)
def test_the_form_of_rules_and_examples(right: str, wrong: str, line: int, said: str) -> None:
    """What Rasa passes over, or says in its own words."""
    assert right in RULES
    told = list(data_problems({FILE: RULES.replace(right, wrong)}))
    assert told[0].startswith(f"{FILE} line {line}: ")
    assert said in told[0]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ("type: float", "type: flaot", 7, 'Is "float" meant?'),
        ("type: float", "type: categorical", 7, "has no `values`"),
        ("min_value: 1", 'min_value: "1"', 8, "the min_value of size is no number"),
        ("max_value: 8", "max_value: many", 9, "the max_value of size is no number"),
        ("max_value: 8", "max_value: 1", 8, "no number fits"),
        ("type: from_entity", "type: from_entiti", 11, 'Is "from_entity" meant?'),
        ("responses:", "response:", 18, 'Is "responses" meant?'),
    ],
)
def test_slots_that_cannot_be_read(right: str, wrong: str, line: int, said: str) -> None:
    """Rasa would take the whole domain as empty."""
    assert right in DOMAIN
    (told,) = domain_problems(DOMAIN.replace(right, wrong))
    assert told.startswith(f"domain.yml line {line}: ")
    assert said in told


def test_a_number_without_an_end_has_limits() -> None:
    """As YAML writes infinity."""
    assert list(domain_problems(DOMAIN.replace("max_value: 8", "max_value: .inf"))) == []


def test_a_page_about_a_task_that_is_none(tmp_path: Path) -> None:
    """Its task would never be offered; the words of the page itself may say what they like."""
    folder = tmp_path / "data" / "knowledge"
    folder.mkdir(parents=True)
    page = "---\ntitle: Tafels\ntask: {}\n---\n\ntask: none\n"
    (folder / "tables.md").write_text(page.format("boek"))
    (told,) = of_pages(tmp_path, {"intents": ["book"]})
    assert told.startswith("data/knowledge/tables.md line 3: the page is about the task boek,")
    assert 'Is "book" meant?' in told
    (folder / "tables.md").write_text(page.format("book"))
    assert list(of_pages(tmp_path, {"intents": ["book"]})) == []


@pytest.mark.parametrize("root", PLACES, ids=lambda each: each.name)
def test_what_is_right(root: Path) -> None:
    """Nothing is said of content that works."""
    lines = content_lines.read(root)
    assert [*domain_problems(lines.domain), *data_problems(lines.files), *names()] == []
