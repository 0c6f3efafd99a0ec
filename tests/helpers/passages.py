"""Which passages of the lessons the pages really show, read from their source.

A passage counts when its name reaches `lessons.show` or `lessons.text`: written there, or by way of variables, tables
(imported ones, too), parameters of functions, and names put together such as f"{stem}.try". A comment, a docstring, or
the same words in another place don't count.
"""

from __future__ import annotations

import ast
import functools
import itertools
from collections.abc import Iterable, Iterator, Mapping

SHOWERS = ("show", "text")
# Functions whose result holds what they are given. Classes, methods and Streamlit's widgets are looked through, too.
THROUGH = ("enumerate", "list", "reversed", "sorted", "tuple", "zip")
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Scope = ast.Module | Function
Texts = frozenset[str]


class Pages:
    """The source of all pages and of what they import.

    Args:
        sources: Python text by the module's dotted name.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._trees = {name: ast.parse(source) for name, source in sources.items()}
        self._parents = {
            child: parent
            for tree in self._trees.values()
            for parent in ast.walk(tree)
            for child in ast.iter_child_nodes(parent)
        }
        self._calls: dict[str, list[ast.Call]] = {}
        for tree in self._trees.values():
            for call in ast.walk(tree):
                if isinstance(call, ast.Call):
                    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
                    self._calls.setdefault(name, []).append(call)

    def shown(self) -> Texts:
        """Names that reach the lessons.

        Raises:
            AssertionError: of a call nobody can tell what it shows.
        """
        found: set[str] = set()
        for name, tree in self._trees.items():
            for call in ast.walk(tree):
                if isinstance(call, ast.Call) and _shows(call):
                    texts = self._texts(call.args[0], frozenset())
                    assert texts, f"{name}, line {call.lineno}: nobody can tell what {ast.unparse(call):.80} shows"
                    found |= texts
        return frozenset(found)

    def _texts(self, node: ast.AST, seen: frozenset[tuple[ast.AST, str]]) -> Texts:
        """Every text that an expression may stand for."""
        match node:
            case ast.Constant(value=str(text)):
                return frozenset([text])
            case ast.JoinedStr(values=parts):
                options = [sorted(self._texts(part, seen)) for part in parts]
                return frozenset(map("".join, itertools.product(*options)))
            case ast.Name(id=name):
                return self._of_name(name, node, seen)
            case ast.Compare():
                return frozenset()
            case ast.IfExp(body=first, orelse=second):
                return self._texts(first, seen) | self._texts(second, seen)
            case ast.Subscript(value=whole) | ast.Attribute(value=whole):
                return self._texts(whole, seen)
            case ast.Call(func=ast.Name(id=name)) if name[0].islower() and name not in THROUGH:
                return frozenset()
        return frozenset().union(*(self._texts(child, seen) for child in ast.iter_child_nodes(node)))

    def _of_name(self, name: str, node: ast.AST, seen: frozenset[tuple[ast.AST, str]]) -> Texts:
        """What a variable may hold: of the nearest scope that gives it a value."""
        for scope in self._scopes(node):
            values = [*_bindings(scope).get(name, ()), *self._handed_in(scope, name), *self._imported(scope, name)]
            if values and (scope, name) not in seen:
                return frozenset().union(*(self._texts(value, seen | {(scope, name)}) for value in values))
        return frozenset()

    def _scopes(self, node: ast.AST) -> Iterator[Scope]:
        """The functions around a place from the innermost to the outermost, then the module."""
        while node in self._parents:
            node = self._parents[node]
            if isinstance(node, Scope):
                yield node

    def _handed_in(self, scope: Scope, name: str) -> Iterator[ast.expr]:
        """What callers hand in for a parameter; of a private function, callers in its own file."""
        if not isinstance(scope, ast.FunctionDef):
            return
        parameters = [each.arg for each in (*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs)]
        if name not in parameters:
            return
        place = parameters.index(name)
        for call in self._calls.get(scope.name, ()):
            if not scope.name.startswith("_") or self._module(call) is self._module(scope):
                yield from call.args[place : place + 1]
                yield from (keyword.value for keyword in call.keywords if keyword.arg == name)

    def _imported(self, scope: Scope, name: str) -> Iterator[ast.expr]:
        """What another file assigns to a name that is imported from it."""
        for module, original in _imports(scope).get(name, ()):
            if module in self._trees:
                yield from _bindings(self._trees[module]).get(original, ())

    def _module(self, node: ast.AST) -> ast.AST:
        while node in self._parents:
            node = self._parents[node]
        return node


def _shows(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id="lessons"), attr=attribute):
            return attribute in SHOWERS
    return False


@functools.cache
def _bindings(scope: Scope) -> dict[str, list[ast.expr]]:
    """The expressions that a scope assigns to its variables or lets them run through."""
    bound: dict[str, list[ast.expr]] = {}
    for node in _inside(scope):
        match node:
            case ast.Assign(targets=targets, value=value):
                pass
            case (
                ast.AnnAssign(target=target, value=ast.expr() as value)
                | ast.NamedExpr(target=target, value=value)
                | ast.For(target=target, iter=value)
                | ast.comprehension(target=target, iter=value)
            ):
                targets = [target]
            case _:
                continue
        for name in {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}:
            bound.setdefault(name, []).append(value)
    return bound


@functools.cache
def _imports(scope: Scope) -> dict[str, list[tuple[str, str]]]:
    """By name in a scope: the modules that it is imported from, and its names there."""
    imported: dict[str, list[tuple[str, str]]] = {}
    for node in _inside(scope):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                imported.setdefault(alias.asname or alias.name, []).append((node.module, alias.name))
    return imported


def _inside(scope: Scope) -> Iterator[ast.AST]:
    """The nodes of a scope without those of the functions in it."""
    waiting: list[ast.AST] = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Function):
            waiting.extend(ast.iter_child_nodes(node))


def unused(passages: Iterable[str], sources: Mapping[str, str]) -> list[str]:
    """Passages that no page shows."""
    return sorted(set(passages) - Pages(sources).shown())
