"""Says which intents start a form, from the rules that do so. Pure.

A form need not be named after its intent, and may have several. What is found is kept with the form
in the domain, which every action gets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from bot.dialogue.domain_names import names_in

#: Key of a form in the domain that lists the intents.
STARTED_BY: Final = "started_by"


def in_rules(rules: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """The intents after which rules start a form, by the form's name, in their order.

    Args:
        rules: in Rasa's form.
    """
    found: dict[str, dict[str, None]] = {}
    for rule in rules:
        for form, intents in _started(rule):
            found.setdefault(form, {}).update(dict.fromkeys(intents))
    return {form: tuple(intents) for form, intents in found.items()}


def noted(
    domain: Mapping[str, Any], rules: Iterable[Mapping[str, Any]], forms: Iterable[str]
) -> dict[str, Any]:
    """The domain with the starting intents of these forms.

    Args:
        domain: the assistant's.
        rules: those that were written and those that were made.
        forms: names of the forms that the engine runs.
    """
    held, starts = dict(domain.get("forms") or {}), in_rules(rules)
    for form in forms:
        if form in starts:
            held[form] = {**(held.get(form) or {}), STARTED_BY: list(starts[form])}
    return {**domain, "forms": held} if held else dict(domain)


def of_form(form: str, domain: Mapping[str, Any]) -> tuple[str, ...]:
    """The intents that start a form: as noted, else the one that it is named after, if there is.

    Args:
        form: its name.
        domain: the assistant's, as actions get it.
    """
    options = (domain.get("forms") or {}).get(form)
    given = options.get(STARTED_BY) if isinstance(options, Mapping) else None
    if given:
        return tuple(map(str, given))
    named = form.removesuffix("_form")
    return (named,) if named in names_in(domain.get("intents")) else ()


def _started(rule: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    held = rule.get("steps")
    steps = [each for each in held if isinstance(each, Mapping)] if isinstance(held, list) else []
    said: tuple[str, ...] = ()
    running = _running(rule)
    for step, following in pairwise(steps):
        said = _intents(step) or said
        form = step.get("action")
        # A rule for what is asked in between comes back to the form, and starts none.
        if form is not None and form == following.get("active_loop") and said and form != running:
            yield str(form), said


def _running(rule: Mapping[str, Any]) -> object:
    """The form during which a rule holds; None for one that holds at any moment."""
    held = rule.get("condition")
    conditions = held if isinstance(held, list) else []
    found = (each.get("active_loop") for each in conditions if isinstance(each, Mapping))
    return next((form for form in found if form), None)


def _intents(step: Mapping[str, Any]) -> tuple[str, ...]:
    """The intents of a step: one, or several under `or`."""
    either = step.get("or")
    if isinstance(either, Sequence) and not isinstance(either, str):
        return tuple(
            name for each in either if isinstance(each, Mapping) for name in _intents(each)
        )
    return (str(step["intent"]),) if step.get("intent") else ()
