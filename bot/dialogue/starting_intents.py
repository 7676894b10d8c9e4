"""Says which intents start a form. Pure.

They are found in the rules (`bot.topics.starting_rules`) and kept with the form in the domain,
which every action gets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from bot.dialogue.domain_names import names_in
from bot.topics.starting_rules import starting_intents

#: Key of a form in the domain that lists the intents.
STARTED_BY: Final = "started_by"


def noted(
    domain: Mapping[str, Any], rules: Iterable[Mapping[str, Any]], forms: Iterable[str]
) -> dict[str, Any]:
    """The domain with the starting intents of these forms.

    Args:
        domain: the assistant's.
        rules: those that were written and those that were made.
        forms: names of the forms that the engine runs.
    """
    held, starts = dict(domain.get("forms") or {}), starting_intents(rules)
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
