"""Says when an assistant has stories that nothing learns from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import GraphSchema
from rasa.shared.core.training_data.structures import RuleStep, StoryGraph

#: Where Loket's own policies stand; none of them follows a story.
_LOKET: Final = "bot.core.policies.knowledge_policy", "bot.core.policies.safeguard_policy"


def unread(stories: StoryGraph, schema: GraphSchema) -> str:
    """A sentence about stories that no policy follows; empty when there is no such story.

    Args:
        stories: the stories and rules of an assistant.
        schema: the graph that predicts.
    """
    written = [step for step in stories.story_steps if not isinstance(step, RuleStep)]
    policies = {node.uses for node in schema.nodes.values() if issubclass(node.uses, Policy)}
    if not written or any(_follows(policy) for policy in policies):
        return ""
    names = ", ".join(_named(step.block_name for step in written))
    return (
        f"No policy follows a story, so these change nothing: {names}. Add `- name: "
        "MemoizationPolicy` to config.yml under `policies:`, or write them as rules."
    )


def _follows(policy: type[Policy]) -> bool:
    """Rules alone are what RulePolicy follows; of a policy that is unknown it is not known."""
    return not issubclass(policy, RulePolicy) and policy.__module__ not in _LOKET


def _named(names: Iterable[str | None]) -> list[str]:
    found = [f'"{name}"' for name in dict.fromkeys(names) if name]
    return [*found[:3], f"and {len(found) - 3} more"] if len(found) > 3 else found
