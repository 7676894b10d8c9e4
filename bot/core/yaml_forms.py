"""Adds what a form of YAML alone needs, and finds what its designer left out. Pure.

Such a form runs on the engine (`bot.dialogue.yaml_form`) once the domain has the engine's actions
for it, and once Rasa no longer fills its slots before the engine has looked at the message.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from bot.core.content_lines import ContentLines
from bot.core.form_rules import FormTask, Rule, completes
from bot.dialogue.answer_limits import LEAST, MOST, Limits
from bot.dialogue.domain_names import names_in
from bot.dialogue.shown_values import KINDS
from bot.dialogue.slot_mappings import READS, written
from bot.dialogue.yaml_form import actions_of, asking

_NO_LINES: Final = ContentLines()
#: What a limit must look like, by what the slot holds.
_LIMITS: Final = {
    "date": "Of a date it is `today`, a number of days from today, or a day such as 2026-12-31.",
    "time": 'Of a time it is one in quotes, such as "09:00".',
    "amount": "Of an amount it is a number of euros.",
    "number": "It must be a number.",
}


def yaml_forms(domain: Mapping[str, Any], own: Collection[str]) -> tuple[FormTask, ...]:
    """The forms that no class handles.

    Args:
        domain: the assistant's, as it is written.
        own: names of the custom actions in its package; a form with a `validate_<form>` among them
            is handled there.
    """
    forms = domain.get("forms")
    return tuple(
        FormTask(str(form).removesuffix("_form"), str(form), _required(held))
        for form, held in (forms.items() if isinstance(forms, Mapping) else ())
        if f"validate_{form}" not in own and _required(held)
    )


def completed(domain: Mapping[str, Any], forms: Sequence[FormTask]) -> dict[str, Any]:
    """The domain with what these forms need: actions, entities, and slots that the engine reads.

    Args:
        domain: the assistant's.
        forms: those of YAML alone.
    """
    if not forms:
        return dict(domain)
    known, entities = set(names_in(domain.get("actions"))), set(names_in(domain.get("entities")))
    asked = dict.fromkeys(slot for form in forms for slot in form.slots)
    actions = [name for form in forms for name in actions_of(form.form, list(form.slots))]
    slots = dict(domain.get("slots") or {})
    for name in asked.keys() & set(slots):
        if given := written(slots[name]):
            slots[name] = {
                **slots[name],
                "mappings": [{"type": "custom", READS: [_as_text(each) for each in given]}],
            }
    return {
        **domain,
        # A tapped answer names its slot: `/inform{"size": "large"}`.
        "entities": [
            *(domain.get("entities") or ()),
            *({name: {"influence_conversation": False}} for name in asked if name not in entities),
        ],
        "actions": [
            *(domain.get("actions") or ()),
            *(each for each in dict.fromkeys(actions) if each not in known),
        ],
        "slots": slots,
    }


def _as_text(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping with its dates as text: YAML reads a date, and JSON has none."""
    return {key: str(held) if isinstance(held, date) else held for key, held in mapping.items()}


def problems(
    domain: Mapping[str, Any],
    forms: Sequence[FormTask],
    rules: Sequence[Rule],
    own: Collection[str],
    lines: ContentLines = _NO_LINES,
) -> Iterator[str]:
    """Says why a form of YAML alone would get stuck with a customer, and the way out.

    Args:
        domain: the assistant's, as it is written.
        forms: those of YAML alone.
        rules: those in `data/`.
        own: names of the custom actions in its package.
        lines: of the content.
    """
    responses, slots = domain.get("responses") or {}, domain.get("slots") or {}
    for form in forms:
        at = lines.place("forms", form.form)
        for slot in form.slots:
            asks = {f"action_ask_{form.form}_{slot}", f"action_ask_{slot}"} & set(own)
            if asks:
                yield (
                    f"{at}: {form.form} asks for {slot} by {min(asks)}: a form with Python needs a "
                    f"class validate_{form.form} as well. Write one, or ask by utter_ask_{slot}."
                )
            elif asking(form.form, slot, responses) is None:
                yield (
                    f"{at}: {form.form} asks for {slot}, but nothing says how. Add the response "
                    f"utter_ask_{slot} to domain.yml."
                )
            if not written(slots.get(slot) or {}):
                yield (
                    f"{at}: {form.form} asks for {slot}, but no mapping in domain.yml says what "
                    f"answers it. Add one to the slot: from_text, from_entity or from_intent."
                )
        yield from _limit_problems(form, slots, lines)
        if form.action not in own and not any(completes(rule, form.form) for rule in rules):
            yield (
                f"{at}: no rule says what follows when {form.form} has all answers. Add one to "
                f"data/rules, with the condition `active_loop: {form.form}` and the steps "
                f"`action: {form.form}`, `active_loop: null`, and what is said then."
            )


def _limit_problems(form: FormTask, slots: Mapping[str, Any], lines: ContentLines) -> Iterator[str]:
    """Limits of answers that cannot be read."""
    for slot in form.slots:
        held = slots.get(slot) or {}
        limits = Limits.of(held)
        if unreadable := limits.unreadable():
            yield (
                f"{lines.place('slots', slot, unreadable)}: the {unreadable} of {slot} cannot be "
                f"read. {_LIMITS[limits.kind]} Mend it."
            )
        for mapping in written(held):
            if (LEAST in mapping or MOST in mapping) and mapping.get("entity") not in KINDS:
                yield (
                    f"{lines.place('slots', slot)}: a mapping of {slot} has a limit that nothing "
                    f"keeps. {LEAST} and {MOST} stand at a mapping from_entity of "
                    f"{', '.join(sorted(KINDS))}; those of a number at the slot, with type float."
                )


def _required(held: object) -> tuple[str, ...]:
    given = held.get("required_slots") if isinstance(held, Mapping) else None
    return tuple(map(str, given)) if isinstance(given, list | tuple) else ()
