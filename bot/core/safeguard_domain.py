"""Finds what the four safeguards lack in a domain, written or of a trained model. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.conversation import disclosure
from bot.core.safeguard_problem import Problem, line_of
from bot.core.safeguard_table import SAFEGUARDS, Safeguard
from bot.dialogue.domain_names import names_in

_FILE = "domain.yml"


def domain_problems(
    domain: Mapping[str, object], file: str = _FILE, *, texts: bool = True
) -> Iterator[Problem]:
    """Finds what a domain lacks.

    Args:
        domain: the parsed domain, with or without line numbers.
        file: how the domain is called in what is said.
        texts: whether the domain holds what responses say; Rasa trains its policies on one that
            holds their names alone.
    """
    for safeguard in SAFEGUARDS:
        for section, kind, names in (
            ("intents", "intent", safeguard.intents),
            ("entities", "entity", safeguard.entities),
            ("slots", "slot", safeguard.slots),
            ("actions", "action", safeguard.actions),
        ):
            held = names_in(domain.get(section))
            for name in names:
                if name not in held:
                    yield Problem(
                        file,
                        line_of(domain, section),
                        f"{safeguard.title} needs the {kind} {name}, which is not there. "
                        f"Add it under {section}.",
                    )
        yield from _slot_problems(domain, safeguard, file)
        yield from _response_problems(domain, safeguard, file, texts=texts)


def _slot_problems(
    domain: Mapping[str, object], safeguard: Safeguard, file: str
) -> Iterator[Problem]:
    """A slot of another type would change what is kept in it; another mapping would fill it."""
    slots = domain.get("slots")
    held = slots if isinstance(slots, Mapping) else {}
    for name in safeguard.slots:
        slot = held.get(name)
        if isinstance(slot, Mapping) and not _is_own(slot):
            yield Problem(
                file,
                line_of(held, name),
                f"{safeguard.title} keeps values of its own in the slot {name}. Give it "
                "`{type: any, mappings: [{type: custom}]}`.",
            )


def _is_own(slot: Mapping[str, object]) -> bool:
    """Whether a slot is one that code alone fills, as it is written or as Rasa tells it."""
    mappings = slot.get("mappings")
    held = mappings if isinstance(mappings, list) else []
    kind = str(slot.get("type")).rpartition(".")[2].lower()
    return kind in ("any", "anyslot") and all(
        isinstance(each, Mapping) and str(each.get("type")) == "custom" for each in held
    )


def _response_problems(
    domain: Mapping[str, object], safeguard: Safeguard, file: str, *, texts: bool
) -> Iterator[Problem]:
    responses = domain.get("responses")
    held = responses if isinstance(responses, Mapping) else {}
    for name, kind in safeguard.responses:
        if name not in held:
            yield Problem(
                file,
                line_of(domain, "responses"),
                f"{safeguard.title} needs the response {name}, which is not there. "
                "Add it under responses, with a text.",
            )
        elif texts and (wrong := _wrong(held[name], kind)):
            yield Problem(file, line_of(held, name), f"{safeguard.title}: {name} {wrong}")


def _wrong(variants: object, kind: str) -> str:
    """Says what is wrong with a response, and the way out; empty: nothing."""
    if not isinstance(variants, list | tuple) or not variants:
        return "is empty, so nothing would be said. Give it a text."
    if not all(_says(variant) for variant in variants):
        return "has a variant without a text. Give it one, or take it away."
    if not any(_always(variant) for variant in variants):
        return "has no variant for every channel and situation. Add one without conditions."
    if kind and not all(_is_kind(variant, kind) for variant in variants):
        return f"has a variant that is no `custom` message of kind {kind}. Make it one."
    if kind == "notice" and not all(disclosure.tells(each["custom"]["text"]) for each in variants):
        return "has a variant that does not say that an AI answers. Put it into the text."
    return ""


def _says(variant: object) -> bool:
    if not isinstance(variant, Mapping):
        return False
    custom = variant.get("custom")
    text = custom.get("text") if isinstance(custom, Mapping) else variant.get("text")
    return isinstance(text, str) and bool(text.strip())


def _always(variant: object) -> bool:
    return isinstance(variant, Mapping) and not (variant.get("condition") or variant.get("channel"))


def _is_kind(variant: object, kind: str) -> bool:
    custom = variant.get("custom") if isinstance(variant, Mapping) else None
    if not isinstance(custom, Mapping) or custom.get("kind") != kind:
        return False
    return kind != "notice" or custom.get("notice") == "disclosure"
