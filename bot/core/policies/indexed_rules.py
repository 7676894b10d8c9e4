"""Rasa's RulePolicy with its rules found in an index instead of tried one by one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from rasa.core.featurizers.tracker_featurizers import MaxHistoryTrackerFeaturizer
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import (
    DO_NOT_PREDICT_LOOP_ACTION,
    LOOP_WAS_INTERRUPTED,
    RULES,
    RULES_FOR_LOOP_UNHAPPY_PATH,
    RULES_NOT_IN_STORIES,
    RulePolicy,
)
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import Event, LoopInterrupted
from rasa.shared.core.trackers import DialogueStateTracker

from bot.core.moments import Moment
from bot.core.policies.rule_index import Rule, RuleIndex
from bot.core.prediction_states import as_heard
from bot.core.tracker_replay import ReplayingTracker


@dataclass(frozen=True, slots=True)
class _Found:
    """What the rules say of a conversation.

    Attributes:
        action: what comes next, or None.
        source: the rule; without one the states in the form of a rule's key, where a hidden turn
            may have that key.
        interrupted: whether a form goes on after something else.
    """

    action: str | None = None
    source: str | None = None
    interrupted: bool = False


class IndexedRules(RulePolicy):
    """Predicts what the policy that it took over predicts, of Loket's own trackers in less time.

    It is trained and stored by Rasa's policy and under that name; see `taking_over`.
    """

    _rules: RuleIndex
    _unhappy: RuleIndex
    _hidden: frozenset[str]
    _hidden_lengths: frozenset[int]

    @classmethod
    def taking_over(cls, policy: RulePolicy) -> RulePolicy:
        """The same policy with an index.

        Args:
            policy: as Rasa loaded it.

        Returns:
            This class; `policy` itself when it is of another class or looks at states in another
            way than this one knows.
        """
        featurizer = policy.featurizer
        if type(policy) is not RulePolicy or type(featurizer) is not MaxHistoryTrackerFeaturizer:
            return policy
        if featurizer.max_history or not policy.lookup.get(RULES):
            return policy
        indexed: IndexedRules = object.__new__(cls)
        indexed.__dict__.update(policy.__dict__)
        indexed.build_index()
        return indexed

    def build_index(self) -> None:
        """Reads what was learned into the index."""
        self._rules = RuleIndex(self.lookup[RULES])
        self._unhappy = RuleIndex(self.lookup.get(RULES_FOR_LOOP_UNHAPPY_PATH, {}))
        self._hidden = frozenset(self.lookup.get(RULES_NOT_IN_STORIES, ()))
        self._hidden_lengths = frozenset(
            len(json.loads(key)) for key in self._hidden if key.startswith("[")
        )

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predicts the next action (see the parent class).

        Args:
            tracker: the conversation so far.
            domain: the model's domain.
            rule_only_data: not used by this policy.
            **kwargs: see the parent class.
        """
        moments = tracker.moments() if isinstance(tracker, ReplayingTracker) else None
        if moments is None:
            return super().predict_action_probabilities(tracker, domain, rule_only_data, **kwargs)
        # In the order of RulePolicy._predict: a rule about the text, Rasa's own intents, a form
        # that goes on, a rule about the intent.
        by_text = _Found()
        if tracker.latest_action_name == ACTION_LISTEN_NAME:
            by_text = self._find(tracker, domain, moments, by_text=True)
        action, source = self._find_action_from_default_actions(tracker)
        if action and not by_text.action:
            return self._predicted(tracker, domain, action, source)
        action, source = self._find_action_from_loop_happy_path(tracker)
        if action:
            return self._predicted(tracker, domain, action, source, is_no_user_prediction=True)
        if by_text.action:
            return self._predicted(
                tracker, domain, by_text.action, by_text.source,
                interrupted=by_text.interrupted, is_end_to_end_prediction=True,
            )  # fmt: skip
        found = self._find(tracker, domain, moments, by_text=False)
        return self._predicted(
            tracker, domain, found.action, found.source,
            interrupted=by_text.interrupted or found.interrupted,
        )  # fmt: skip

    def _predicted(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        action: str | None,
        source: str | None,
        *,
        interrupted: bool = False,
        **kinds: bool,
    ) -> PolicyPrediction:
        events: list[Event] = [LoopInterrupted(True)] if interrupted else []
        return PolicyPrediction(
            self._prediction_result(action, tracker, domain)
            if action
            else self._default_predictions(domain),
            RulePolicy.__name__,
            self.priority,
            events=events,
            hide_rule_turn=source in self._hidden,
            **kinds,
        )

    def _find(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        moments: list[Moment],
        *,
        by_text: bool,
    ) -> _Found:
        """`RulePolicy._find_action_from_rules`, with the rules of the index."""
        count = max(self._rules.longest, self._unhappy.longest, 1)
        states = _heard(moments[-count:], domain, by_text=by_text)[::-1]
        rule = self._best(list(self._rules.fitting(states)), moments, domain, by_text=by_text)
        action = rule.action if rule else None
        interrupted = False
        loop = tracker.active_loop_name
        if loop:
            unhappy = {each.action for each in self._unhappy.fitting(states)}
            if rule and action == ACTION_LISTEN_NAME and not rule.in_loop:
                if DO_NOT_PREDICT_LOOP_ACTION not in unhappy:
                    return _Found(loop, rule.key)
                action = None
            interrupted = LOOP_WAS_INTERRUPTED in unhappy
        if rule:
            return _Found(action, rule.key, interrupted)
        source = None
        if len(moments) in self._hidden_lengths:
            source = self._create_feature_key(_heard(moments, domain, by_text=by_text))
        return _Found(None, source, interrupted)

    def _best(
        self, rules: list[Rule], moments: list[Moment], domain: Domain, *, by_text: bool
    ) -> Rule | None:
        """The longest rule; of several equally long ones that which Rasa takes."""
        if len(rules) < 2:
            return rules[0] if rules else None
        most = max(len(rule.key) for rule in rules)
        best = [rule for rule in rules if len(rule.key) == most]
        if len(best) == 1:
            return best[0]
        # Which is the first in a set of texts differs from one process to the next.
        keys = self._get_possible_keys(self.lookup[RULES], _heard(moments, domain, by_text=by_text))
        first = max(keys, key=len)
        return next(rule for rule in best if rule.key == first)


def _heard(moments: list[Moment], domain: Domain, *, by_text: bool) -> list[State]:
    last = len(moments) - 1
    return [
        as_heard(moment.state(domain), last=at == last, by_text=by_text)
        for at, moment in enumerate(moments)
    ]
