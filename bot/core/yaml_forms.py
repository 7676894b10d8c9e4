"""Adds what a form of YAML alone needs, and finds what its designer left out. Pure.

Such a form runs on the engine (`bot.dialogue.yaml_form`) once the domain has the engine's actions
for it, and once Rasa no longer fills its slots before the engine has looked at the message.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from bot.core.form_rules import FormTask, Rule, completes
from bot.dialogue.domain_names import names_in
from bot.dialogue.slot_mappings import READS, written
from bot.dialogue.yaml_form import actions_of, asking


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
            slots[name] = {**slots[name], "mappings": [{"type": "custom", READS: list(given)}]}
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


def problems(
    domain: Mapping[str, Any],
    forms: Sequence[FormTask],
    rules: Sequence[Rule],
    own: Collection[str],
) -> Iterator[str]:
    """Says why a form of YAML alone would get stuck with a customer, and the way out.

    Args:
        domain: the assistant's, as it is written.
        forms: those of YAML alone.
        rules: those in `data/`.
        own: names of the custom actions in its package.
    """
    responses, slots = domain.get("responses") or {}, domain.get("slots") or {}
    for form in forms:
        for slot in form.slots:
            asks = {f"action_ask_{form.form}_{slot}", f"action_ask_{slot}"} & set(own)
            if asks:
                yield (
                    f"{form.form} asks for {slot} by {min(asks)}: a form with Python needs a class "
                    f"validate_{form.form} as well. Write one, or ask by utter_ask_{slot}."
                )
            elif asking(form.form, slot, responses) is None:
                yield (
                    f"{form.form} asks for {slot}, but nothing says how. Add the response "
                    f"utter_ask_{slot} to domain.yml."
                )
            if not written(slots.get(slot) or {}):
                yield (
                    f"{form.form} asks for {slot}, but no mapping in domain.yml says what answers "
                    f"it. Add one to the slot: from_text, from_entity or from_intent."
                )
        if form.action not in own and not any(completes(rule, form.form) for rule in rules):
            yield (
                f"No rule says what follows when {form.form} has all answers. Add one to "
                f"data/rules, with the condition `active_loop: {form.form}` and the steps "
                f"`action: {form.form}`, `active_loop: null`, and what is said then."
            )


def _required(held: object) -> tuple[str, ...]:
    given = held.get("required_slots") if isinstance(held, Mapping) else None
    return tuple(map(str, given)) if isinstance(given, list | tuple) else ()
