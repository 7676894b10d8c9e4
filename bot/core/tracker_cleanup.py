"""Takes out of a stored conversation what the present content no longer has.

A model is trained anew while conversations are under way. Rasa fails on a form that is no longer in
the domain, and complains about every slot; the rest of the conversation must go on.
"""

from __future__ import annotations

from collections.abc import Iterable

from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, Event, LegacyForm, SlotSet

#: Events that name something of the domain.
_NAMING = {SlotSet, ActiveLoop, LegacyForm}


def without_unknown(events: Iterable[Event], domain: Domain) -> list[Event]:
    """Removes what a domain no longer has from a conversation's events.

    Args:
        events: a conversation's, oldest first.
        domain: of the model that is loaded.

    Returns:
        The events without slots that were removed; a form that was removed is one that has ended,
        so that nothing is asked for it any more.
    """
    slots, forms = {slot.name for slot in domain.slots}, set(domain.form_names)
    kept: list[Event] = []
    gone = False
    for event in events:
        if type(event) not in _NAMING:  # an isinstance() here takes five times as long
            kept.append(event)
        elif isinstance(event, SlotSet):
            if event.key in slots:
                kept.append(event)
        elif isinstance(event, ActiveLoop):
            gone = event.name is not None and event.name not in forms
            kept.append(ActiveLoop(None, event.timestamp) if gone else event)
    return [*kept, SlotSet(REQUESTED_SLOT, None)] if gone else kept
