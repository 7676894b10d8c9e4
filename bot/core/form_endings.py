"""Reads how forms end by the values of slots, and finds values that no rule is for. Pure.

`bot.dialogue.form_endings` says what becomes of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Any, Final

from bot.core.content_lines import ContentLines
from bot.dialogue.domain_names import names_in
from bot.dialogue.form_endings import ANY_VALUE, COMPLETE, OUTCOME, Ending, holds, outcome
from bot.topics.rule_steps import steps_of

#: A slot that the engine sets whatever the answers are.
_REQUESTED: Final = "requested_slot"
#: More combinations of values are not looked through.
_MOST: Final = 500
#: Stands for every value that no rule names.
_OTHER: Final = "\N{REPLACEMENT CHARACTER}"

Rule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FormEndings:
    """The endings of an assistant's forms.

    Attributes:
        by_form: those that ask about slots, in their order.
        by_rule: the form and outcome of each rule that has such an ending.
        plain: forms with a rule for all answers that asks about none.
    """

    by_form: Mapping[str, Sequence[Ending]] = field(default_factory=dict)
    by_rule: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    plain: Collection[str] = ()


def read(rules: Sequence[Rule], forms: Collection[str]) -> FormEndings:
    """Reads the rules for the end of these forms.

    Args:
        rules: those that were written and those that were made.
        forms: names of the forms that the engine runs.
    """
    by_form: dict[str, list[Ending]] = {}
    by_rule: dict[str, tuple[str, str]] = {}
    plain: set[str] = set()
    for rule in rules:
        form, ending = _end_of(rule, forms)
        if ending.get(OUTCOME, COMPLETE) != COMPLETE or not form:
            continue
        asked = {slot: value for slot, value in ending.items() if slot != OUTCOME}
        if not asked:
            plain.add(form)
            continue
        known = by_form.setdefault(form, [])
        if asked not in known:
            known.append(asked)
        by_rule[str(rule.get("rule"))] = form, outcome(known.index(asked) + 1)
    return FormEndings(by_form, by_rule, plain)


def _end_of(rule: Rule, forms: Collection[str]) -> tuple[str, Ending]:
    """The form that a rule has end with its answers, and the slots that it asks about."""
    steps = steps_of(rule)
    for place, (step, following) in enumerate(pairwise(steps)):
        form = str(step.get("action"))
        if form in forms and "active_loop" in following and following["active_loop"] is None:
            condition = rule.get("condition")
            before = condition if isinstance(condition, list) else []
            after = steps[place + 2 :]
            until = next((i for i, each in enumerate(after) if "slot_was_set" not in each), None)
            asked = [each for each in before if isinstance(each, Mapping)] + after[:until]
            return form, dict(_slots(asked))
    return "", {}


def _slots(steps: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    for step in steps:
        held = step.get("slot_was_set")
        for each in held if isinstance(held, list) else ():
            if isinstance(each, Mapping):
                yield from (
                    (str(slot), value) for slot, value in each.items() if slot != _REQUESTED
                )
            elif each != _REQUESTED:
                yield str(each), ANY_VALUE


def problems(domain: Mapping[str, Any], endings: FormEndings, lines: ContentLines) -> Iterator[str]:
    """Says which slots are none, and for which values a form would end in silence.

    Args:
        domain: the whole domain.
        endings: of its forms.
        lines: of the content.
    """
    slots = domain.get("slots") or {}
    for form, asked in endings.by_form.items():
        place = lines.rule(next(rule for rule, (of, _) in endings.by_rule.items() if of == form))
        names = list(dict.fromkeys(slot for ending in asked for slot in ending))
        if unknown := [name for name in names if name not in names_in(slots)]:
            yield (
                f"{place}: a rule for the end of {form} asks about {unknown[0]}, and there is no "
                "slot of that name. Mend the spelling, or add the slot to domain.yml."
            )
        elif form not in endings.plain and (left := _left_out(form, names, asked, domain)):
            said = " and ".join(f"{slot} is {_said(value)}" for slot, value in left.items())
            yield (
                f"{place}: the rules for the end of {form} do not say what follows when {said}. "
                "Add a rule for that, or one without these slots, which then holds for all else."
            )


def _left_out(
    form: str, names: Sequence[str], asked: Sequence[Ending], domain: Mapping[str, Any]
) -> dict[str, Any]:
    """The first values of these slots for which no ending is; empty when there are none."""
    held = (domain.get("forms") or {}).get(form) or {}
    required = {str(each) for each in held.get("required_slots") or ()}
    slots = domain["slots"]
    choices = [_values(name, asked, slots[name], required=name in required) for name in names]
    size = 1
    for each in choices:
        size *= len(each)
    for values in product(*choices) if size <= _MOST else ():
        found = dict(zip(names, values, strict=True))
        if not any(holds(ending, found) for ending in asked):
            return found
    return {}


def _values(
    name: str, asked: Sequence[Ending], slot: Mapping[str, Any], *, required: bool
) -> list[Any]:
    """What a slot may hold when the form ends: every value, or those that are named and another."""
    if slot.get("type") == "bool":
        known: list[Any] = [True, False]
    elif slot.get("type") == "categorical":
        known = list(slot.get("values") or ())
    else:
        wanted = [each[name] for each in asked if name in each]
        known = [*(each for each in wanted if each not in (None, ANY_VALUE)), _OTHER]
    return known if required else [*known, None]


def _said(value: Any) -> str:
    if value is None:
        return "not set"
    if value == _OTHER:
        return "something else"
    return str(value).lower() if isinstance(value, bool) else str(value)
