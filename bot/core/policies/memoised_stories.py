"""Rasa's MemoizationPolicy with its stories looked up by the conversation's last states."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from rasa.core.featurizers.tracker_featurizers import MaxHistoryTrackerFeaturizer
from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.policy import PolicyPrediction
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker

from bot.core.prediction_states import as_heard, story_states, without_unlikely
from bot.core.tracker_replay import ReplayingTracker


class IndexedStories(MemoizationPolicy):
    """Predicts what the policy that it took over predicts, of Loket's own trackers in less time.

    It is trained and stored by Rasa's policy and under that name; see `taking_over`.
    """

    _stories: dict[str, str]

    @classmethod
    def taking_over(cls, policy: MemoizationPolicy) -> MemoizationPolicy:
        """The same policy with an index.

        Args:
            policy: as Rasa loaded it.

        Returns:
            This class; `policy` itself when it is of another class or looks at states in another
            way than this one knows.
        """
        if type(policy) is not MemoizationPolicy:
            return policy
        if type(policy.featurizer) is not MaxHistoryTrackerFeaturizer:
            return policy
        indexed: IndexedStories = object.__new__(cls)
        indexed.__dict__.update(policy.__dict__)
        indexed.build_index()
        return indexed

    def build_index(self) -> None:
        """Reads what was learned into the index."""
        packed = self.config["enable_feature_string_compression"]
        self._stories = {
            _unpacked(states) if packed else states: action
            for states, action in self.lookup.items()
        }

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predicts the action of the story that went like the last states (see the parent class).

        Args:
            tracker: the conversation so far.
            domain: the model's domain.
            rule_only_data: slots and forms that only rules know.
            **kwargs: see the parent class.
        """
        moments = tracker.moments() if isinstance(tracker, ReplayingTracker) else None
        if moments is None:
            return super().predict_action_probabilities(tracker, domain, rule_only_data, **kwargs)
        history = self.featurizer.max_history or None
        states = without_unlikely(story_states(moments, domain, rule_only_data, history))
        action = self._stories.get(_key(states))
        result = (
            self._default_predictions(domain)
            if action is None
            else self._prediction_result(action, tracker, domain)
        )
        return PolicyPrediction(result, MemoizationPolicy.__name__, self.priority)


def _key(states: list[State]) -> str:
    """What a story's states are written as when it is learned."""
    last = len(states) - 1
    heard = [as_heard(state, last=at == last) for at, state in enumerate(states)]
    return json.dumps(heard, sort_keys=True).replace('"', "")


def _unpacked(states: str) -> str:
    return zlib.decompress(base64.b64decode(states)).decode()
