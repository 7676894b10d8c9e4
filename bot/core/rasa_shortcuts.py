"""Changes to Rasa that spare a turn work, and change nothing that comes of it.

Each stands under a `Patch` of `bot.core.rasa_versions`; with another version it is left out. Rasa's
actions are imported within the functions, as Rasa's own commands load this and need none of them.
"""

from __future__ import annotations

import copy
import logging
from typing import TYPE_CHECKING, Any

from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import ActionExecuted, Event, SlotSet

from bot.core import rasa_versions
from bot.core.idle_slots import needed
from bot.core.rasa_versions import fits

if TYPE_CHECKING:
    from rasa.core.actions.forms import FormAction
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.trackers import DialogueStateTracker


def spare_debug_copies() -> None:
    """Spares Rasa deep copies for log lines that nobody asked for.

    Its processor copies the events of every action, all the way down, for a line at level DEBUG. A
    second call changes nothing.
    """
    from rasa.core import processor  # noqa: PLC0415 - see the module

    if fits(rasa_versions.DEBUG_COPIES):
        processor.copy = _DebugCopies


class _DebugCopies:
    """Stands in for the module `copy`, of which Rasa's processor uses this for log lines alone."""

    @staticmethod
    def deepcopy(something: Any) -> Any:
        """A copy where lines at level DEBUG are wanted, else the thing itself."""
        if logging.getLogger("rasa.core.processor").isEnabledFor(logging.DEBUG):
            return copy.deepcopy(something)
        return something


def spare_idle_slots() -> None:
    """Has Rasa look only at slots that a message can fill, after each message and in each form.

    Nearly all slots are filled by forms and actions ("type: custom"), which takes no look at the
    message. A second call changes nothing.
    """
    from rasa.core.actions.action import ActionExtractSlots  # noqa: PLC0415 - see the module

    if not fits(rasa_versions.IDLE_SLOTS):
        return
    run = ActionExtractSlots.run

    async def run_on_needed(
        self: Any, output_channel: Any, nlg: Any, tracker: Any, domain: Domain
    ) -> list[Event]:
        found: list[Event] = await run(self, output_channel, nlg, tracker, needed(domain))
        return found

    if run.__name__ != run_on_needed.__name__:
        ActionExtractSlots.run = run_on_needed


def copy_for_forms(kind: type[DialogueStateTracker]) -> None:
    """Gives a form that looks ahead a copy of the conversation, not one made of all events anew.

    Args:
        kind: of trackers that are copied quickly. A second call changes nothing.
    """
    from rasa.core.actions.forms import FormAction  # noqa: PLC0415 - see the module

    if not fits(rasa_versions.FORMS_AHEAD):
        return
    made = FormAction._temporary_tracker  # noqa: SLF001 - see the module

    def copied(
        self: FormAction, tracker: DialogueStateTracker, more: list[Event], domain: Domain
    ) -> DialogueStateTracker:
        if not isinstance(tracker, kind) or tracker.idx_after_latest_restart():
            return made(self, tracker, more, domain)
        ahead = tracker.copy()
        asked = SlotSet(REQUESTED_SLOT, self.get_slot_to_fill(tracker))
        for event in (asked, ActionExecuted(self.name()), *more):
            ahead.update(event)
        return ahead

    if made.__name__ != copied.__name__:
        FormAction._temporary_tracker = copied  # noqa: SLF001


def know_empty_domains() -> None:
    """Spares Rasa making an empty domain for each message, to see whether its own is empty.

    A second call changes nothing.
    """
    from rasa.shared.core.domain import Domain  # noqa: PLC0415 - see the module

    if not fits(rasa_versions.EMPTY_DOMAINS):
        return
    empty = Domain.empty().as_dict()

    def is_empty(self: Domain) -> bool:
        return bool(self.as_dict() == empty)

    Domain.is_empty = is_empty
