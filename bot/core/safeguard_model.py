"""Refuses a trained model in which one of the four safeguards would not work.

A model may have been trained elsewhere, by another version or by Rasa alone, so what it holds is
looked at when it is loaded. What is needed stands in `bot.core.safeguard_table`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.engine.graph import GraphComponent, GraphSchema
from rasa.shared.core.domain import Domain

from bot.core.components.escape_word import EscapeWordDetector
from bot.core.policies.safeguard_policy import SafeguardPolicy
from bot.core.safeguard_domain import domain_problems
from bot.core.safeguard_problem import Problem
from bot.core.safeguard_table import DETECTOR, POLICY, RULE_POLICY, SAFEGUARDS

_NEEDED: Final[Mapping[str, type[GraphComponent]]] = {
    DETECTOR: EscapeWordDetector,
    POLICY: SafeguardPolicy,
    RULE_POLICY: RulePolicy,
}


def model_problems(name: str, domain: Domain, graph: GraphSchema) -> Iterator[Problem]:
    """Finds what the safeguards lack in a model.

    Args:
        name: how the model is called in what is said.
        domain: the domain it was trained with.
        graph: the components that a message goes through.
    """
    yield from domain_problems(domain.as_dict(), name)
    yield from graph_problems(name, graph)


def graph_problems(name: str, graph: GraphSchema) -> Iterator[Problem]:
    """Finds what the safeguards lack among a graph's components; classes tell what files cannot."""
    used = [node.uses for node in graph.nodes.values()]
    for safeguard in SAFEGUARDS:
        for needed in (*safeguard.components, *safeguard.policies):
            if not any(issubclass(each, _NEEDED[needed]) for each in used):
                yield Problem(name, None, f"{safeguard.title} needs {needed}, which is not there.")
    ranks = {
        node.uses: float({**node.uses.get_default_config(), **node.config}.get("priority", 1))
        for node in graph.nodes.values()
        if issubclass(node.uses, Policy)
    }
    ours = max(
        (rank for policy, rank in ranks.items() if issubclass(policy, SafeguardPolicy)),
        default=None,
    )
    if ours is None:
        return
    for policy, rank in ranks.items():
        if rank >= ours and not issubclass(policy, SafeguardPolicy):
            yield Problem(
                name,
                None,
                f"SafeguardPolicy must win from every other policy, but has priority {ours:g} and "
                f"{policy.__name__} {rank:g}.",
            )


def rule_problems(name: str, rules: RulePolicy) -> Iterator[Problem]:
    """Finds what the safeguards lack among the rules that a policy has learned."""
    learned = {
        (user.get("intent"), action)
        for states, action in (rules.lookup.get(RULES) or {}).items()
        if (user := _only_user(states)) is not None
    }
    for safeguard in SAFEGUARDS:
        for intent, action in safeguard.rules:
            if (intent, action) not in learned:
                yield Problem(
                    name,
                    None,
                    f"{safeguard.title} needs a rule by which {intent} leads to {action}.",
                )


def _only_user(states: str) -> Mapping[str, object] | None:
    """The condition of a learned rule on the message; None if it also asks for what came before."""
    steps = json.loads(states)
    if len(steps) != 1 or set(steps[0]) - {"user", "prev_action"}:
        return None
    user = steps[0].get("user") or {}
    return user if set(user) == {"intent"} else None
