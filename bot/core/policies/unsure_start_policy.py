"""Lets a report or a question be asked about, before it starts a task that it may not ask for."""

from __future__ import annotations

from itertools import islice
from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.core.known_data import is_known
from bot.core.policies.untrained import UntrainedPolicy
from bot.core.safeguard_table import DEFAULT_PRIORITIES
from bot.dialogue.carried_out import just_carried_out
from bot.dialogue.form_endings import OUTCOME
from bot.dialogue.questions import CONFIRM
from bot.dialogue.unsure_start import is_unsure_start

ACTION = "action_clarify"
#: Events looked at for a task that was carried out: more than two turns hold.
_RECENT = 120
PRIORITY = DEFAULT_PRIORITIES["UnsureStartPolicy"]


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class UnsureStartPolicy(UntrainedPolicy):
    """Predicts `action_clarify` for a message that names a task without asking for it.

    "Is mijn aanvraag al binnen?" gets buttons, not a form that asks what to apply for. It
    stands below KnowledgePolicy, so that a page that answers goes first, and looks at no message
    within a form. What a tap means is certain.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults: the priority."""
        return {"priority": PRIORITY}

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predicts the question which subject is meant; nothing for any other message.

        Args:
            tracker: the conversation so far.
            domain: the model's domain.
            rule_only_data: not used.
            **kwargs: not used.
        """
        probabilities = self._default_predictions(domain)
        message = tracker.latest_message
        if (
            message is not None
            and _just_said(tracker)
            and tracker.active_loop_name is None
            and ACTION in domain.action_names_or_texts
            and not (message.text or "").startswith("/")
            and not is_known(tracker)
            and is_unsure_start(message.parse_data, domain.as_dict(), done=_done(tracker))
        ):
            probabilities[domain.index_for_action(ACTION)] = 1.0
        return self._prediction(probabilities)


def _done(tracker: DialogueStateTracker) -> bool:
    """Whether a task was carried out a moment ago."""
    slots = {name: tracker.get_slot(name) for name in (OUTCOME, CONFIRM.slot)}
    if None in slots.values():
        return False
    recent = [event.as_dict() for event in islice(reversed(tracker.events), _RECENT)]
    return just_carried_out(slots, recent[::-1])


def _just_said(tracker: DialogueStateTracker) -> bool:
    """Whether nothing was done yet about the newest message."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered | ActionExecuted):
            return isinstance(event, UserUttered)
    return False
