"""Reduces a Python module to what it declares, without what its functions do. Pure.

A model is made from the tasks that `actions/` declares (names, slots, proofs), not from what their
actions do. So a change within a function asks for no new model, and a change of a declaration does.
"""

from __future__ import annotations

import ast
from typing import TypeVar

_Function = TypeVar("_Function", ast.FunctionDef, ast.AsyncFunctionDef)


def declarations(source: bytes) -> bytes:
    """The module without docstrings, comments and bodies of functions; in a form of its own.

    Args:
        source: a module's text.

    Returns:
        Text that differs when a declaration differs. All of the source when it is no valid Python:
        its import tells what is wrong with it.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return source
    return ast.dump(_Declared().visit(tree)).encode()


class _Declared(ast.NodeTransformer):
    """Empties functions and takes docstrings away; a function that only gives a value stays."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        return self._without_body(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        return self._without_body(node)

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        return None if isinstance(node.value, ast.Constant) else node

    def _without_body(self, node: _Function) -> _Function:
        body = [each for each in node.body if not _is_text(each)]
        # `def name(self): return "action_renew_card"` is a declaration.
        gives = len(body) == 1 and isinstance(body[0], ast.Return)
        node.body = body if gives else []
        return node


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
