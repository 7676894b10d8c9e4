"""Tells slots that a message can fill from those that only forms and actions fill."""

from __future__ import annotations

import copy

from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS
from rasa.shared.core.domain import Domain

#: The mapping of a slot that no message fills.
_IDLE = {"type": "custom"}

_narrowed: tuple[Domain, Domain] | None = None


def needed(domain: Domain) -> Domain:
    """The domain with those slots alone that a message may fill; the same object for the same one.

    Args:
        domain: not changed. It is given back whole when it has an action that fills or checks slots
            after each message: that one is given the domain.
    """
    global _narrowed  # noqa: PLW0603 - a cache of one, by identity: to hash a domain takes long
    if _narrowed is None or _narrowed[0] is not domain:
        _narrowed = domain, domain if _for_an_action(domain) else _without_idle(domain)
    return _narrowed[1]


def _for_an_action(domain: Domain) -> bool:
    mappings = (mapping for slot in domain.slots for mapping in slot.mappings)
    return ACTION_VALIDATE_SLOT_MAPPINGS in domain.user_actions or any(
        "action" in mapping for mapping in mappings
    )


def _without_idle(domain: Domain) -> Domain:
    narrowed = copy.copy(domain)
    narrowed.slots = [slot for slot in domain.slots if any(each != _IDLE for each in slot.mappings)]
    return narrowed
