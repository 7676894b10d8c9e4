"""Finds the rules that start a form, and by which intents. Pure.

A form need not be named after its intent, and may have several.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from bot.topics.rule_steps import steps_of


def starting_intents(rules: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """The intents after which rules start a form, by the form's name, in their order.

    Args:
        rules: in Rasa's form.
    """
    found: dict[str, dict[str, None]] = {}
    for rule in rules:
        for form, intents in _started(rule):
            found.setdefault(form, {}).update(dict.fromkeys(intents))
    return {form: tuple(intents) for form, intents in found.items()}


def _started(rule: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    said: tuple[str, ...] = ()
    running = _running(rule)
    for step, following in pairwise(steps_of(rule)):
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
