"""A graph is run in the order its components need each other, and only as far as is wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import GraphSchema, SchemaNode

from bot.core.graph_runner import SequentialGraphRunner


def schema(needs: dict[str, dict[str, str]], *targets: str) -> GraphSchema:
    return GraphSchema(
        {
            name: SchemaNode(
                needs=wanted, uses=RulePolicy, constructor_name="load", fn="run", config={},
                is_target=name in targets,
            )
            for name, wanted in needs.items()
        }
    )  # fmt: skip


def nodes(ran: list[str], *names: str) -> dict[str, Any]:
    """Components that note that they ran and answer with their name and what they were given."""

    def node(name: str) -> Callable[..., tuple[str, str]]:
        def call(*given: tuple[str, str]) -> tuple[str, str]:
            ran.append(name)
            return name, f"{name}({', '.join(value for _, value in given)})"

        return call

    return {name: node(name) for name in names}


GRAPH = {
    "last": {"a": "middle", "b": "first"},
    "middle": {"a": "first", "b": "__message__"},
    "first": {"a": "__message__"},
    "aside": {"a": "first"},
}


def test_each_component_runs_once_after_what_it_needs() -> None:
    """Also when the schema lists them in another order; inputs come by name."""
    ran: list[str] = []
    runner = SequentialGraphRunner(schema(GRAPH, "last"), nodes(ran, *GRAPH))
    result = runner.run({"__message__": "m"}, ["last"])
    assert result == {"last": "last(middle(first(m), m), first(m))"}
    assert ran == ["first", "middle", "last"]


def test_only_what_the_targets_need_is_run() -> None:
    """Another target, another plan; without targets the graph's own."""
    ran: list[str] = []
    runner = SequentialGraphRunner(schema(GRAPH, "aside"), nodes(ran, *GRAPH))
    assert set(runner.run({"__message__": "m"}, ["first", "aside"])) == {"first", "aside"}
    assert ran == ["first", "aside"]
    assert list(runner.run({"__message__": "m"})) == ["aside"]


def test_nothing_is_kept_between_runs() -> None:
    """The next message is not answered with the previous one."""
    runner = SequentialGraphRunner(schema(GRAPH, "first"), nodes([], *GRAPH))
    assert runner.run({"__message__": "one"}) == {"first": "first(one)"}
    assert runner.run({"__message__": "two"}) == {"first": "first(two)"}


def test_what_a_component_raises_comes_out() -> None:
    """The turn fails as a whole, and the worker hands over."""

    def fail(*_: object) -> tuple[str, str]:
        raise RuntimeError("broken")

    runner = SequentialGraphRunner(schema(GRAPH, "first"), {**nodes([], *GRAPH), "first": fail})
    with pytest.raises(RuntimeError, match="broken"):
        runner.run({"__message__": "m"})
