"""Functions of LayerLab as they stand in a script for somebody else: with all that they need, without annotations."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType

Statement = ast.stmt


def source_lines(module: ModuleType, *names: str) -> list[str]:
    """The statements of a module that these names rest on, in the module's order.

    Args:
        module: imports numpy as `np`, and nothing else of other packages that the names rest on.
        names: functions, classes or constants at its top level.

    Returns:
        Python without annotations and docstrings, which are for LayerLab's own readers. Imports of the standard library
        come along; `np` is expected.
    """
    statements = ast.parse(inspect.getsource(module)).body
    makers: dict[str, list[Statement]] = {}
    for statement in statements:
        for name in _made(statement):
            makers.setdefault(name, []).append(_Bare().visit(statement))
    needed: set[Statement] = set()
    waiting = list(names)
    while waiting:
        for statement in makers.get(waiting.pop(), []):
            if statement not in needed:
                needed.add(statement)
                waiting += [node.id for node in ast.walk(statement) if isinstance(node, ast.Name)]
    return list(_spaced([statement for statement in statements if statement in needed]))


def _made(statement: Statement) -> list[str]:
    """Names that a statement of the top level gives a value."""
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=[ast.Name(id=name)]):
            return [name]
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.AugAssign(target=ast.Name(id=name)):
            return [name]
        case ast.Import(names=[ast.alias(name=name, asname=None)]):
            return [name]
    return []


def _spaced(statements: list[Statement]) -> Iterator[str]:
    """Source, with two empty lines around functions and classes."""
    large = False
    for place, statement in enumerate(statements):
        before, large = large, isinstance(statement, ast.FunctionDef | ast.ClassDef)
        if place and (large or before):
            yield from ("", "")
        yield from ast.unparse(statement).splitlines()


class _Bare(ast.NodeTransformer):
    """Takes out annotations, docstrings, and the types that a class is made of (`dict[int, int]`)."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.returns = None
        for argument in node.args.args:
            argument.annotation = None
        node.body = _without_docstring(node.body)
        self.generic_visit(node)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        node.bases = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
        node.body = _without_docstring(node.body)
        self.generic_visit(node)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        return node if node.value is None else ast.copy_location(ast.Assign([node.target], node.value), node)


def _without_docstring(body: list[Statement]) -> list[Statement]:
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest] if rest:
            return rest
    return body
