"""What Rasa says of rules is told with places and the way out, whatever its words."""

from __future__ import annotations

import pytest
from rasa.core.policies.rule_policy import InvalidRule, RulePolicy

from bot.core.content_lines import ContentLines
from bot.core.rule_complaints import sentences

LINES = ContentLines(
    "",
    {"data/rules/a.yml": 'rules:\n- rule: open?\n  steps: []\n- rule: "again"\n- story: told\n'},
)


def test_a_contradiction_names_both_rules_once() -> None:
    """Rasa says it from each side, and of each rule."""
    said = sentences(
        "\nContradicting rules or stories found 🚨\n\n"
        "- the prediction of the action 'utter_bye' in rule 'again' is contradicting with rule(s) "
        "'open?' which predicted action 'utter_hours'.\n"
        "- the prediction of the action 'utter_hours' in rule 'open?' is contradicting with rule(s)"
        " 'again' which predicted action 'utter_bye'.\n"
        "- the prediction of the action 'action_listen' in story 'told' is contradicting with "
        "rule(s) 'open?'.\nPlease update your stories and rules so that they don't contradict",
        LINES,
    )
    assert said.count("Keep one of them") == 2
    assert said.startswith(
        'data/rules/a.yml line 4: the rule "again" goes on with utter_bye, and "open?" '
        "(data/rules/a.yml line 2) goes on otherwise: utter_hours. Keep one of them, or tell them "
        "apart by `condition:`"
    )
    assert 'data/rules/a.yml line 5: the story "told" goes on with waiting for the cust' in said


@pytest.mark.parametrize(("slots", "loops"), [({"x"}, set()), (set(), {"f"})])
def test_an_incomplete_rule_is_told_in_rasas_own_words(slots: set[str], loops: set[str]) -> None:
    """Made by Rasa itself, so that another version with other words is noticed here."""
    words = RulePolicy._error_messages_from_fingerprints("f", slots, loops, "again")
    said = sentences(f"\nIncomplete rules found🚨\n\n{words[0]}\n", LINES)
    assert said.startswith('data/rules/a.yml line 4: the rule "again" ')
    assert ("`- x: null`" if slots else "`- active_loop: null`") in said


def test_more_than_one_message() -> None:
    """A rule is one message and its answer."""
    said = sentences(
        str(InvalidRule("Found rules 'again' that contain more than 1 user message.")), LINES
    )
    assert said.startswith('data/rules/a.yml line 4: the rule "again" has more than one message')


def test_another_complaint_is_not_ours() -> None:
    """It is told as Rasa says it."""
    assert sentences("Found intent 'x' which is unknown.", LINES) == ""
