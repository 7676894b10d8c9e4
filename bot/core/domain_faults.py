"""Finds slots of a domain that Rasa cannot read; it then takes the whole domain as empty. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot import yaml_nodes
from bot.core.content_lines import FILE
from bot.near_names import meant, near
from bot.yaml_nodes import Written

_SECTIONS: Final = (
    "version", "intents", "entities", "slots", "forms", "actions", "responses", "session_config",
    "config", "e2e_actions",
)  # fmt: skip
_TYPES: Final = ("text", "bool", "categorical", "float", "list", "any")
_MAPPINGS: Final = ("from_text", "from_entity", "from_intent", "from_trigger_intent", "custom")
_LIMITS: Final = ("min_value", "max_value")


def problems(text: str) -> Iterator[str]:
    """Says which slots cannot be read, and the way out.

    Args:
        text: of `domain.yml`.
    """
    for line, said in _of_domain(yaml_nodes.read(text)):
        yield f"{FILE} line {line}: {said}"


def _of_domain(domain: Written) -> Iterator[tuple[int, str]]:
    for section, line in domain.lines.items():
        # Another section may be of another tool; a near name is a slip.
        left = set(_SECTIONS) - set(domain.fields)
        if section not in _SECTIONS and near(section, left):
            yield line, f"`{section}` means nothing here.{meant(section, left)} Mend the name."
    for name, slot in domain.get("slots").fields.items():
        yield from _of_slot(name, slot)


def _of_slot(name: str, slot: Written) -> Iterator[tuple[int, str]]:
    kind, line = slot.get("type"), slot.line
    # A type of one's own is named by where it is imported from.
    if kind.text and kind.text not in _TYPES and "." not in kind.text:
        said = f"the slot {name} has the type {kind.text}, which is none.{meant(kind.text, _TYPES)}"
        yield kind.line, f"{said} It is one of {', '.join(_TYPES)}; a number is float."
    if kind.text == "categorical" and not slot.get("values").entries:
        yield line, f"the slot {name} is categorical and has no `values`. Add them: [small, large]."
    yield from _of_limits(name, slot)
    for mapping in slot.get("mappings").entries:
        given = mapping.get("type")
        if given.text not in _MAPPINGS:
            has = f"`type: {given.text}`, which is none" if given.text else "no `type`"
            said = f"a mapping of {name} has {has}.{meant(given.text or '', _MAPPINGS)}"
            yield given.line or mapping.line, f"{said} It is one of {', '.join(_MAPPINGS)}."


def _of_limits(name: str, slot: Written) -> Iterator[tuple[int, str]]:
    """Limits of a number; what may stand at a mapping is another matter."""
    given = [(each, slot.get(each)) for each in _LIMITS if each in slot.fields]
    for limit, value in given:
        if not value.number:
            yield (
                slot.lines[limit],
                f"the {limit} of {name} is no number. Write one without quotes, such as 8.",
            )
    if len(given) == len(_LIMITS) and all(value.number for _, value in given):
        # YAML writes infinity with a dot in front.
        least, most = (
            float((value.text or "").lower().replace(".inf", "inf")) for _, value in given
        )
        if least >= most:
            yield (
                slot.lines[_LIMITS[0]],
                f"the min_value of {name} is not below its max_value: no number fits. Mend one.",
            )
