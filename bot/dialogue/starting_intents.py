"""Says which intents start a form. Pure.

They are found in the rules (`bot.topics.starting_rules`) and kept in the domain, which every action
gets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from bot.dialogue.domain_names import names_in
from bot.topics.starting_rules import starting_intents

#: Key in the mapping of the slot `topic` that holds the intents by form. Rasa's schema of a domain
#: lets a form have no keys but its own, and a mapping any.
STARTED_BY: Final = "started_by"
_SLOT: Final = "topic"


def noted(
    domain: Mapping[str, Any], rules: Iterable[Mapping[str, Any]], forms: Iterable[str]
) -> dict[str, Any]:
    """The domain with the starting intents of these forms.

    Args:
        domain: the assistant's, with the slots that a form's engine needs.
        rules: those that were written and those that were made.
        forms: names of the forms that the engine runs.
    """
    starts = starting_intents(rules)
    found = {form: list(starts[form]) for form in forms if form in starts}
    slots = domain.get("slots") or {}
    if not found or _SLOT not in slots:
        return dict(domain)
    first, *rest = slots[_SLOT].get("mappings") or [{"type": "custom"}]
    topic = {**slots[_SLOT], "mappings": [{**first, STARTED_BY: found}, *rest]}
    return {**domain, "slots": {**slots, _SLOT: topic}}


def form_started_by(intent: str, domain: Mapping[str, Any]) -> str:
    """The form of the assistant's that an intent starts; empty: it starts none.

    Args:
        intent: its name.
        domain: the assistant's, as actions get it.
    """
    forms = domain.get("forms") or ()
    return next((form for form in forms if intent in of_form(form, domain)), "")


def of_form(form: str, domain: Mapping[str, Any]) -> tuple[str, ...]:
    """The intents that start a form: as noted, else the one that it is named after, if there is.

    Args:
        form: its name.
        domain: the assistant's, as actions get it.
    """
    slot = (domain.get("slots") or {}).get(_SLOT)
    for mapping in (slot.get("mappings") or ()) if isinstance(slot, Mapping) else ():
        if given := (mapping.get(STARTED_BY) or {}).get(form):
            return tuple(map(str, given))
    named = form.removesuffix("_form")
    return (named,) if named in names_in(domain.get("intents")) else ()
