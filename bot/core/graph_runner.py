"""Runs a trained graph one component after the other, in this thread.

Rasa runs its graphs with Dask, which plans each run anew and is made for work that is spread out.
A turn runs a graph some four times, always the same dozen components in the same order: planned
once, a run is a loop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage

from bot.core.policies.indexed import indexed
from bot.core.rasa_patches import loaded_graph, replace_components


@dataclass(frozen=True, slots=True)
class _Step:
    """One component to run.

    Attributes:
        name: of its node in the graph.
        node: the loaded component.
        needs: whose output it takes.
    """

    name: str
    node: GraphNode
    needs: tuple[str, ...]


class SequentialGraphRunner(GraphRunner):
    """A loaded graph; each set of targets is planned at its first run."""

    def __init__(self, schema: GraphSchema, nodes: Mapping[str, GraphNode]) -> None:
        """Keeps a graph and its loaded components; use `create` or `taking_over`."""
        self._schema = schema
        self._nodes = dict(nodes)
        self._plans: dict[tuple[str, ...], tuple[_Step, ...]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> SequentialGraphRunner:
        """Loads the components of a graph (see the parent class)."""
        return cls.taking_over(
            DaskGraphRunner.create(graph_schema, model_storage, execution_context, hooks)
        )

    @classmethod
    def taking_over(cls, runner: DaskGraphRunner) -> SequentialGraphRunner:
        """The same graph with the components that Rasa has loaded already.

        Policies that have a quicker form of their own get it.
        """
        replace_components(runner, indexed)
        return cls(*loaded_graph(runner))

    def run(
        self, inputs: Mapping[str, Any] | None = None, targets: Sequence[str] | None = None
    ) -> dict[str, Any]:
        """Runs what the targets need.

        Args:
            inputs: values that components ask for by name, such as the message.
            targets: nodes whose output is wanted; the graph's own when None.

        Returns:
            The output of each target.

        Raises:
            Exception: whatever a component raised.
        """
        wanted = tuple(targets or self._schema.target_names)
        plan = self._plans.get(wanted)
        if plan is None:
            plan = self._plans[wanted] = tuple(self._planned(wanted))
        done: dict[str, Any] = dict(inputs or {})
        for step in plan:
            _, done[step.name] = step.node(*((name, done[name]) for name in step.needs))
        return {name: done[name] for name in wanted}

    def _planned(self, targets: tuple[str, ...]) -> list[_Step]:
        """The steps to run for these targets, each component after those it needs."""
        schema = self._schema.minimal_graph_schema(list(targets))
        steps: list[_Step] = []
        planned: set[str] = set()

        def plan(name: str) -> None:
            if name in planned or name not in schema.nodes:  # not a node: an input
                return
            planned.add(name)
            needs = tuple(dict.fromkeys(schema.nodes[name].needs.values()))
            for need in needs:
                plan(need)
            steps.append(_Step(name, self._nodes[name], needs))

        for target in targets:
            plan(target)
        return steps
