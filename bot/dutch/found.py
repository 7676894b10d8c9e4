"""An entity: what kind of thing was read in a text, what it means, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

#: Words between two values of one kind that make the second the value.
_TAKES_BACK = re.compile(
    r"\b(?:oeps|sorry|nee|neen|bedoel\w*|foutje|fout|verkeerd|correctie|moet"
    r"|toch (?:liever|maar))\b",
    re.IGNORECASE,
)
#: Kinds that share none of their characters with another kind.
_EXCLUSIVE = frozenset({"postcode", "date", "phone", "iban", "bsn", "amount", "time", "email"})


@dataclass(frozen=True, slots=True)
class FoundEntity:
    """Something read in a text.

    Attributes:
        name: the kind of entity, such as `postcode`.
        value: what it means, normalised; JSON can hold it.
        start: index of its first character in the text.
        end: index after its last character.
        role: what it is in its context (`from` and `to` of a time), or empty.
        group: which values belong together (the postcode and house number of one address), or
            empty when there is only one such group.
        exclusive: whether an extractor of the assistant says that its characters are nothing else.
    """

    name: str
    value: Any
    start: int
    end: int
    role: str = ""
    group: str = ""
    exclusive: bool = field(default=False, compare=False)

    def as_rasa(self) -> dict[str, object]:
        """The entity as one of Rasa's dictionaries."""
        extra = {"role": self.role, "group": self.group}
        return {
            "entity": self.name,
            "value": self.value,
            "start": self.start,
            "end": self.end,
            **{key: value for key, value in extra.items() if value},
        }


def is_free(start: int, end: int, found: Iterable[FoundEntity]) -> bool:
    """Whether no entity that shares nothing (a date, a postcode) has one of the characters."""
    return not any(
        (each.exclusive or each.name in _EXCLUSIVE) and start < each.end and each.start < end
        for each in found
    )


def settled(text: str, found: Iterable[FoundEntity]) -> tuple[FoundEntity, ...]:
    """The entities of a text in order, without values that the customer takes back.

    Of "1243AB oeps 1234AB" only the second postcode counts. A group that is alone is none.
    """
    everything = sorted(found, key=lambda each: (each.start, each.end))
    slips = [match.end() for match in _TAKES_BACK.finditer(text)] if len(everything) > 1 else []
    if slips:
        last = {(each.name, each.role): each for each in everything}
        everything = [
            each for each in everything if not _between(slips, each, last[each.name, each.role])
        ]
    if len({each.group for each in everything if each.group}) == 1:
        everything = [replace(each, group="") for each in everything]
    return tuple(everything)


def _between(slips: Iterable[int], one: FoundEntity, other: FoundEntity) -> bool:
    return any(one.end < slip <= other.start for slip in slips)
