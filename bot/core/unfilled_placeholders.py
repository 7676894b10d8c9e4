"""Finds placeholders in responses that nothing can ever fill. Imports no Rasa. Pure.

A response that a rule says is filled from slots alone. Of one that code says nobody can tell: the
code may give it any value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.core.form_rules import FormTask, Rule
from bot.dialogue.domain_names import names_in
from bot.dialogue.response_placeholders import names
from bot.dialogue.yaml_form import asking
from bot.topics.rule_steps import steps_of


def problems(
    domain: Mapping[str, Any], forms: Iterable[FormTask], rules: Sequence[Rule]
) -> Iterator[str]:
    """Says which placeholders are no slots, and the way out.

    Args:
        domain: the whole domain.
        forms: those of YAML alone, which ask by responses.
        rules: those that were written and those that were made.
    """
    held = domain.get("responses")
    responses = held if isinstance(held, Mapping) else {}
    slots = set(names_in(domain.get("slots")))
    for response in dict.fromkeys((*_by_rules(rules), *_by_forms(forms, responses))):
        for name in sorted(names(responses.get(response)) - slots):
            yield (
                f"{response} says {{{name}}}, and there is no slot of that name: nothing fills it. "
                f"Mend the spelling, add the slot {name} to domain.yml, or leave it out."
            )


def _by_rules(rules: Sequence[Rule]) -> Iterator[str]:
    for rule in rules:
        said = (str(step.get("action")) for step in steps_of(rule))
        yield from (name for name in said if name.startswith("utter_"))


def _by_forms(forms: Iterable[FormTask], responses: Mapping[str, Any]) -> Iterator[str]:
    for form in forms:
        for slot in form.slots:
            yield asking(form.form, slot, responses) or ""
            yield from (f"utter_refusal_{slot}", f"utter_refusal_{slot}_again")
