"""Reads Rasa's slot mappings as questions: what answers a slot, and whether it fits. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from bot.conversation.escape import normalise
from bot.dialogue.questions import Question
from bot.dialogue.turn_message import Entity
from bot.dutch import numbers

#: Key in the one mapping of a slot that a form reads itself; holds the designer's mappings.
READS: Final = "reads"
#: Types of mappings that can be read; any other is read by an action in Python.
KNOWN: Final = frozenset({"from_text", "from_entity", "from_intent", "from_trigger_intent"})
_YES_NO: Final = {"affirm": True, "deny": False}

Mapped = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AskedSlot:
    """A slot that a form of YAML asks for.

    Attributes:
        name: the slot.
        kind: Rasa's type: `text`, `bool`, `categorical`, `float`, `list` or `any`.
        mappings: those that apply in this form.
        values: of a categorical slot, the values that fit.
        least: of a float slot, the least that fits.
        most: of a float slot, the most that fits.
    """

    name: str
    kind: str
    mappings: tuple[Mapped, ...]
    values: tuple[Any, ...] = ()
    least: float = float("-inf")
    most: float = float("inf")

    @classmethod
    def of(cls, name: str, slot: Mapping[str, Any], form: str) -> AskedSlot:
        """Takes a slot as it stands in the domain.

        Args:
            name: the slot.
            slot: what the domain says of it.
            form: the form that asks for it; a mapping may be for another.
        """
        given = tuple(each for each in written(slot) if _is_for(each, form))
        return cls(
            name,
            str(slot.get("type") or "any"),
            given,
            tuple(slot.get("values") or ()),
            float(slot.get("min_value", "-inf")),
            float(slot.get("max_value", "inf")),
        )

    def question(self, intent: str | None, requested: str | None) -> Question:
        """The slot as a question of the form.

        Args:
            intent: what the message means.
            requested: the slot that the form asks for now.
        """
        heard = [each for each in self.mappings if _applies(each, intent, requested, self.name)]
        by_words = any(each["type"] == "from_text" for each in heard)
        meant: dict[str, Any] = dict(_YES_NO) if by_words and self.kind == "bool" else {}
        for each in heard:
            if each["type"] == "from_intent":
                meant |= dict.fromkeys(_names(each.get("intent")), each.get("value"))
        return Question(
            self.name,
            entity=next((str(each["entity"]) for each in heard if _is_plain(each)), ""),
            parse=partial(_read, self) if by_words and self.kind != "bool" else None,
            intents=meant,
            any_words=by_words and self.kind in ("text", "any", "list"),
        )

    def entities(self, items: Sequence[Mapping[str, Any]], intent: str | None) -> Iterator[Entity]:
        """Answers that a plain entity does not give: by role, by group, or of a list.

        Args:
            items: entities of the message, in Rasa's form.
            intent: what the message means.
        """
        for each in self.mappings:
            if each["type"] != "from_entity" or (_is_plain(each) and self.kind != "list"):
                continue
            if not _fits_intent(each, intent):
                continue
            found = [item for item in items if _is_meant(item, each)]
            if found:
                value = [item.get("value") for item in found]
                start, end = int(found[0].get("start") or 0), int(found[-1].get("end") or 0)
                yield Entity(self.name, value if self.kind == "list" else value[0], start, end)

    def at_start(self, intent: str | None) -> Any:
        """The value that the intent which starts the form gives; None when it gives none."""
        return next(
            (
                each.get("value")
                for each in self.mappings
                if _gives_at_start(each) and intent in _names(each.get("intent"))
            ),
            None,
        )

    def fitting(self, value: Any) -> Any:
        """The value as the slot keeps it; None when it does not fit."""
        if self.kind == "categorical" and self.values:
            return next((own for own in self.values if _same(own, value)), None)
        if self.kind == "float":
            number = _number(value)
            if number is None or not self.least <= number <= self.most:
                return None
            # Said to customers as it is kept: "3 personen".
            return int(number) if number.is_integer() else number
        if self.kind == "list":
            return value if isinstance(value, list) else [value]
        if self.kind == "text":
            return str(value).strip() or None
        return value


def written(slot: Mapping[str, Any]) -> tuple[Mapped, ...]:
    """The mappings that the designer wrote for a slot, also when the form reads them itself."""
    held = [each for each in slot.get("mappings") or () if isinstance(each, Mapping)]
    for each in held:
        if isinstance(each.get(READS), list):
            return tuple(each[READS])
    return tuple(each for each in held if each.get("type") in KNOWN)


def _read(slot: AskedSlot, text: str) -> Any:
    """The answer in typed words; None when there is none."""
    if slot.kind == "categorical" and slot.values:
        words = f" {normalise(text)} "
        named = [own for own in slot.values if f" {normalise(str(own))} " in words]
        return named[0] if len(named) == 1 else None
    if slot.kind == "float":
        return numbers.parse(text)
    return text.strip() or None


def _number(value: Any) -> float | None:
    """A number, however an entity or a tapped answer writes it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return numbers.parse(str(value))


def _same(own: Any, value: Any) -> bool:
    return own == value or normalise(str(own)) == normalise(str(value))


def _names(given: object) -> tuple[str, ...]:
    return tuple(map(str, given)) if isinstance(given, list | tuple) else (str(given),)


def _is_plain(mapping: Mapped) -> bool:
    """Whether any entity of the name answers, whatever its role."""
    return mapping["type"] == "from_entity" and not (mapping.get("role") or mapping.get("group"))


def _is_meant(item: Mapping[str, Any], mapping: Mapped) -> bool:
    keys = [key for key in ("entity", "role", "group") if mapping.get(key)]
    return all(item.get(key) == mapping[key] for key in keys)


def _is_for(mapping: Mapped, form: str) -> bool:
    conditions = mapping.get("conditions")
    return not conditions or any(each.get("active_loop", form) == form for each in conditions)


def _applies(mapping: Mapped, intent: str | None, requested: str | None, slot: str) -> bool:
    """Whether a mapping counts for this message, and for what is asked now."""
    if mapping["type"] == "from_intent":
        return True  # the engine looks at it for the question asked alone
    if mapping["type"] == "from_entity":
        conditions = mapping.get("conditions") or ()
        only_asked = conditions and all(each.get("requested_slot") for each in conditions)
        if only_asked and requested != slot:
            return False
    # Words answer the question asked, or correct an answer: never more, whatever the conditions.
    return _fits_intent(mapping, intent)


def _gives_at_start(mapping: Mapped) -> bool:
    """Whether an intent gives its value before the form asks: made for that, or unconditional."""
    unconditional = mapping["type"] == "from_intent" and not mapping.get("conditions")
    return unconditional or mapping["type"] == "from_trigger_intent"


def _fits_intent(mapping: Mapped, intent: str | None) -> bool:
    wanted, unwanted = mapping.get("intent"), mapping.get("not_intent")
    if wanted is not None and intent not in _names(wanted):
        return False
    return unwanted is None or intent not in _names(unwanted)
