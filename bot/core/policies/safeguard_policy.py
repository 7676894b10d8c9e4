"""The policy that always leaves a way out: danger first, the escape word and loop detection.

It stands above RulePolicy. A form's own prediction is a "no user" prediction, which Rasa lets
overrule everything else, so this policy's predictions are of that kind too.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain, InvalidDomain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversation.loop_detection import (
    Loop,
    Thresholds,
    after_reply,
    before_reply,
    broken_before,
)
from bot.core import safety_net, topic_facts
from bot.core.encoder import similarity
from bot.core.project import folder
from bot.core.safeguard_domain import domain_problems
from bot.core.safeguard_table import BREAK, DANGER, ESCAPE_INTENT, HANDOVER, PRIORITY, SAFETY
from bot.core.safety_net import SafetyNet
from bot.core.tracker_replay import ReplayingTracker
from bot.core.tracker_turns import turns_of
from bot.dialogue import runtime
from bot.dialogue.form_endings import OUTCOME
from bot.safety import words
from bot.safety.kinds import TO_PERSON, Kind
from bot.topics import declared
from bot.topics.facts import TopicFacts

_NO_TOPICS = TopicFacts()


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class SafeguardPolicy(Policy):
    """Answers danger first, hands over on the escape word, breaks a loop once, then hands over.

    Options in `config.yml` are the fields of `bot.conversation.loop_detection.Thresholds`, and
    `priority`.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The thresholds' defaults and the priority."""
        defaults = Thresholds()
        return {
            "priority": PRIORITY,
            **{field.name: getattr(defaults, field.name) for field in fields(Thresholds)},
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        facts: TopicFacts = _NO_TOPICS,
        net: SafetyNet | None = None,
        **kwargs: Any,
    ) -> None:
        """Reads the thresholds."""
        super().__init__(config, model_storage, resource, execution_context)
        given = {field.name: self.config[field.name] for field in fields(Thresholds)}
        self.thresholds = Thresholds(**{**given, "polite": tuple(given["polite"])})
        self._facts = facts
        self._net = net

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Has Rasa train again after a change of the topics, instead of using its cache."""
        return topic_facts.present().dumps()

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        """Keeps what the topics say, and trains the safety net; the thresholds are the policy.

        Raises:
            InvalidDomain: a safeguard lacks something in the domain.
            ConfigurationError: an example of danger is written wrongly.
        """
        if problem := next(domain_problems(domain.as_dict(), texts=False), None):
            raise InvalidDomain(f"A safeguard is missing. {problem}")
        self._facts = topic_facts.keep(self._model_storage, self._resource)
        topics = declared.load(folder())
        self._net = safety_net.train(
            folder(), [topic.name for topic in topics if topic.kind == "sensitive"]
        )
        with self._model_storage.write_to(self._resource) as path:
            self._net.keep(path)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SafeguardPolicy:
        """The policy with the thresholds and topics it was trained with."""
        facts = topic_facts.kept(model_storage, resource)
        with model_storage.read_from(resource) as path:
            net = SafetyNet.kept(path)
        return cls(config, model_storage, resource, execution_context, facts, net)

    def danger(self, text: str) -> Kind | None:
        """The danger that a message speaks of, or None: it speaks of none that is switched on."""
        off = runtime.organisation().no_danger
        return self._net.kind(text, off) if self._net else words.likely(text, off)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predicts the safeguard's action, or nothing at all.

        Args:
            tracker: the conversation so far.
            domain: the model's domain.
            rule_only_data: not used.
            **kwargs: not used.

        Returns:
            `action_safety`, `action_handover`, `action_break_loop`, the form that was interrupted
            or `action_listen` for sure; otherwise zeros.

        Raises:
            ActionNotFoundException: the domain lacks the action; a turn that fails gets a person.
        """
        action, reason = self._decide(tracker)
        probabilities = self._default_predictions(domain)
        if action is None:
            return self._prediction(probabilities)
        probabilities[domain.index_for_action(action)] = 1.0
        noted = DANGER if action == SAFETY else "handover_reason"
        events: list[Event] = [SlotSet(noted, reason)] if reason else []
        return self._prediction(probabilities, events=events, is_no_user_prediction=True)

    def _decide(self, tracker: DialogueStateTracker) -> tuple[str | None, str | None]:
        """The action to force, and the reason for a hand-over or the kind of danger."""
        done = _actions_this_turn(tracker)
        if done is None:
            return None, None
        if {HANDOVER, BREAK} & set(done):
            return ACTION_LISTEN_NAME, None
        message = tracker.latest_message
        asked = message is not None and message.intent.get("name") == ESCAPE_INTENT
        if message is not None and (kind := self.danger(message.text or "")):
            return _after_danger(kind, done, asked=asked, form=tracker.active_loop_name)
        if asked:
            return HANDOVER, "asked"
        turns = (
            tracker.turns(self._facts.told)
            if isinstance(tracker, ReplayingTracker)
            else turns_of(tracker.events, self._facts.told)
        )
        if not turns:
            return None, None
        loop: Loop | None
        if not done:
            loop = before_reply(turns, self.thresholds)
        elif turns[-1].replies and not _ends_with_person(tracker):
            loop = after_reply(turns, self.thresholds, similarity)
        else:
            loop = None
        if loop is None:
            return None, None
        if broken_before(turns, self.thresholds):
            return HANDOVER, "not_understood" if loop == "not_understood" else "loop"
        return BREAK, None


def _after_danger(
    kind: Kind, done: list[str], *, asked: bool, form: str | None
) -> tuple[str, str | None]:
    """The next step of a turn about danger: the answer, then a person, or the form once more."""
    if SAFETY not in done:
        return SAFETY, kind
    if kind in TO_PERSON or asked:
        return HANDOVER, "danger"
    if form and form not in done:
        return form, None
    return ACTION_LISTEN_NAME, None


def _ends_with_person(tracker: DialogueStateTracker) -> bool:
    """Whether a task ended this turn because only a person can go on: that is the way out."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return False
        if isinstance(event, SlotSet) and (event.key, event.value) == (OUTCOME, "handover"):
            return True
    return False


def _actions_this_turn(tracker: DialogueStateTracker) -> list[str] | None:
    """Actions executed since the customer's last message, oldest first; None before any message."""
    done: list[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return done[::-1]
        if isinstance(event, ActionExecuted) and event.action_name:
            done.append(event.action_name)
    return None
