"""Finds placeholders in responses that nothing can ever fill. Imports no Rasa. Pure.

A response that a rule says, or a form of YAML, is filled from slots alone. What code says is filled
from slots too, and by the names that the code gives (`bot.core.given_values`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from bot.core.content_lines import ContentLines
from bot.core.form_rules import FormTask, Rule
from bot.core.given_values import CodeValues
from bot.dialogue.answer_limits import LEAST, MOST
from bot.dialogue.domain_names import names_in
from bot.dialogue.response_placeholders import names
from bot.dialogue.yaml_form import asking
from bot.near_names import meant
from bot.topics.rule_steps import steps_of

#: What a form of YAML fills besides slots, in its refusals.
_LIMITS: Final = frozenset({LEAST, MOST})
_NONE: Final = frozenset[str]()
_NO_CODE: Final = CodeValues()
_NO_LINES: Final = ContentLines()
#: Between braces, and not a name: Rasa then fills nothing in the whole text.
_NO_NAME: Final = re.compile(r"(?<!{){((?!\w+})[^\n{}]+)}(?!})")
#: Parts of a response that a customer never reads; JSON stands there between braces.
_UNREAD: Final = frozenset({"payload", "metadata", "condition"})


def problems(
    domain: Mapping[str, Any],
    forms: Iterable[FormTask],
    rules: Sequence[Rule],
    code: CodeValues = _NO_CODE,
    lines: ContentLines = _NO_LINES,
) -> Iterator[str]:
    """Says which placeholders nothing fills, where they stand, and the way out.

    Args:
        domain: the whole domain.
        forms: those of YAML alone, which ask by responses.
        rules: those that were written and those that were made.
        code: what the assistant's code and Loket's own can fill.
        lines: of the domain as it is written.
    """
    held = domain.get("responses")
    responses = held if isinstance(held, Mapping) else {}
    slots = frozenset(names_in(domain.get("slots")))
    by_slots = {*_by_rules(rules), *_by_forms(forms, responses)}
    for response, told in responses.items():
        wanted = names(told)
        given, alone = code.names(response)
        if response in by_slots:
            given, alone = _LIMITS if response.startswith("utter_refusal_") else _NONE, True
        for name in sorted(wanted - slots - given):
            if not alone and code.makes(name, slots):
                continue
            place = lines.place("responses", response, f"{{{name}}}")
            why = _why(name, response, by_slots, given if alone else None)
            yield (
                f"{place}: {response} says {{{name}}}, and {why}: nothing fills it."
                f"{meant(name, slots | given, '{{{}}}')} Mend the spelling"
                + (f", add the slot {name} to domain.yml" if response in by_slots else "")
                + ", or leave it out."
            )
        for name in sorted(_no_names(told)):
            place = lines.place("responses", response, f"{{{name}}}")
            yield (
                f"{place}: {response} says {{{name}}}, which cannot be a name. Between braces "
                "stands the name of a slot or value: letters, digits and _ alone."
            )


def _why(name: str, response: str, by_slots: Collection[str], given: Collection[str] | None) -> str:
    if response in by_slots:
        return "there is no slot of that name"
    if given is None:
        return f"there is no slot {name}, nor code that gives a value of that name"
    listed = ", ".join(sorted(given)) or "none"
    return f"the code that says it gives no such value (it gives: {listed})"


def _no_names(told: object) -> frozenset[str]:
    """What stands between braces in the words of a response, and is no name."""
    if isinstance(told, str):
        return frozenset(_NO_NAME.findall(told))
    if isinstance(told, Mapping):
        parts: Iterable[object] = (each for key, each in told.items() if key not in _UNREAD)
    else:
        parts = told if isinstance(told, Iterable) else ()
    return frozenset(name for each in parts for name in _no_names(each))


def _by_rules(rules: Sequence[Rule]) -> Iterator[str]:
    for rule in rules:
        said = (str(step.get("action")) for step in steps_of(rule))
        yield from (name for name in said if name.startswith("utter_"))


def _by_forms(forms: Iterable[FormTask], responses: Mapping[str, Any]) -> Iterator[str]:
    for form in forms:
        for slot in form.slots:
            yield asking(form.form, slot, responses) or ""
            yield from (f"utter_refusal_{slot}", f"utter_refusal_{slot}_again")
