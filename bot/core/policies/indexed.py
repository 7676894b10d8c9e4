"""Gives Rasa's policies, once they are loaded, an index of what they learned."""

from __future__ import annotations

from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import GraphComponent

from bot.core.policies.indexed_rules import IndexedRules
from bot.core.policies.memoised_stories import IndexedStories


def indexed(component: GraphComponent) -> GraphComponent:
    """The component with an index, if it is one of Rasa's policies that has one here.

    Training and the stored model are Rasa's: with `rasa shell` or another version of Rasa the same
    model predicts the same, only slower.

    Args:
        component: of a loaded model.
    """
    if isinstance(component, RulePolicy):
        return IndexedRules.taking_over(component)
    if isinstance(component, MemoizationPolicy):
        return IndexedStories.taking_over(component)
    return component
