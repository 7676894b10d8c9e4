"""A customer whom the website that shows the chat has logged in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SiteCustomer:
    """What a website vouches for.

    Attributes:
        id: the website's own name for the customer; never another one's.
        name: as people call the customer; may be empty.
        email: an address by which the customer can be reached; may be empty.
        proved: what the website knows to be this customer's (numbers of orders, cards or cases in
            their normal form), by the slot in which a proof of identity keeps the claim; of each
            the one that is meant now last.
    """

    id: str
    name: str = ""
    email: str = ""
    proved: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def numbers(self) -> tuple[str, ...]:
        """All that is known to be this customer's."""
        return tuple(each for claims in self.proved.values() for each in claims)
