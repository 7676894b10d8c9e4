"""A turn's values go from function to function as one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

WORKER = Path(__file__).parents[3] / "bot" / "worker"
MOST = 5


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a module with the number of its parameters, without `self`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name != "__init__":
            given = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            yield node.name, sum(each.arg not in ("self", "cls") for each in given)


@pytest.mark.parametrize("path", sorted(WORKER.glob("*.py")), ids=lambda path: path.stem)
def test_no_function_takes_a_clump_of_values(path: Path) -> None:
    """A sixth parameter is a value that has no name yet; see `bot.worker.turn_context`."""
    assert [name for name, count in functions(path) if count > MOST] == []
